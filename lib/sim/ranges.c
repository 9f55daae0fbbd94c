// Where bytes lie among circular buffers.

#include "ranges.h"

// The bytes of pages: those up to the buffer's end, and those from its start
// on, which are never next to each other.
typedef struct page_bytes {
  byte_range parts[2];
} page_bytes;

static page_bytes bytes_of(page_run pages) {
  const cb_state *cb = pages.cb;
  byte_range all = cb_range(cb);
  if (pages.count >= cb->page_count)
    return (page_bytes){.parts = {all}};
  uint64_t from = all.from + pages.first * cb->page_bytes;
  uint64_t to = from + pages.count * cb->page_bytes;
  if (to <= all.to)
    return (page_bytes){.parts = {{from, to}}};
  return (page_bytes){
      .parts = {{from, all.to}, {all.from, all.from + (to - all.to)}}};
}

bool pages_hold(page_run pages, byte_range bytes) {
  page_bytes held = bytes_of(pages);
  for (int i = 0; i < 2; i++)
    if (range_has(held.parts[i], bytes.from) && bytes.to <= held.parts[i].to)
      return true;
  return false;
}

uint64_t pages_first(page_run pages, byte_range bytes) {
  page_bytes held = bytes_of(pages);
  uint64_t first = bytes.to;
  for (int i = 0; i < 2; i++) {
    byte_range common = range_common(held.parts[i], bytes);
    if (common.from < common.to && common.from < first)
      first = common.from;
  }
  return first;
}

// Cut at `to`, unless that is not within; what lies in front wraps around.
static uint64_t cut(uint64_t length, uint64_t to) {
  return to > 0 && to < length ? to : length;
}

byte_range first_piece(const core *on, byte_range bytes) {
  uint64_t length = bytes.to - bytes.from;
  for (size_t i = 0; i < on->cb_count; i++) {
    byte_range in = cb_range(&on->cbs[on->cb_ids[i]]);
    if (in.from == in.to)
      continue;
    length = cut(length, in.from - bytes.from);
    length = cut(length, in.to - bytes.from);
  }
  return (byte_range){bytes.from, bytes.from + length};
}
