// What unpack tells math and pack: words of tiles, which it alone may read.

#include "compute.h"

#include <string.h>

static void send(thread *self, uint32_t box, uint32_t word) {
  block(self, (wait_state){.kind = WAIT_MAIL_FREE, .amount = box});
  mailbox *to = &self->home->engine->mail[box];
  to->words[to->sent++ % MAIL_WORDS] = word;
}

static uint32_t take(thread *self, uint32_t box) {
  block(self, (wait_state){.kind = WAIT_MAIL_FULL, .amount = box});
  mailbox *from = &self->home->engine->mail[box];
  return from->words[from->taken++ % MAIL_WORDS];
}

// What unpack found out, on each of the three threads.
static uint32_t share(thread *self, uint32_t word) {
  if (self->processor != TSR_SIM_UNPACK)
    return take(self, self->processor == TSR_SIM_PACK);
  send(self, 0, word);
  send(self, 1, word);
  return word;
}

uint32_t tsr_sim_tile_address(uint32_t cb, uint32_t tile, tsr_sim_where where) {
  thread *self = enter("get_tile_address", where);
  bool knows = self->processor == TSR_SIM_UNPACK;
  const char *at = knows ? fronted_tile(self, cb, tile) : NULL;
  // As get_read_ptr has it.
  return share(self, (uint32_t)(uintptr_t)at);
}

uint32_t tsr_sim_tile_word(uint32_t cb, uint32_t tile, uint32_t word,
                           tsr_sim_where where) {
  thread *self = enter("read_tile_value", where);
  uint32_t value = 0;
  if (self->processor == TSR_SIM_UNPACK) {
    const char *at = fronted_tile(self, cb, tile);
    if (word >= find_cb(self, cb)->page_bytes / sizeof value)
      fail_call(self, "word %u of a tile of %u B", word,
                find_cb(self, cb)->page_bytes);
    memcpy(&value, at + (size_t)word * sizeof value, sizeof value);
  }
  return share(self, value);
}
