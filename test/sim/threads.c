// RUN: %program | FileCheck %s
// A run is the same on any number of host threads: what cores tell each other
// and read from each other while they run, warnings in their order, and which
// of several errors is reported.

// CHECK: warning: program {{[0-9]+}}, core (0,0), {{.*}}: kernel.cpp:10: cb_push_back: pushes 1
// CHECK-NEXT: warning: program {{[0-9]+}}, core (1,0), {{.*}}: kernel.cpp:11:
// CHECK-NEXT: warning: program {{[0-9]+}}, core (2,0), {{.*}}: kernel.cpp:12:
// CHECK-NEXT: warning: program {{[0-9]+}}, core (0,0), {{.*}}: 1 of the 3 pages pushed
// CHECK: error: program {{[0-9]+}}, core (0,0), {{.*}}: kernel.cpp:10: cb_push_back: pushes 1
// CHECK: error: program {{[0-9]+}}, core (3,0), {{.*}}: accesses address 0x10, which is not in its
// CHECK-NEXT: error: program {{[0-9]+}}, core (3,0),
// CHECK-NEXT: error: program {{[0-9]+}}, core (0,4), {{.*}}: get_arg_val: reads argument 99
// CHECK-NEXT: error: program {{[0-9]+}}, core (0,4),
// CHECK-NEXT: the ring leaves: {{[1-9][0-9]*}}
// CHECK-NEXT: the same each time

#include "tessera/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 60, BLOCK = 64, PAGES = 64 };

static const tsr_sim_where nowhere = {NULL, 0, 0};

// What the model said in one run of everything.
static char said[64 * 1024];

static void note(const char *kind, const char *text) {
  size_t used = strlen(said);
  snprintf(said + used, sizeof said - used, "%s: %s\n", kind, text);
}

static uint32_t mix(uint32_t a, uint32_t b) {
  return (a ^ b) * 2654435761u + (a >> 15);
}

static uint32_t *words(uint32_t address) {
  return (uint32_t *)(uintptr_t)address;
}

// -- Kernels ------------------------------------------------------------------
// Arguments: in, out, next x, next y, scratch.

// Brings pages of DRAM, and a block that the next core changes meanwhile.
static void fetch(void) {
  uint32_t in = tsr_sim_arg(0, nowhere), scratch = tsr_sim_arg(4, nowhere);
  uint64_t next = tsr_sim_noc_address(tsr_sim_arg(2, nowhere),
                                      tsr_sim_arg(3, nowhere), scratch);
  for (uint32_t i = 0; i < ROUNDS; i++) {
    tsr_sim_cb_reserve(0, 2, nowhere);
    uint32_t to = tsr_sim_cb_write_ptr(0, nowhere);
    uint32_t page = (i * 7 + tsr_sim_logical_x()) % PAGES;
    tsr_sim_noc_read(
        tsr_sim_noc_address_of_page(true, in, BLOCK, page, 0, nowhere), to,
        BLOCK, nowhere);
    tsr_sim_noc_read(next, to + BLOCK, BLOCK, nowhere);
    tsr_sim_noc_read_barrier(nowhere);
    tsr_sim_cb_push(0, 2, nowhere);
  }
}

// Mixes what comes into a block of its own, sends it on, and tells the next.
static void pass_on(void) {
  uint32_t out = tsr_sim_arg(1, nowhere), scratch = tsr_sim_arg(4, nowhere);
  uint32_t x = tsr_sim_arg(2, nowhere), y = tsr_sim_arg(3, nowhere);
  uint32_t semaphore = tsr_sim_semaphore(0, nowhere);
  uint32_t self = (uint32_t)tsr_sim_noc_address_self(scratch);
  uint32_t own = (semaphore & ~0x1fffffu) + self;
  for (uint32_t i = 0; i < ROUNDS; i++) {
    tsr_sim_cb_wait(0, 2, nowhere);
    const uint32_t *page = words(tsr_sim_cb_read_ptr(0, nowhere));
    for (uint32_t k = 0; k < BLOCK / 4; k++)
      words(own)[k] = mix(mix(words(own)[k], page[k]),
                          mix(page[BLOCK / 4 + k], words(own + BLOCK)[k]));
    tsr_sim_cb_pop(0, 2, nowhere);
    tsr_sim_noc_write(own, tsr_sim_noc_address(x, y, scratch + BLOCK), BLOCK,
                      nowhere);
    // Every other round the write is left to itself for a while.
    if (i % 2)
      tsr_sim_noc_writes_flushed(nowhere);
    tsr_sim_semaphore_inc(tsr_sim_noc_address(x, y, semaphore), 1, false,
                          nowhere);
    tsr_sim_semaphore_wait_min((volatile uint32_t *)words(semaphore), i / 2,
                               nowhere);
    tsr_sim_noc_write_barrier(nowhere);
    tsr_sim_noc_write(own,
                      tsr_sim_noc_address_of_page(
                          true, out, BLOCK,
                          (tsr_sim_logical_y() * 16 + i) % PAGES, 0, nowhere),
                      BLOCK, nowhere);
    tsr_sim_noc_writes_flushed(nowhere);
  }
  tsr_sim_noc_write_barrier(nowhere);
  tsr_sim_noc_atomic_barrier(nowhere);
}

