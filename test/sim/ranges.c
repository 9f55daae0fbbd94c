// RUN: %program | FileCheck %s
// Where bytes lie among circular buffers and who may use them, against a
// reference that looks at every byte: random buffers that share bytes, lie next
// to each other and are empty, pages that go on at the start of theirs, and
// accesses across several.

// CHECK: 60000 rounds
// CHECK-NEXT: pages that hold all bytes: {{[1-9][0-9][0-9]+}}
// CHECK-NEXT: that begin within: {{[1-9][0-9][0-9]+}}
// CHECK-NEXT: that go on at the start: {{[1-9][0-9][0-9]+}}
// CHECK-NEXT: accesses cut by a buffer: {{[1-9][0-9][0-9]+}}
// CHECK-NEXT: writes and reads that are refused: {{[1-9][0-9][0-9]+}}
// CHECK-NEXT: that are not: {{[1-9][0-9][0-9]+}}
// CHECK-NEXT: early reads: {{[1-9][0-9][0-9]+}}
// CHECK-NEXT: refused by other cores: {{[1-9][0-9][0-9]+}}
// CHECK-NEXT: lost there: {{[1-9][0-9][0-9]+}}
// CHECK-NEXT: as the reference has it

#include "../../lib/sim/ranges.h"

#include "random.h"

enum { ROUNDS = 60000, BUFFERS = 5, WORLD = 64 };

// -- The reference ------------------------------------------------------------

static bool holds_byte(const cb_state *cb, uint64_t at) {
  for (uint32_t i = 0; i < cb->page_count * cb->page_bytes; i++)
    if ((uint64_t)cb->l1 + i == at)
      return true;
  return false;
}

static bool run_has_byte(page_run pages, uint64_t at) {
  const cb_state *cb = pages.cb;
  for (uint64_t i = 0; i < pages.count && i < cb->page_count; i++) {
    uint64_t page = (pages.first + i) % cb->page_count;
    for (uint32_t k = 0; k < cb->page_bytes; k++)
      if (cb->l1 + page * cb->page_bytes + k == at)
        return true;
  }
  return false;
}

// Bit i: buffer i holds the byte.
static uint32_t holders_of(const core *on, uint64_t at) {
  uint32_t held = 0;
  for (uint32_t i = 0; i < on->cb_count; i++)
    held |= (uint32_t)holds_byte(&on->cbs[on->cb_ids[i]], at) << i;
  return held;
}

// -- A round ------------------------------------------------------------------

static uint32_t held_count, inside_count, wrap_count, cut_count;

static void place_buffers(core *on, uint32_t base) {
  on->cb_count = draw(BUFFERS + 1);
  for (uint32_t i = 0; i < on->cb_count; i++) {
    on->cb_ids[i] = (uint8_t)(BUFFERS - i);
    on->cbs[BUFFERS - i] = (cb_state){.exists = true,
                                      .l1 = base + draw(WORLD / 2),
                                      .page_bytes = 1 + draw(5),
                                      .page_count = draw(6)};
  }
}

static void check_pages(const cb_state *cb, byte_range bytes) {
  if (cb->page_count == 0)
    return; // nobody hands them over
  page_run pages = {cb, draw(cb->page_count), draw(cb->page_count + 3)};
  bool all = true;
  uint64_t first = bytes.to;
  for (uint64_t at = bytes.to; at-- > bytes.from;) {
    all = all && run_has_byte(pages, at);
    first = run_has_byte(pages, at) ? at : first;
  }
  CHECK(pages_hold(pages, bytes) == all);
  CHECK(pages_first(pages, bytes) == first);
  held_count += all;
  inside_count += first > bytes.from && first < bytes.to;
  wrap_count += all && pages.first + pages.count > cb->page_count &&
                bytes.from < cb->l1 + pages.first * cb->page_bytes;
}

static void check_holders(const core *on, uint64_t at) {
  uint32_t held = 0;
  size_t next = 0;
  for (const cb_state *cb; (cb = next_holder(on, &next, at));) {
    CHECK(cb == &on->cbs[on->cb_ids[next - 1]]);
    held |= 1u << (next - 1);
  }
  CHECK(held == holders_of(on, at));
}

static void check_piece(const core *on, byte_range bytes) {
  uint32_t held = holders_of(on, bytes.from);
  uint64_t to = bytes.from + 1;
  while (to < bytes.to && holders_of(on, to) == held)
    to++;
  byte_range piece = first_piece(on, bytes);
  CHECK(piece.from == bytes.from && piece.to == to);
  cut_count += to < bytes.to;
}

// In L1, and where addresses end at 2^32 and go on behind it.
static void check_geometry(core *on) {
  uint32_t base = draw(2) ? 0x10000 : 0u - WORLD / 2;
  place_buffers(on, base);
  byte_range bytes = range_from(base + draw(WORLD), 1 + draw(WORLD / 2));
  for (size_t i = 0; i < on->cb_count; i++)
    check_pages(&on->cbs[on->cb_ids[i]], bytes);
  check_holders(on, bytes.from);
  check_piece(on, bytes);
}

