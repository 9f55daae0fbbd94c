// RUN: %program
// What threads hand over to each other: circular buffers, source registers, DST
// and semaphores; barriers, zones and stalls.

#include "play.h"

// A producer that reads a tile at a time and a consumer that writes it.
static double copy(uint32_t depth, uint32_t tiles, size_t drain_every) {
  static play p;
  play_begin(&p, "n150");
  p.drain_every = drain_every;
  uint32_t core = play_core(&p, 0, 0);
  tsr_clock_add_cb(p.clock, core, 3, depth);
  size_t reader = play_thread(core, 0), writer = play_thread(core, 1);
  for (uint32_t i = 0; i < tiles; i++) {
    cb(reader, TSR_CLOCK_CB_RESERVE, 3, 1);
    transfer(reader, TSR_CLOCK_READ, 0, TSR_CLOCK_DRAM, 2, 2048);
    barrier(reader, TSR_CLOCK_READ_BARRIER, 0);
    cb(reader, TSR_CLOCK_CB_PUSH, 3, 1);
    cb(writer, TSR_CLOCK_CB_WAIT, 3, 1);
    transfer(writer, TSR_CLOCK_WRITE, 1, TSR_CLOCK_DRAM, 4, 2048);
    barrier(writer, TSR_CLOCK_WRITE_BARRIER, 1);
    cb(writer, TSR_CLOCK_CB_POP, 3, 1);
  }
  double cycles = play_end();
  if (depth == 1 || depth == tiles)
    check("the producer waits for room",
          (p.stalls[0][TSR_CLOCK_CB_SPACE] > 0) == (depth == 1));
  check("the consumer waits for pages", p.stalls[1][TSR_CLOCK_CB_PAGES] > 0);
  check("both wait for the NoC", p.stalls[0][TSR_CLOCK_NOC_READ] > 0 &&
                                     p.stalls[1][TSR_CLOCK_NOC_WRITE] > 0);
  return cycles;
}

// With one page the two take turns; with two they overlap.
static void test_buffers(void) {
  double one = copy(1, 64, 0), two = copy(2, 64, 0), many = copy(64, 64, 0);
  check("two pages overlap", two < one * 0.65 && two > one * 0.45);
  expect("more pages change nothing", many, two, 5);
  // How streams are filled does not change the time.
  for (size_t every = 1; every < 8; every++) {
    check("drained often", copy(1, 64, every) == one);
    check("drained often", copy(2, 64, every) == two);
  }
}

// One page back and forth: a round is two calls and a credit each way.
static void test_round(void) {
  static play p;
  play_begin(&p, "p150");
  uint32_t core = play_core(&p, 1, 1);
  tsr_clock_add_cb(p.clock, core, 0, 1);
  size_t producer = play_thread(core, 0), consumer = play_thread(core, 1);
  enum { ROUNDS = 1000 };
  for (int i = 0; i < ROUNDS; i++) {
    cb(producer, TSR_CLOCK_CB_RESERVE, 0, 1);
    cb(producer, TSR_CLOCK_CB_PUSH, 0, 1);
    cb(consumer, TSR_CLOCK_CB_WAIT, 0, 1);
    cb(consumer, TSR_CLOCK_CB_POP, 0, 1);
  }
  // Published: 55 to 65 ns for a dependent round at 1.35 GHz.
  expect("a round of credits", play_end() / ROUNDS / 1.35, 60, 10);
}

static void compute(size_t thread, tsr_clock_kind kind) {
  record(thread, (tsr_clock_event){.kind = (uint8_t)kind,
                                   .compute = {.setup = TSR_SIM_SETUP_MATMUL,
                                               .has_a = true,
                                               .has_b = true,
                                               .rows = 1,
                                               .cols = 1,
                                               .depth = 1,
                                               .format_a = 5,
                                               .format_b = 5}});
}

// The slowest of unpack, math and pack sets the pace.
static void test_engine(void) {
  static play p;
  play_begin(&p, "n150");
  uint32_t core = play_core(&p, 0, 0);
  size_t unpack = play_thread(core, 2), math = play_thread(core, 3);
  size_t pack = play_thread(core, 4);
  enum { SECTIONS = 50, TILES = 8 };
  for (int s = 0; s < SECTIONS; s++) {
    call(math, TSR_CLOCK_DST_ACQUIRE);
    call(pack, TSR_CLOCK_DST_WAIT);
    for (int i = 0; i < TILES; i++) {
      compute(unpack, TSR_CLOCK_UNPACK);
      compute(math, TSR_CLOCK_MATH);
    }
    call(math, TSR_CLOCK_DST_COMMIT);
    compute(pack, TSR_CLOCK_PACK);
    call(pack, TSR_CLOCK_DST_RELEASE);
  }
  double cycles = play_end();
  double busy[3];
  for (int i = 0; i < 3; i++)
    busy[i] = (double)p.stalls[i][TSR_CLOCK_BUSY] / TSR_CLOCK_TICKS;
  double most = busy[0] > busy[1] ? busy[0] : busy[1];
  most = busy[2] > most ? busy[2] : most;
  expect("the slowest thread's time", cycles, most, 5);
  check("tiles multiplied", p.macs == SECTIONS * TILES);
  check("pack waits for math", p.stalls[2][TSR_CLOCK_DST_FULL] > 0);
}

static void semaphore(size_t thread, tsr_clock_kind kind, uint32_t value) {
  record(thread,
         (tsr_clock_event){.kind = (uint8_t)kind,
                           .semaphore = {.address = 64, .value = value}});
}