static void break_a_rule(void) {
  tsr_sim_where here = {"kernel.cpp", 10 + tsr_sim_logical_x() % 3, 0};
  for (int i = 0; i < 3; i++)
    tsr_sim_cb_push(0, 1, here);
  tsr_sim_cb_wait(0, 2, here);
}

static void leave_memory(void) {
  if (tsr_sim_logical_x() + tsr_sim_logical_y() > 2)
    *(volatile uint32_t *)(uintptr_t)16 = 1;
}

// Fails on a core that comes late in the grid after fewer calls than on one
// that comes early.
static void fail_late(void) {
  uint32_t calls = 10000 / (tsr_sim_logical_y() + 1);
  if (tsr_sim_logical_y() == 0)
    return;
  for (uint32_t i = 0; i < calls; i++)
    (void)tsr_sim_cb_tile_bytes(0, nowhere);
  (void)tsr_sim_arg(99, nowhere);
}

// -- Programs -----------------------------------------------------------------

static void check(tsr_sim *sim, tsr_result result) {
  if (result == TSR_OK)
    return;
  printf("failed: %s\n", tsr_sim_error(sim));
  exit(1);
}

static tsr_sim *create(const tsr_target *target, size_t threads) {
  char error[200] = "";
  tsr_sim *sim = tsr_sim_create(target, error, sizeof error);
  if (!sim) {
    printf("%s\n", error);
    exit(1);
  }
  tsr_sim_set_threads(sim, threads);
  return sim;
}

static uint32_t add_kernel(tsr_sim *sim, tsr_sim_program *program,
                           tsr_sim_cores cores, tsr_sim_processor processor,
                           tsr_sim_entry *entry) {
  tsr_sim_kernel_config config = {
      .name = "k", .processor = processor, .noc = processor == TSR_SIM_BRISC};
  uint32_t kernel = 0;
  check(sim, tsr_sim_add_kernel(program, cores, &config, &kernel));
  tsr_sim_set_entry(program, kernel, processor, entry);
  return kernel;
}

static tsr_sim_program *create_program(tsr_sim *sim, tsr_sim_cores cores) {
  tsr_sim_program *program = tsr_sim_program_create(sim);
  tsr_sim_cb_index index = {0, TSR_SIM_FLOAT16_B, BLOCK, 0, 0, NULL};
  tsr_sim_cb_config cb = {
      .bytes = 8 * BLOCK, .indices = &index, .index_count = 1};
  check(sim, tsr_sim_add_cb(program, cores, &cb));
  return program;
}

typedef struct grid {
  tsr_sim_range range;
  tsr_sim_cores cores;
} grid;

static grid whole_grid(const tsr_target *target) {
  grid all = {{0, 0, target->grid_cols - 1, target->grid_rows - 1}, {0}};
  return all;
}

