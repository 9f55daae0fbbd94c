// Data movement: what goes over the NoC, and semaphores. When data arrive is
// the business of transfers.c.

#include "recording.h"

#include <string.h>

// Bits of a NoC address: the local address, then x and y. A multicast address
// has the start corner and then the end corner.
enum { LOCAL_BITS = 36, COORDINATE_BITS = 6 };

static uint64_t pack_address(uint32_t x, uint32_t y, uint64_t local) {
  return local | (uint64_t)x << LOCAL_BITS |
         (uint64_t)y << (LOCAL_BITS + COORDINATE_BITS);
}

static uint32_t address_field(uint64_t address, unsigned index) {
  unsigned shift = LOCAL_BITS + index * COORDINATE_BITS;
  return (uint32_t)(address >> shift) & (NOC_SIDE - 1);
}

static uint64_t address_local(uint64_t address) {
  return address & (((uint64_t)1 << LOCAL_BITS) - 1);
}

uint64_t tsr_sim_noc_address(uint32_t x, uint32_t y, uint32_t local) {
  return pack_address(x % NOC_SIDE, y % NOC_SIDE, local);
}

uint64_t tsr_sim_noc_address_self(uint32_t local) {
  const core *on = current_thread()->home;
  return pack_address(on->noc_x, on->noc_y, local);
}

bool tsr_sim_noc_is_self(uint64_t address) {
  const core *on = current_thread()->home;
  return address_field(address, 0) == on->noc_x &&
         address_field(address, 1) == on->noc_y;
}

uint64_t tsr_sim_noc_multicast_address(uint32_t x_start, uint32_t y_start,
                                       uint32_t x_end, uint32_t y_end,
                                       uint32_t local) {
  uint64_t end = (uint64_t)(x_end % NOC_SIDE) | (uint64_t)(y_end % NOC_SIDE)
                                                    << COORDINATE_BITS;
  return tsr_sim_noc_address(x_start, y_start, local) |
         end << (LOCAL_BITS + 2 * COORDINATE_BITS);
}

static uint64_t bank_address(thread *self, bool is_dram, uint32_t bank,
                             uint64_t local) {
  const tsr_sim *sim = self->home->sim;
  uint32_t count = is_dram ? sim->target.dram_banks : sim->core_count;
  if (bank >= count)
    fail_call(self, "bank %u, but there are %u", bank, count);
  if (is_dram)
    return pack_address(sim->target.dram_noc_x[bank],
                        sim->target.dram_noc_y[bank], local);
  return pack_address(sim->cores[bank].noc_x, sim->cores[bank].noc_y, local);
}

uint64_t tsr_sim_noc_address_of_bank(bool is_dram, uint32_t bank,
                                     uint32_t local, tsr_sim_where where) {
  thread *self = enter("get_noc_addr_from_bank_id", where);
  record_call(self, TSR_CLOCK_ADDRESS);
  return bank_address(self, is_dram, bank, local);
}

// Distance of pages in a bank.
static uint64_t page_stride(const memory_pool *in, uint32_t page_bytes) {
  return (page_bytes + (uint64_t)in->align - 1) / in->align * in->align;
}

uint64_t tsr_sim_noc_address_of_page(bool is_dram, uint32_t base,
                                     uint32_t page_bytes, uint32_t page,
                                     uint32_t offset, tsr_sim_where where) {
  thread *self = enter("get_noc_addr", where);
  record_call(self, TSR_CLOCK_ADDRESS);
  const memory_pool *in =
      &self->home->sim->memories[is_dram ? TSR_SIM_DRAM : TSR_SIM_L1];
  uint64_t local =
      base + page / in->bank_count * page_stride(in, page_bytes) + offset;
  return bank_address(self, is_dram, page % in->bank_count, local);
}

// The buffer at `base` if it is one from there on; NULL for a window into a
// buffer, where only the access itself can be checked.
static const allocation *buffer_of_page(thread *self, bool is_dram,
                                        uint32_t base, uint32_t page) {
  memory_pool *in =
      &self->home->sim->memories[is_dram ? TSR_SIM_DRAM : TSR_SIM_L1];
  const allocation *found = memory_find(in, base);
  if (!found)
    fail_call(self, "page %u of a %s buffer at address %u: there is no buffer",
              page, is_dram ? "DRAM" : "L1", base);
  return found->base == base ? found : NULL;
}