// -- Who may use bytes --------------------------------------------------------

enum { BASE = 0x100, ALLOCATIONS = 2 };

static uint32_t refused_count, used_count, early_count, remote_count,
    lost_count;

static char reader_name[] = "reader", program_name[] = "1";

// A device of two cores, on which no program runs.
typedef struct device {
  tsr_sim sim;
  tsr_sim_program program;
  kernel code;
  core home, there;
  cb_state cbs[CB_MAX];
  thread self, other;
  allocation allocations[ALLOCATIONS];
} device;

static void set_up(device *d) {
  d->sim.strict = TSR_SIM_STRICT_ERROR;
  d->program.name = program_name;
  d->code = (kernel){.program = &d->program, .name = reader_name};
  d->home = (core){.sim = &d->sim, .cbs = d->cbs};
  d->there = (core){.sim = &d->sim, .cbs = d->cbs};
  d->self = (thread){.home = &d->home, .code = &d->code, .call = "a call"};
}

// Memory behind the circular buffers, or none that counts.
static void allocate(device *d) {
  memory_pool *pool = &d->sim.memories[TSR_SIM_L1];
  *pool = (memory_pool){.first = BASE,
                        .end = BASE + WORLD,
                        .allocations = d->allocations,
                        .count = draw(ALLOCATIONS + 1)};
  uint64_t at = BASE + draw(WORLD / 2);
  for (size_t i = 0; i < pool->count; i++) {
    d->allocations[i] = (allocation){.base = at, .bank_bytes = 1 + draw(12)};
    at += d->allocations[i].bank_bytes + draw(8);
  }
  d->home.cb_end = d->there.cb_end = draw(4) ? BASE + WORLD / 2 : 0;
}

static void hand_over(device *d, cb_state *cb) {
  thread *const who[] = {NULL, NULL, &d->self, &d->other};
  uint32_t count = cb->page_count;
  cb->producer = who[draw(4)];
  cb->consumer = who[draw(4)];
  cb->is_global = draw(8) == 0;
  cb->write_page = draw(count);
  cb->read_page = draw(count);
  cb->pushed = draw(count + 1);
  cb->fronted = draw((uint32_t)cb->pushed + 1);
  cb->reserved = draw(count - (uint32_t)cb->pushed + 1);
}

static bool is_memory(const cb_state *cb) {
  return (!cb->producer && !cb->consumer) || cb->is_global;
}

static bool are_in(page_run pages, byte_range bytes) {
  for (uint64_t at = bytes.from; at < bytes.to; at++)
    if (!run_has_byte(pages, at))
      return false;
  return true;
}

static bool permits(const device *d, const cb_state *cb, byte_range bytes,
                    bool reads) {
  const thread *self = &d->self;
  page_run reserved = {cb, cb->write_page, cb->reserved};
  page_run fronted = {cb, cb->read_page, cb->fronted};
  page_run full = {cb, cb->read_page, cb->pushed};
  return (are_in(reserved, bytes) &&
          (cb->producer == self || cb->consumer != self)) ||
         (are_in(fronted, bytes) &&
          (cb->consumer == self || cb->producer != self)) ||
         (reads && cb->producer == self && are_in(full, bytes));
}

static bool is_allocated(const device *d, uint64_t at) {
  const memory_pool *pool = &d->sim.memories[TSR_SIM_L1];
  bool is_pool = at >= pool->first && at < pool->end;
  bool found = !is_pool || d->home.cb_end <= pool->first;
  for (size_t i = 0; i < pool->count; i++)
    found =
        found || (at >= d->allocations[i].base &&
                  at - d->allocations[i].base < d->allocations[i].bank_bytes);
  return found;
}

// Byte by byte: a queue takes all that is left or nothing; the rest may be
// memory. Bit i of `*out_early`: buffer i was read from as memory.
static bool may_use_own(const device *d, byte_range bytes, bool reads,
                        uint32_t *out_early) {
  *out_early = 0;
  for (; bytes.from < bytes.to; bytes.from++) {
    uint32_t held = holders_of(&d->home, bytes.from), memory = 0;
    for (uint32_t i = 0; i < d->home.cb_count; i++) {
      const cb_state *cb = &d->cbs[d->home.cb_ids[i]];
      if (!(held >> i & 1))
        continue;
      if (is_memory(cb))
        memory |= 1u << i;
      else if (permits(d, cb, bytes, reads))
        return true;
    }
    *out_early |= memory;
    if (held ? !memory : !is_allocated(d, bytes.from))
      return false;
  }
  return true;
}

static bool take_failure(core *of) {
  bool failed = of->report.failed;
  tsr_buffer_deinit(&of->report.error.op);
  tsr_buffer_deinit(&of->report.error.rule);
  of->report = (core_report){.failed = false};
  return failed;
}

