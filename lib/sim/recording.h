// What the clock is told of a run. Private to lib/sim.
//
// Each function notes the call that `self` is in, and does nothing when no
// clock listens. Calls that may block are noted before they do.

#ifndef TESSERA_LIB_SIM_RECORDING_H
#define TESSERA_LIB_SIM_RECORDING_H

#include "internal.h"

#include <assert.h>

void record_event(thread *self, tsr_clock_event event);

// Nothing but the call itself.
static inline void record_call(thread *self, tsr_clock_kind kind) {
  if (self->stream)
    record_event(self, (tsr_clock_event){.kind = (uint8_t)kind});
}

static inline void record_cb(thread *self, tsr_clock_kind kind, uint32_t cb,
                             uint32_t pages) {
  if (self->stream)
    record_event(self, (tsr_clock_event){.kind = (uint8_t)kind,
                                         .cb = {.cb = cb, .pages = pages}});
}

// `other`: the end that is not this core.
void record_transfer(thread *self, tsr_clock_kind kind, endpoint other,
                     tsr_clock_noc_event what);

// `to`: in NoC coordinates.
void record_multicast(thread *self, const rectangle *to,
                      tsr_clock_noc_event what);

// `transaction`: of one number, or TSR_CLOCK_ALL_TRANSACTIONS.
static inline void record_barrier(thread *self, tsr_clock_kind kind,
                                  uint8_t transaction) {
  if (self->stream)
    record_event(self, (tsr_clock_event){.kind = (uint8_t)kind,
                                         .noc = {.noc = (uint8_t)self->noc,
                                                 .transaction = transaction}});
}

// `word`: in this core's L1.
void record_word(thread *self, tsr_clock_kind kind,
                 const volatile uint32_t *word, uint32_t value);

// An op of the compute engine; `what` says what is not in `config`.
void record_op(thread *self, tsr_clock_kind kind, tsr_sim_config config,
               tsr_clock_compute_event what);

static_assert(TSR_SIM_SFPU_COUNT <= UINT8_MAX, "an event has a byte for it");

static inline void record_sfpu(thread *self, tsr_clock_kind kind,
                               tsr_sim_sfpu op) {
  if (self->stream)
    record_event(self, (tsr_clock_event){.kind = (uint8_t)kind,
                                         .compute = {.sfpu = (uint8_t)op}});
}

// The same for an op whose cost is that of a cycle, so many times.
static inline void record_sfpu_cycles(thread *self, tsr_sim_sfpu op,
                                      uint32_t cycles) {
  assert(cycles <= UINT16_MAX);
  if (self->stream)
    record_event(self,
                 (tsr_clock_event){.kind = TSR_CLOCK_SFPU,
                                   .compute = {.sfpu = (uint8_t)op,
                                               .depth = (uint16_t)cycles}});
}

// Tells the clock of a program whose threads are on their cores, and that it
// has ended.
void begin_recording(tsr_sim_program *program);
void end_recording(tsr_sim *sim);

#endif