// Notes the words that the ring leaves in DRAM, as one number.
static void run_ring(const tsr_target *target, size_t threads) {
  tsr_sim *sim = create(target, threads);
  // The next core is told of blocks that are on their way.
  tsr_sim_set_strict(sim, TSR_SIM_STRICT_OFF);
  grid all = whole_grid(target);
  tsr_sim_cores cores = {&all.range, 1};
  tsr_sim_program *program = create_program(sim, cores);
  uint32_t id = 0, data[PAGES * BLOCK / 4];
  check(sim, tsr_sim_add_semaphore(program, cores, 0, &id));
  uint64_t in = 0, out = 0, scratch = 0;
  check(sim, tsr_sim_alloc(sim, TSR_SIM_DRAM, sizeof data, BLOCK, &in));
  check(sim, tsr_sim_alloc(sim, TSR_SIM_DRAM, sizeof data, BLOCK, &out));
  uint32_t cores_in_grid = target->grid_cols * target->grid_rows;
  check(sim, tsr_sim_alloc(sim, TSR_SIM_L1, 2 * BLOCK * cores_in_grid,
                           2 * BLOCK, &scratch));
  for (uint32_t i = 0; i < PAGES * BLOCK / 4; i++)
    data[i] = mix(i, 12345);
  check(sim, tsr_sim_upload(sim, TSR_SIM_DRAM, in, data, sizeof data));
  uint32_t kernels[] = {
      add_kernel(sim, program, cores, TSR_SIM_NCRISC, fetch),
      add_kernel(sim, program, cores, TSR_SIM_BRISC, pass_on)};
  for (uint32_t y = 0; y < target->grid_rows; y++)
    for (uint32_t x = 0; x < target->grid_cols; x++) {
      uint32_t next = (y * target->grid_cols + x + 1) % cores_in_grid;
      uint32_t args[5] = {(uint32_t)in, (uint32_t)out, 0, 0, (uint32_t)scratch};
      check(sim,
            tsr_sim_noc_of_core(sim, next % target->grid_cols,
                                next / target->grid_cols, &args[2], &args[3]));
      for (int k = 0; k < 2; k++)
        check(sim, tsr_sim_set_args(program, kernels[k], x, y, args, 5));
    }
  check(sim, tsr_sim_run(program));
  check(sim, tsr_sim_download(sim, TSR_SIM_DRAM, out, data, sizeof data));
  uint64_t sum = 0;
  for (uint32_t i = 0; i < PAGES * BLOCK / 4; i++)
    sum = sum * 31 + data[i];
  tsr_sim_program_destroy(program);
  tsr_sim_destroy(sim);
  char text[40];
  snprintf(text, sizeof text, "%llu", (unsigned long long)sum);
  note("the ring leaves", text);
}

static void listen(void *context, tsr_sim_severity severity,
                   tsr_sim_where where, const char *text, const char *details) {
  (void)where;
  (void)details;
  (void)context;
  note(severity == TSR_SIM_WARNING ? "warning" : "note", text);
}

static void run_wrong(const tsr_target *target, size_t threads,
                      tsr_sim_strict strict, tsr_sim_entry *entry) {
  tsr_sim *sim = create(target, threads);
  grid all = whole_grid(target);
  tsr_sim_cores cores = {&all.range, 1};
  tsr_sim_program *program = create_program(sim, cores);
  tsr_sim_set_strict(sim, strict);
  tsr_sim_set_listener(sim, listen, NULL);
  add_kernel(sim, program, cores, TSR_SIM_NCRISC, entry);
  for (int i = 0; i < 2; i++)
    if (tsr_sim_run(program) != TSR_OK)
      note("error", tsr_sim_error(sim));
  tsr_sim_program_destroy(program);
  tsr_sim_destroy(sim);
}

static void run_all(const tsr_target *target, size_t threads) {
  said[0] = '\0';
  run_wrong(target, threads, TSR_SIM_STRICT_WARN, break_a_rule);
  run_wrong(target, threads, TSR_SIM_STRICT_ERROR, break_a_rule);
#ifndef __SANITIZE_THREAD__ // which objects to handling signals like that
  run_wrong(target, threads, TSR_SIM_STRICT_ERROR, leave_memory);
#endif
  run_wrong(target, threads, TSR_SIM_STRICT_ERROR, fail_late);
  run_ring(target, threads);
}

int main(void) {
  char error[200] = "";
  tsr_target target;
  if (tsr_target_load("n150", &target, error, sizeof error) != TSR_OK)
    return printf("%s\n", error);
  run_all(&target, 1);
  printf("%s", said);
  char first[sizeof said];
  memcpy(first, said, sizeof said);
  for (int i = 0; i < 5; i++)
    for (size_t threads = 1; threads < 5; threads++) {
      run_all(&target, threads);
      if (strcmp(said, first) != 0)
        printf("with %zu threads:\n%s", threads, said);
    }
  printf("the same each time\n");
  return 0;
}