static uint32_t take_early(device *d) {
  uint32_t early = 0;
  for (uint32_t i = 0; i < d->home.cb_count; i++) {
    cb_state *cb = &d->cbs[d->home.cb_ids[i]];
    early |= (uint32_t)(cb->early_reader == &d->self) << i;
    cb->early_reader = NULL;
  }
  return early;
}

static void check_own(device *d, uint32_t l1, uint32_t bytes) {
  uint32_t early = 0;
  bool may = may_use_own(d, range_from(l1, bytes), false, &early);
  check_write_into(&d->self, l1, bytes);
  CHECK(take_failure(&d->home) == !may && take_early(d) == 0);
  refused_count += !may;
  used_count += may && bytes > 0;
  may = may_use_own(d, range_from(l1, bytes), true, &early);
  check_read_from(&d->self, l1, bytes);
  CHECK(take_failure(&d->home) == !may && take_early(d) == early);
  early_count += early != 0;
}

// The first byte that is not free there; `bytes.to`: all are. True in
// `*out_is_lost`: nothing is allocated at it.
static uint64_t find_taken(const device *d, byte_range bytes,
                           bool *out_is_lost) {
  for (; bytes.from < bytes.to; bytes.from++) {
    uint32_t held = holders_of(&d->there, bytes.from);
    bool is_free = held == 0 && is_allocated(d, bytes.from);
    for (uint32_t i = 0; i < d->there.cb_count; i++) {
      const cb_state *cb = &d->cbs[d->there.cb_ids[i]];
      page_run full = {cb, cb->read_page, cb->pushed};
      is_free = is_free || (held >> i & 1 &&
                            (is_memory(cb) || !run_has_byte(full, bytes.from)));
    }
    *out_is_lost = held == 0;
    if (!is_free)
      break;
  }
  return bytes.from;
}

static void check_there(device *d, uint32_t l1, uint32_t bytes) {
  bool is_lost = false;
  uint64_t taken = find_taken(d, range_from(l1, bytes), &is_lost);
  is_lost = is_lost && taken < (uint64_t)l1 + bytes;
  bool is_refused = !is_lost && taken < (uint64_t)l1 + bytes;
  uint32_t lost = 0;
  show_cbs(&d->there);
  CHECK(check_remote_write(&d->self, &d->there, l1, bytes, &lost) == !is_lost);
  CHECK(take_failure(&d->home) == is_refused);
  CHECK(!is_lost || lost == taken);
  remote_count += is_refused;
  lost_count += is_lost;
}

static void check_access(device *d) {
  allocate(d);
  place_buffers(&d->home, BASE);
  for (uint32_t i = 0; i < d->home.cb_count; i++)
    if (d->cbs[d->home.cb_ids[i]].page_count > 0)
      hand_over(d, &d->cbs[d->home.cb_ids[i]]);
  memcpy(d->there.cb_ids, d->home.cb_ids, sizeof d->home.cb_ids);
  d->there.cb_count = d->home.cb_count;
  uint32_t l1 = BASE - 4 + draw(WORLD + 4), bytes = draw(WORLD / 4);
  check_own(d, l1, bytes);
  check_there(d, l1, bytes);
}

// -- Limits -------------------------------------------------------------------

// As many pages as there can be, of as many bytes.
static void check_limits(void) {
  const cb_state most = {
      .l1 = UINT32_MAX, .page_bytes = UINT32_MAX, .page_count = UINT32_MAX};
  byte_range all = cb_range(&most);
  uint64_t last_page = all.to - UINT32_MAX;
  CHECK(all.from == UINT32_MAX && all.to - all.from == 0xfffffffe00000001u);
  page_run ends = {&most, UINT32_MAX - 1, 2};
  CHECK(pages_hold(ends, (byte_range){last_page, all.to}));
  CHECK(pages_hold(ends, range_from(UINT32_MAX, UINT32_MAX)));
  CHECK(!pages_hold(ends, range_from(UINT32_MAX, (uint64_t)UINT32_MAX + 1)));
  CHECK(!pages_hold(ends, (byte_range){last_page - 1, all.to}));
  CHECK(pages_first(ends, (byte_range){last_page - 5, all.to}) == last_page);
  CHECK(pages_hold((page_run){&most, 7, UINT64_MAX}, all));
  CHECK(!pages_hold((page_run){&most, 7, 0}, range_from(UINT32_MAX, 1)));
}

int main(void) {
  static device on;
  set_up(&on);
  for (; round_number < ROUNDS; round_number++) {
    check_geometry(&on.home);
    check_access(&on);
  }
  check_limits();
  printf("%u rounds\n", round_number);
  printf("pages that hold all bytes: %u\n", held_count);
  printf("that begin within: %u\n", inside_count);
  printf("that go on at the start: %u\n", wrap_count);
  printf("accesses cut by a buffer: %u\n", cut_count);
  printf("writes and reads that are refused: %u\n", refused_count);
  printf("that are not: %u\n", used_count);
  printf("early reads: %u\n", early_count);
  printf("refused by other cores: %u\n", remote_count);
  printf("lost there: %u\n", lost_count);
  printf("as the reference has it\n");
  return 0;
}