static void check_page_exists(thread *self, const allocation *of, bool is_dram,
                              uint32_t page) {
  if (page >= of->page_count)
    fail_call(self,
              "page %u is out of range: the %s buffer at address %u has "
              "%llu pages",
              page, is_dram ? "DRAM" : "L1", (uint32_t)of->base,
              (unsigned long long)of->page_count);
}

void tsr_sim_check_page(bool is_dram, uint32_t base, uint32_t page_bytes,
                        uint32_t page, tsr_sim_where where) {
  thread *self = enter("noc_async_read_page or noc_async_write_page", where);
  const memory_pool *in =
      &self->home->sim->memories[is_dram ? TSR_SIM_DRAM : TSR_SIM_L1];
  const char *name = is_dram ? "DRAM" : "L1";
  const allocation *found = buffer_of_page(self, is_dram, base, page);
  if (!found)
    return;
  if (found->shards)
    fail_call(self,
              "page %u of the %s buffer at address %u by way of an accessor of "
              "interleaved buffers, but it is sharded",
              page, name, base);
  if (page_stride(in, page_bytes) != found->page_stride)
    fail_call(self,
              "pages of %u B of a %s buffer at address %u whose pages "
              "have %u",
              page_bytes, name, base, found->page_bytes);
  check_page_exists(self, found, is_dram, page);
}

void tsr_sim_check_shard_page(bool is_dram, uint32_t base, uint32_t page_bytes,
                              uint32_t page, uint64_t address,
                              tsr_sim_where where) {
  thread *self = enter("noc_async_read_page or noc_async_write_page", where);
  const memory_pool *in =
      &self->home->sim->memories[is_dram ? TSR_SIM_DRAM : TSR_SIM_L1];
  const char *name = is_dram ? "DRAM" : "L1";
  const allocation *found = buffer_of_page(self, is_dram, base, page);
  if (!found)
    return;
  if (!found->shards)
    fail_call(self,
              "page %u of the %s buffer at address %u by way of an accessor of "
              "sharded buffers, but it is interleaved",
              page, name, base);
  check_page_exists(self, found, is_dram, page);
  if (page_bytes != found->page_stride)
    fail_call(self,
              "pages of %u B of a sharded %s buffer at address %u whose pages "
              "lie %u B apart: the accessor takes the aligned size",
              page_bytes, name, base, found->page_stride);
  page_place place = place_of_page(in, found, page);
  if (bank_address(self, is_dram, place.bank,
                   base + place.row * found->page_stride) != address)
    fail_call(self,
              "page %u of the sharded %s buffer at address %u lies elsewhere: "
              "the accessor's arguments are those of another buffer",
              page, name, base);
}

// -- Places -------------------------------------------------------------------

// Checks that `bytes` from `local` lie in L1 and returns where.
static char *l1_place(thread *self, core *of, uint64_t local, uint32_t bytes) {
  uint32_t at = (uint32_t)local & L1_MASK;
  uint32_t size = self->home->sim->target.l1_bytes;
  if (at >= size || bytes > size - at)
    fail_call(self,
              "L1 address 0x%x, %u B, is outside the %u B of L1 of core "
              "(%u,%u)",
              at, bytes, size, of->x, of->y);
  return of->l1 + at;
}

static char *dram_place(thread *self, uint32_t bank, uint64_t local,
                        uint32_t bytes) {
  tsr_sim *sim = self->home->sim;
  memory_pool *dram = &sim->memories[TSR_SIM_DRAM];
  const allocation *found = memory_find(dram, local);
  if (!found)
    fail_call(self, "DRAM address 0x%llx of bank %u lies in no buffer",
              (unsigned long long)local, bank);
  uint64_t into = local - found->base;
  uint64_t row = into / found->page_stride;
  bool exists = has_page_at(dram, found, bank, row);
  if (!exists && found->shards)
    fail_call(self,
              "DRAM address 0x%llx of bank %u lies in no shard of the buffer "
              "at address %llu",
              (unsigned long long)local, bank, (unsigned long long)found->base);
  if (!exists || bytes > found->bank_bytes - into)
    fail_call(self,
              "DRAM address 0x%llx of bank %u, %u B, is page %llu of a "
              "buffer of %llu pages",
              (unsigned long long)local, bank, bytes,
              (unsigned long long)(row * dram->bank_count + bank),
              (unsigned long long)found->page_count);
  return memory_at(sim, TSR_SIM_DRAM, found, bank, local);
}

