// Which pages of circular buffers were written to since they were last pushed:
// a page that is handed over with nothing new in it holds what an earlier turn
// left there, and its reader computes with that.
//
// Every write that the model sees counts, of any part of a page, by whatever
// core: several may fill one, and a remainder is often left as it is. Buffers
// that share memory each have their own account, since one write may serve
// several of them.

#include "ranges.h"

#include "tessera/vector.h"

enum { PAGES_PER_WORD = 64 };

static uint64_t *bits_create(const cb_state *cb) {
  size_t capacity = 0;
  size_t words = cb->page_count / PAGES_PER_WORD + 1;
  return tsr_array_grow(NULL, NULL, &capacity, words, sizeof(uint64_t));
}

void written_init(cb_state *cb) {
  cb->written = bits_create(cb);
  cb->filled = bits_create(cb);
}

void written_deinit(cb_state *cb) {
  tsr_mem_resize(cb->written, 0);
  tsr_mem_resize(cb->filled, 0);
  cb->written = cb->filled = NULL;
}

// `bytes` are some of the buffer's.
static void mark_pages(cb_state *cb, byte_range bytes, bool is_written) {
  uint64_t last = (bytes.to - 1 - cb->l1) / cb->page_bytes;
  for (uint64_t page = (bytes.from - cb->l1) / cb->page_bytes; page <= last;
       page++) {
    uint64_t bit = (uint64_t)1 << page % PAGES_PER_WORD;
    cb->filled[page / PAGES_PER_WORD] |= bit;
    if (is_written)
      cb->written[page / PAGES_PER_WORD] |= bit;
  }
}

static void mark_bytes(const core *on, byte_range bytes, bool is_written) {
  for (size_t i = 0; i < on->cb_count; i++) {
    cb_state *cb = &on->cbs[on->cb_ids[i]];
    byte_range of_cb = range_common(cb_range(cb), bytes);
    if (cb->written && of_cb.from < of_cb.to)
      mark_pages(cb, of_cb, is_written);
  }
}

void mark_written(const core *on, uint32_t l1, uint32_t bytes) {
  mark_bytes(on, range_from(l1, bytes), true);
}

void mark_reachable(const thread *self, cb_state *cb) {
  if (!cb->written || cb->is_reachable || self->code->config.is_compute)
    return;
  cb->is_reachable = true;
  mark_bytes(self->home, cb_range(cb), false);
}

bool was_filled(const cb_state *cb, uint32_t page) {
  return !cb->filled || page >= cb->page_count ||
         (cb->filled[page / PAGES_PER_WORD] >> page % PAGES_PER_WORD & 1) != 0;
}

// True when nothing was written to the page; forgets what was.
static bool take_unwritten(cb_state *cb, uint32_t page) {
  uint64_t bit = (uint64_t)1 << page % PAGES_PER_WORD;
  uint64_t *word = &cb->written[page / PAGES_PER_WORD];
  bool was_written = (*word & bit) != 0;
  *word &= ~bit;
  return !was_written;
}

// Forgets what was written to the next `pages`; true when nothing was.
static bool take_all_unwritten(cb_state *cb, uint32_t pages) {
  bool all = true;
  for (uint32_t i = 0; i < pages; i++)
    if (!take_unwritten(cb, (cb->write_page + i) % cb->page_count))
      all = false;
  return all;
}

// What writes the pages of a compute kernel is the packer, and an IR kernel has
// only ops. A C++ data movement kernel may hand over a constant tile again, or
// a page as a signal.
static bool must_write(const thread *self) {
  return self->code->config.is_compute || self->home->sim->op_name;
}

// Of a group some pages may stay what they are: those of a block that reaches
// beyond its tensor, and in C++ those that topk does not merge.
void check_written(thread *self, cb_state *cb, uint32_t pages) {
  if (!cb->written || !pages || !take_all_unwritten(cb, pages) ||
      !must_write(self))
    return;
  break_rule(self,
             "pushes page %u of %s, to which nothing new was written: %s must "
             "come first",
             cb->write_page, cb->label,
             name_call(self, self->code->config.is_compute
                                 ? CALL_pack_tile
                                 : CALL_noc_async_read_page));
}
