// Byte ranges over the circular buffers of a core: in which buffers the bytes
// of an access lie, and in which of their pages. This is geometry only; who may
// use what is access.c's.
//
// Buffers may share bytes, lie apart, and hold no page at all; pages that are
// handed over go on at the start of their buffer. Addresses are those that the
// core knows, in 64 bits, for what begins below 2^32 may end there or behind.
//
// Private to lib/sim.

#ifndef TESSERA_LIB_SIM_RANGES_H
#define TESSERA_LIB_SIM_RANGES_H

#include "internal.h"

// From the first byte to the one behind the last.
typedef struct byte_range {
  uint64_t from;
  uint64_t to;
} byte_range;

static inline byte_range range_from(uint32_t l1, uint64_t bytes) {
  return (byte_range){l1, l1 + bytes};
}

static inline bool range_has(byte_range range, uint64_t at) {
  return at >= range.from && at < range.to;
}

// What both have; empty (`from` is not below `to`) when that is nothing.
static inline byte_range range_common(byte_range a, byte_range b) {
  return (byte_range){a.from > b.from ? a.from : b.from,
                      a.to < b.to ? a.to : b.to};
}

static inline byte_range cb_range(const cb_state *cb) {
  return range_from(cb->l1, (uint64_t)cb->page_count * cb->page_bytes);
}

// -- Pages --------------------------------------------------------------------

// Pages of a buffer, which go on at its start.
typedef struct page_run {
  const cb_state *cb;
  uint64_t first; // below the buffer's page count
  uint64_t count; // all, when that is more than there are
} page_run;

// True when all of `bytes`, which are not none, lie in the pages one behind the
// other, as a transfer takes them: what goes on at the buffer's start does not.
bool pages_hold(page_run pages, byte_range bytes);

// The first of `bytes` that lies in the pages; `bytes.to`: none does.
uint64_t pages_first(page_run pages, byte_range bytes);

// -- Pages that others fill (freed.c) -----------------------------------------

// Between epochs: other cores see the buffer as it is now.
void show_pops(cb_state *cb);

// The first of `bytes` of `cb` of core `of` in a page whose last pop is not
// known; `bytes.to`: there is none.
uint64_t first_unheard(const knowledge *known, const core *of,
                       const cb_state *cb, byte_range bytes);

// -- Buffers ------------------------------------------------------------------

// The next buffer of a core that the byte at `at` is in, beginning with number
// `*io_next` of those that exist; NULL: there is none any more.
static inline cb_state *next_holder(const core *on, size_t *io_next,
                                    uint64_t at) {
  while (*io_next < on->cb_count) {
    cb_state *cb = &on->cbs[on->cb_ids[(*io_next)++]];
    if (range_has(cb_range(cb), at))
      return cb;
  }
  return NULL;
}

// The part of `bytes` that begins with the first and lies in the same buffers
// to its last.
byte_range first_piece(const core *on, byte_range bytes);

#endif