// Where a unicast address lies; says whether that is DRAM.
static char *place_of(thread *self, uint64_t address, uint32_t bytes,
                      bool *out_is_dram) {
  tsr_sim *sim = self->home->sim;
  uint32_t x = address_field(address, 0), y = address_field(address, 1);
  endpoint at = sim->endpoints[y][x];
  *out_is_dram = at.kind == AT_DRAM;
  if (at.kind == AT_DRAM)
    return dram_place(self, at.index, address_local(address), bytes);
  if (at.kind != AT_CORE)
    fail_call(self,
              "NoC coordinates (%u,%u) are no worker core and no DRAM "
              "bank",
              x, y);
  return l1_place(self, &sim->cores[at.index], address_local(address), bytes);
}

static endpoint endpoint_of(const thread *self, uint64_t address) {
  return self->home->sim
      ->endpoints[address_field(address, 1)][address_field(address, 0)];
}

// Of a write that the clock must see: one word may be a semaphore.
static tsr_clock_noc_event describe_write(const char *from, uint64_t target,
                                          uint32_t bytes) {
  tsr_clock_noc_event what = {.bytes = bytes,
                              .address =
                                  (uint32_t)address_local(target) & L1_MASK,
                              .has_value = bytes == sizeof what.value};
  if (what.has_value)
    memcpy(&what.value, from, sizeof what.value);
  return what;
}

// An address as its core or bank counts it.
static uint64_t own_address(uint64_t address, bool is_dram) {
  return is_dram ? address_local(address) : address & L1_MASK;
}

static void check_alignment(thread *self, uint64_t source, uint64_t target,
                            uint32_t align, const char *what) {
  if (((source ^ target) & (align - 1)) != 0)
    break_rule(self,
               "%s needs source and target addresses that agree modulo "
               "%u B, but they are 0x%llx and 0x%llx",
               what, align, (unsigned long long)source,
               (unsigned long long)target);
}

// -- Transfers ----------------------------------------------------------------

static void count_write(thread *self) {
  self->writes++;
  self->last_write = begin_here(self);
}

// What a write takes from this core's L1 must be there.
static void check_source(thread *self, uint32_t l1, uint32_t bytes) {
  check_read_from(self, l1 & L1_MASK, bytes);
  check_landed(self, self->home->l1 + (l1 & L1_MASK), bytes);
}

// Where a write goes in a core's L1 must be free.
static void check_target(thread *self, uint64_t target, uint32_t bytes) {
  const tsr_sim *sim = self->home->sim;
  uint32_t x = address_field(target, 0), y = address_field(target, 1);
  check_remote_write(self, &sim->cores[sim->endpoints[y][x].index],
                     (uint32_t)address_local(target) & L1_MASK, bytes);
}

static void read_bytes(thread *self, uint64_t source, uint32_t l1,
                       uint32_t bytes, bool is_stateful) {
  const tsr_target *target = &self->home->sim->target;
  bool is_dram = false;
  const char *from = place_of(self, source, bytes, &is_dram);
  char *to = l1_place(self, self->home, l1, bytes);
  check_alignment(self, own_address(source, is_dram), l1 & L1_MASK,
                  is_dram ? target->dram_read_align : target->l1_read_align,
                  is_dram ? "a DRAM read" : "an L1 read");
  check_write_into(self, l1 & L1_MASK, bytes);
  check_left(self, self->home->threads[TSR_SIM_BRISC], to, bytes, "overwrites");
  check_left(self, self->home->threads[TSR_SIM_NCRISC], to, bytes,
             "overwrites");
  record_transfer(
      self, TSR_CLOCK_READ, endpoint_of(self, source),
      (tsr_clock_noc_event){.bytes = bytes, .stateful = is_stateful});
  begin_read(self, from, to, bytes);
}

void tsr_sim_noc_read(uint64_t source, uint32_t l1, uint32_t bytes,
                      tsr_sim_where where) {
  read_bytes(enter("noc_async_read", where), source, l1, bytes, false);
}

void tsr_sim_noc_write(uint32_t l1, uint64_t target, uint32_t bytes,
                       tsr_sim_where where) {
  thread *self = enter("noc_async_write", where);
  const tsr_target *chip = &self->home->sim->target;
  bool is_dram = false;
  char *to = place_of(self, target, bytes, &is_dram);
  const char *from = l1_place(self, self->home, l1, bytes);
  check_alignment(self, l1 & L1_MASK, own_address(target, is_dram),
                  is_dram ? chip->dram_write_align : chip->l1_write_align,
                  is_dram ? "a DRAM write" : "an L1 write");
  check_source(self, l1, bytes);
  if (!is_dram)
    check_target(self, target, bytes);
  record_transfer(self, TSR_CLOCK_WRITE, endpoint_of(self, target),
                  describe_write(from, target, bytes));
  post(self,
       (posted){.kind = POST_WRITE, .from = from, .to = to, .bytes = bytes});
  count_write(self);
}

