// Whether a core can know that pages of another one's circular buffers are free
// again: it must have heard of the step in which they were popped
// (knowledge.h).

#include "ranges.h"

void note_pops(core *on, cb_state *cb, uint32_t pages) {
  if (on->sim->strict == TSR_SIM_STRICT_OFF)
    return;
  if (!cb->popped_in)
    cb->popped_in = tsr_mem_zeroed(cb->page_count, sizeof *cb->popped_in);
  for (uint32_t i = 0; i < pages; i++)
    cb->popped_in[(cb->read_page + i) % cb->page_count] = current_step(on);
}

void show_pops(cb_state *cb) {
  uint64_t count = cb->popped - cb->seen_popped;
  cb->seen_popped = cb->popped;
  if (!cb->popped_in || count == 0)
    return;
  if (!cb->seen_popped_in)
    cb->seen_popped_in =
        tsr_mem_zeroed(cb->page_count, sizeof *cb->seen_popped_in);
  count = count < cb->page_count ? count : cb->page_count;
  for (uint64_t i = 1; i <= count; i++) {
    uint64_t page = (cb->read_page + cb->page_count - i) % cb->page_count;
    cb->seen_popped_in[page] = cb->popped_in[page];
  }
}

uint64_t first_unheard(const knowledge *known, const core *of,
                       const cb_state *cb, byte_range bytes) {
  if (!cb->seen_popped_in)
    return bytes.to;
  uint64_t first = (bytes.from - cb->l1) / cb->page_bytes;
  for (uint64_t page = first; cb->l1 + page * cb->page_bytes < bytes.to; page++)
    if (!knows_step(known, of->index, cb->seen_popped_in[page]))
      return page == first ? bytes.from : cb->l1 + page * cb->page_bytes;
  return bytes.to;
}

void forget_pops(core *on) {
  for (size_t i = 0; i < on->cb_count; i++) {
    cb_state *cb = &on->cbs[on->cb_ids[i]];
    tsr_mem_resize(cb->popped_in, 0);
    tsr_mem_resize(cb->seen_popped_in, 0);
    cb->popped_in = cb->seen_popped_in = NULL;
  }
}