static void increment(size_t thread, uint32_t core) {
  record(thread, (tsr_clock_event){.kind = TSR_CLOCK_INCREMENT,
                                   .noc = {.endpoint = (uint16_t)core,
                                           .bytes = 4,
                                           .address = 64,
                                           .has_value = true,
                                           .value = 1}});
}

// Two increments from afar let a waiter go on, when the later one arrives.
static void test_semaphore(void) {
  static play p;
  play_begin(&p, "n150");
  size_t waiter = play_thread(play_core(&p, 0, 0), 0);
  size_t near = play_thread(play_core(&p, 1, 0), 0);
  size_t far = play_thread(play_core(&p, 4, 4), 0);
  semaphore(waiter, TSR_CLOCK_SEMAPHORE_WAIT, 2);
  semaphore(waiter, TSR_CLOCK_SEMAPHORE_SET, 0);
  increment(near, play_core(&p, 0, 0));
  for (int i = 0; i < 10; i++)
    call(far, TSR_CLOCK_ARG);
  increment(far, play_core(&p, 0, 0));
  barrier(near, TSR_CLOCK_ATOMIC_BARRIER, 0);
  barrier(far, TSR_CLOCK_ATOMIC_BARRIER, 0);
  play_end();
  check("the waiter stalls", p.stalls[0][TSR_CLOCK_SEMAPHORE] > 0);
  check("the later one counts", p.cycles[0] > 80 && p.cycles[0] < p.cycles[2]);
  check("barriers wait for the answer",
        p.stalls[1][TSR_CLOCK_NOC_ATOMIC] > 0 && p.cycles[1] > 150);
}

// A value that the clock never sees: the thread goes on, as it did in the run.
static void test_unseen(void) {
  static play p;
  play_begin(&p, "n150");
  size_t waiter = play_thread(play_core(&p, 0, 0), 0);
  size_t other = play_thread(play_core(&p, 1, 0), 0);
  semaphore(waiter, TSR_CLOCK_SEMAPHORE_WAIT_MIN, 7);
  call(waiter, TSR_CLOCK_ARG);
  for (int i = 0; i < 100; i++)
    call(other, TSR_CLOCK_ARG);
  play_end();
  check("it waits for all others", p.cycles[0] >= p.cycles[1]);
}

// A barrier for one transaction does not wait for another, nor for the other
// NoC.
static void test_transactions(void) {
  static play p;
  play_begin(&p, "n150");
  size_t self = play_thread(play_core(&p, 0, 0), 0);
  for (uint8_t id = 1; id <= 2; id++)
    for (int i = 0; i < (id == 1 ? 1 : 50); i++)
      record(self, (tsr_clock_event){.kind = TSR_CLOCK_READ,
                                     .noc = {.memory = TSR_CLOCK_DRAM,
                                             .endpoint = 2,
                                             .transaction = id,
                                             .bytes = 8192}});
  record(self, (tsr_clock_event){.kind = TSR_CLOCK_READ_BARRIER,
                                 .noc = {.transaction = 1}});
  barrier(self, TSR_CLOCK_READ_BARRIER, 1);
  double cycles = play_end();
  check("waits for its own", cycles > 700 && cycles < 1500);
}

typedef struct seen {
  uint32_t zones;
  uint64_t length;
  uint32_t fills;
  uint32_t most;
  uint32_t transfers;
} seen;

static void see_zone(void *context, const tsr_clock_zone *zone) {
  seen *all = context;
  all->zones++;
  all->length = zone->end - zone->start;
}

static void see_fill(void *context, uint32_t core, uint32_t cb, uint32_t pages,
                     uint64_t at) {
  seen *all = context;
  (void)core;
  (void)cb;
  (void)at;
  all->fills++;
  all->most = pages > all->most ? pages : all->most;
}

static void see_transfer(void *context, const tsr_clock_transfer *transfer) {
  seen *all = context;
  all->transfers += transfer->bytes;
}

// Listeners hear of zones, of what circular buffers hold and of data.
static void test_listener(void) {
  static play p;
  seen all = {0};
  play_begin(&p, "n150");
  tsr_clock_listener listener = {.context = &all,
                                 .zone = see_zone,
                                 .fill = see_fill,
                                 .transfer = see_transfer};
  check("a second listener", tsr_clock_add_listener(p.clock, &listener));
  check("a third", tsr_clock_add_listener(p.clock, &listener));
  check("a fourth", tsr_clock_add_listener(p.clock, &listener));
  check("not a fifth", !tsr_clock_add_listener(p.clock, &listener));
  uint32_t core = play_core(&p, 0, 0);
  tsr_clock_add_cb(p.clock, core, 0, 4);
  size_t self = play_thread(core, 0);
  call(self, TSR_CLOCK_ZONE_BEGIN);
  cb(self, TSR_CLOCK_CB_RESERVE, 0, 3);
  cb(self, TSR_CLOCK_CB_PUSH, 0, 3);
  cb(self, TSR_CLOCK_CB_WAIT, 0, 1);
  cb(self, TSR_CLOCK_CB_POP, 0, 1);
  call(self, TSR_CLOCK_ZONE_END);
  transfer(self, TSR_CLOCK_WRITE, 0, TSR_CLOCK_L1, play_core(&p, 1, 0), 20000);
  barrier(self, TSR_CLOCK_WRITE_BARRIER, 0);
  play_end();
  check("zones", all.zones == 3 && all.length > 0);
  check("fills", all.fills == 6 && all.most == 3);
  check("transfers", all.transfers == 60000);
  check("names of causes",
        strcmp(tsr_clock_cause_name(TSR_CLOCK_CB_SPACE), "cb-space") == 0);
}

int main(void) {
  test_buffers();
  test_round();
  test_engine();
  test_semaphore();
  test_unseen();
  test_transactions();
  test_listener();
  return failures != 0;
}