void tsr_sim_noc_set_read_state(uint64_t source, uint32_t bytes,
                                tsr_sim_where where) {
  tsr_sim_noc_check_packet(bytes, where);
  thread *self = enter("noc_async_read_one_packet_set_state", where);
  record_call(self, TSR_CLOCK_READ_STATE);
  self->read_source = source - address_local(source);
  self->read_bytes = bytes;
}

void tsr_sim_noc_read_with_state(uint32_t local, uint32_t l1,
                                 tsr_sim_where where) {
  thread *self = enter("noc_async_read_one_packet_with_state", where);
  if (self->read_bytes == 0)
    fail_call(self, "no state was set");
  read_bytes(self, self->read_source | local, l1, self->read_bytes, true);
}

void tsr_sim_noc_check_packet(uint32_t bytes, tsr_sim_where where) {
  thread *self = enter("noc_async_read_one_packet", where);
  uint32_t limit = self->home->sim->target.noc_burst_bytes;
  if (bytes > limit)
    fail_call(self, "one packet of %u B, but the NoC takes %u", bytes, limit);
}

void tsr_sim_noc_write_word(uint64_t target, uint32_t value,
                            tsr_sim_where where) {
  thread *self = enter("noc_inline_dw_write", where);
  bool is_dram = false;
  char *to = place_of(self, target, sizeof value, &is_dram);
  if (is_dram)
    fail_call(self, "a word is written in place to L1 only, not to DRAM");
  check_alignment(self, 0, address_local(target), sizeof value, "a word write");
  record_transfer(self, TSR_CLOCK_WORD, endpoint_of(self, target),
                  describe_write((const char *)&value, target, sizeof value));
  post(self,
       (posted){
           .kind = POST_WRITE, .word = value, .to = to, .bytes = sizeof value});
  count_write(self);
}

// NoC 0 goes right and down, NoC 1 left and up,
// so the corners of NoC 1 come the other way round.
static rectangle multicast_rectangle(thread *self, uint64_t target) {
  uint32_t x0 = address_field(target, 0), y0 = address_field(target, 1);
  uint32_t x1 = address_field(target, 2), y1 = address_field(target, 3);
  bool swapped = self->code->config.noc == 1;
  rectangle to =
      swapped ? (rectangle){x1, y1, x0, y0} : (rectangle){x0, y0, x1, y1};
  if (to.x0 > to.x1 || to.y0 > to.y1)
    fail_call(self,
              "on NoC %u a multicast from (%u,%u) to (%u,%u) has its "
              "corners the wrong way round",
              self->code->config.noc, x0, y0, x1, y1);
  return to;
}

bool in_rectangle(const rectangle *to, const core *at) {
  return at->noc_x >= to->x0 && at->noc_x <= to->x1 && at->noc_y >= to->y0 &&
         at->noc_y <= to->y1;
}

// Checks every core that a multicast reaches and returns how many do.
static uint32_t check_targets(thread *self, const posted *write) {
  tsr_sim *sim = self->home->sim;
  uint32_t reached = 0;
  for (uint32_t i = 0; i < sim->core_count; i++) {
    core *at = &sim->cores[i];
    if (!in_rectangle(&write->rectangle, at) ||
        (at == self->home && !write->with_source))
      continue;
    l1_place(self, at, write->l1, write->bytes);
    check_remote_write(self, at, write->l1, write->bytes);
    reached++;
  }
  return reached;
}

void tsr_sim_noc_multicast(uint32_t l1, uint64_t target, uint32_t bytes,
                           uint32_t core_count, bool with_source, bool linked,
                           tsr_sim_where where) {
  thread *self = enter(with_source ? "noc_async_write_multicast_loopback_src"
                                   : "noc_async_write_multicast",
                       where);
  uint64_t local = address_local(target);
  posted write = {.kind = POST_MULTICAST,
                  .rectangle = multicast_rectangle(self, target),
                  .l1 = (uint32_t)local & L1_MASK,
                  .from = l1_place(self, self->home, l1, bytes),
                  .bytes = bytes,
                  .with_source = with_source};
  check_alignment(self, l1 & L1_MASK, own_address(target, false),
                  self->home->sim->target.l1_write_align, "an L1 write");
  check_source(self, l1, bytes);
  uint32_t reached = check_targets(self, &write);
  if (reached != core_count)
    fail_call(self, "the multicast reaches %u cores but says %u", reached,
              core_count);
  if (reached == 0)
    fail_call(self, "the multicast reaches no core: it would hang");
  tsr_clock_noc_event what = describe_write(write.from, target, bytes);
  what.linked = linked;
  what.with_source = with_source;
  record_multicast(self, &write.rectangle, what);
  post(self, write);
  count_write(self);
}

