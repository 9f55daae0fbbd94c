// Whether a core can know that pages of another one's circular buffers are free
// again.
//
// A page is popped in some epoch. Who writes to it from another core later must
// have heard from there since: by a word or data that came, or from a third
// core that had heard. That it happens to be free is not enough: on the chip,
// whoever does not ask may be faster.
//
// No account is kept before the first data arrive in another core's memory:
// most programs have none that do.

#include "ranges.h"

// `a` is a later epoch than `b`; they are counted modulo 2^32.
static bool is_later(uint32_t a, uint32_t b) { return (int32_t)(a - b) > 0; }

static void keep_later(uint32_t *io_known, uint32_t epoch) {
  if (is_later(epoch, *io_known))
    *io_known = epoch;
}

// -- What cores hear ----------------------------------------------------------

// Everything before is taken for known.
static void begin_account(tsr_sim *sim) {
  for (uint32_t i = 0; i < sim->core_count; i++) {
    core *on = &sim->cores[i];
    on->known = tsr_mem_zeroed(sim->core_count, sizeof *on->known);
    on->heard = tsr_mem_zeroed(sim->core_count, sizeof *on->heard);
    for (uint32_t k = 0; k < sim->core_count; k++)
      on->known[k] = on->heard[k] = sim->schedule.epoch;
  }
  sim->schedule.account_began = sim->schedule.epoch;
}

static void learn(uint32_t *io_known, const uint32_t *from, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    keep_later(&io_known[i], from[i]);
}

static void learn_of(uint32_t *io_known, const core *from) {
  const tsr_sim *sim = from->sim;
  learn(io_known, from->known, sim->core_count);
  keep_later(&io_known[from->index], sim->schedule.epoch);
}

void reach_core(const core *from, const core *at, bool is_data) {
  tsr_sim *sim = from->sim;
  if (sim->strict == TSR_SIM_STRICT_OFF || at == from)
    return;
  if (!from->known) {
    if (!is_data)
      return;
    begin_account(sim);
  }
  learn_of(at->heard, from);
  sim->cores[at->index].has_news = true;
}

void look_at_core(core *on, const core *at) {
  if (!on->known || on == at)
    return;
  learn_of(on->known, at);
  learn(on->known, at->heard, on->sim->core_count); // it lies in its memory
}

void take_notice(thread *self) {
  core *on = self->home;
  if (!on->has_news)
    return;
  learn(on->known, on->heard, on->sim->core_count);
  on->has_news = false;
}

// -- What they do with their pages --------------------------------------------

void show_pops(cb_state *cb, const core *on) {
  uint64_t count = cb->popped - cb->seen_popped;
  cb->seen_popped = cb->popped;
  if (!on->known || count == 0)
    return;
  if (!cb->popped_in) {
    cb->popped_in = tsr_mem_zeroed(cb->page_count, sizeof *cb->popped_in);
    for (uint32_t i = 0; i < cb->page_count; i++)
      cb->popped_in[i] = on->sim->schedule.account_began;
  }
  count = count < cb->page_count ? count : cb->page_count;
  for (uint64_t i = 1; i <= count; i++)
    cb->popped_in[(cb->read_page + cb->page_count - i) % cb->page_count] =
        on->sim->schedule.epoch;
}

uint64_t first_unheard(const core *self, const core *of, const cb_state *cb,
                       byte_range bytes) {
  if (!cb->popped_in)
    return bytes.to;
  uint64_t first = (bytes.from - cb->l1) / cb->page_bytes;
  for (uint64_t page = first; cb->l1 + page * cb->page_bytes < bytes.to; page++)
    if (is_later(cb->popped_in[page], self->known[of->index]))
      return page == first ? bytes.from : cb->l1 + page * cb->page_bytes;
  return bytes.to;
}

void forget_pops(core *on) {
  for (size_t i = 0; i < on->cb_count; i++) {
    cb_state *cb = &on->cbs[on->cb_ids[i]];
    tsr_mem_resize(cb->popped_in, 0);
    cb->popped_in = NULL;
  }
  tsr_mem_resize(on->known, 0);
  tsr_mem_resize(on->heard, 0);
  on->known = on->heard = NULL;
  on->has_news = false;
}