void tsr_sim_noc_read_barrier(tsr_sim_where where) {
  thread *self = enter("noc_async_read_barrier", where);
  record_barrier(self, TSR_CLOCK_READ_BARRIER);
  finish_reads(self);
}

void tsr_sim_noc_write_barrier(tsr_sim_where where) {
  thread *self = enter("noc_async_write_barrier", where);
  record_barrier(self, TSR_CLOCK_WRITE_BARRIER);
  send_writes(self);
  await_arrival(self);
  self->writes = 0;
}

// Writes that have left are still not acknowledged: only a barrier ends them.
void tsr_sim_noc_writes_flushed(tsr_sim_where where) {
  thread *self = enter("noc_async_writes_flushed", where);
  record_barrier(self, TSR_CLOCK_WRITES_FLUSHED);
  send_writes(self);
}

void tsr_sim_noc_atomic_barrier(tsr_sim_where where) {
  thread *self = enter("noc_async_atomic_barrier", where);
  record_barrier(self, TSR_CLOCK_ATOMIC_BARRIER);
  send_increments(self);
  await_arrival(self);
  self->atomics = 0;
}

// -- Semaphores ---------------------------------------------------------------

uint32_t tsr_sim_semaphore(uint32_t id, tsr_sim_where where) {
  thread *self = enter("get_semaphore", where);
  const tsr_target *target = &self->home->sim->target;
  if (id >= target->semaphore_count)
    fail_call(self, "semaphore %u, but a core has %u", id,
              target->semaphore_count);
  return (uint32_t)(uintptr_t)(self->home->l1 + target->kernel_config_base +
                               id * SEMAPHORE_STRIDE);
}

static void check_own_word(thread *self, const volatile uint32_t *word) {
  uintptr_t at = (uintptr_t)word, base = (uintptr_t)self->home->l1;
  if (at < base || at - base > self->home->sim->target.l1_bytes - sizeof *word)
    fail_call(self, "address 0x%llx is not in this core's L1",
              (unsigned long long)at);
}

void tsr_sim_semaphore_set(volatile uint32_t *word, uint32_t value,
                           tsr_sim_where where) {
  thread *self = enter("noc_semaphore_set", where);
  check_own_word(self, word);
  record_word(self, TSR_CLOCK_SEMAPHORE_SET, word, value);
  *word = value;
}

void tsr_sim_semaphore_wait(volatile uint32_t *word, uint32_t value,
                            tsr_sim_where where) {
  thread *self = enter("noc_semaphore_wait", where);
  check_own_word(self, word);
  record_word(self, TSR_CLOCK_SEMAPHORE_WAIT, word, value);
  block(self, (wait_state){
                  .kind = WAIT_SEMAPHORE_EQUAL, .amount = value, .word = word});
}

void tsr_sim_semaphore_wait_min(volatile uint32_t *word, uint32_t value,
                                tsr_sim_where where) {
  thread *self = enter("noc_semaphore_wait_min", where);
  check_own_word(self, word);
  record_word(self, TSR_CLOCK_SEMAPHORE_WAIT_MIN, word, value);
  block(self, (wait_state){
                  .kind = WAIT_SEMAPHORE_MIN, .amount = value, .word = word});
}

void tsr_sim_semaphore_inc(uint64_t target, uint32_t amount,
                           tsr_sim_where where) {
  thread *self = enter("noc_semaphore_inc", where);
  bool is_dram = false;
  char *at = place_of(self, target, sizeof amount, &is_dram);
  if (is_dram)
    fail_call(self, "a semaphore lies in L1, not in DRAM");
  check_alignment(self, 0, address_local(target), sizeof amount,
                  "a semaphore increment");
  record_transfer(self, TSR_CLOCK_INCREMENT, endpoint_of(self, target),
                  describe_write((const char *)&amount, target, sizeof amount));
  post(self, (posted){.kind = POST_INCREMENT,
                      .word = amount,
                      .to = at,
                      .bytes = sizeof amount});
  self->atomics++;
  self->last_atomic = begin_here(self);
}
