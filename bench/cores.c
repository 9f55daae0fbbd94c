// What simulated cores cost: 64 of them, each with a reader, a compute kernel
// and a writer that hand pages on one by one through circular buffers of two.
//
//   cores [PAGES]
//
// PAGES is how many each writer gets, 2000 unless it is said.
// Prints the hand-overs per second of processor time, on one host thread (a
// page that one thread pushed and another waited for and popped) with an empty
// compute kernel and with one that copies tiles through DST; and what a device
// takes: its creation in milliseconds, and KiB of memory per core, before
// anything ran, and once these kernels did.

#include "tessera/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { IN = 0, OUT = 16, PAGE_BYTES = 2048, ROUNDS = 15 };

static const tsr_sim_where nowhere = {.file = NULL};

// Of this process alone: others may be at work.
static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

// -- Kernels: arguments are the number of pages, and whether to copy ----------

static void read_pages(void) {
  uint32_t pages = tsr_sim_common_arg(0, nowhere);
  for (uint32_t i = 0; i < pages; i++) {
    tsr_sim_cb_reserve(IN, 1, nowhere);
    tsr_sim_cb_push(IN, 1, nowhere);
  }
}

static const tsr_sim_config copy = {.setup = TSR_SIM_SETUP_COPY};

static void unpack_pages(void) {
  uint32_t pages = tsr_sim_common_arg(0, nowhere);
  bool copies = tsr_sim_common_arg(1, nowhere);
  tsr_sim_start_engine(nowhere);
  tsr_sim_format_src(IN, IN, nowhere);
  tsr_sim_unpack_init(copy, nowhere);
  for (uint32_t i = 0; i < pages; i++) {
    tsr_sim_cb_wait(IN, 1, nowhere);
    if (copies)
      tsr_sim_unpack_a(copy, IN, 0, nowhere);
    tsr_sim_cb_pop(IN, 1, nowhere);
  }
}

static void compute_pages(void) {
  uint32_t pages = tsr_sim_common_arg(0, nowhere);
  bool copies = tsr_sim_common_arg(1, nowhere);
  tsr_sim_start_engine(nowhere);
  tsr_sim_math_init(copy, nowhere);
  for (uint32_t i = 0; copies && i < pages; i++) {
    tsr_sim_dst_acquire(nowhere);
    tsr_sim_copy(copy, 0, nowhere);
    tsr_sim_dst_commit(nowhere);
  }
}

static void pack_pages(void) {
  uint32_t pages = tsr_sim_common_arg(0, nowhere);
  bool copies = tsr_sim_common_arg(1, nowhere);
  tsr_sim_start_engine(nowhere);
  tsr_sim_format_pack(OUT, nowhere);
  for (uint32_t i = 0; i < pages; i++) {
    tsr_sim_cb_reserve(OUT, 1, nowhere);
    if (copies) {
      tsr_sim_dst_wait(nowhere);
      tsr_sim_pack(0, OUT, nowhere);
      tsr_sim_dst_release(nowhere);
    } else { // a page with nothing new in it would be an error
      tsr_sim_l1_write(tsr_sim_cb_write_ptr(OUT, nowhere), 4, nowhere);
    }
    tsr_sim_cb_push(OUT, 1, nowhere);
  }
}

static void write_pages(void) {
  uint32_t pages = tsr_sim_common_arg(0, nowhere);
  for (uint32_t i = 0; i < pages; i++) {
    tsr_sim_cb_wait(OUT, 1, nowhere);
    tsr_sim_cb_pop(OUT, 1, nowhere);
  }
}

// -- The program --------------------------------------------------------------

static void check(const tsr_sim *sim, tsr_result result) {
  if (result == TSR_OK)
    return;
  fprintf(stderr, "error: %s\n", tsr_sim_error(sim));
  exit(1);
}

static void add_cb(tsr_sim *sim, tsr_sim_program *program, tsr_sim_cores cores,
                   uint32_t cb) {
  tsr_sim_cb_index index = {
      .cb = cb, .format = TSR_SIM_FLOAT16_B, .page_bytes = PAGE_BYTES};
  tsr_sim_cb_config config = {
      .bytes = 2 * PAGE_BYTES, .indices = &index, .index_count = 1};
  check(sim, tsr_sim_add_cb(program, cores, &config));
}

static void add_kernel(tsr_sim *sim, tsr_sim_program *program,
                       tsr_sim_cores cores, tsr_sim_kernel_config config,
                       const uint32_t arguments[2]) {
  static tsr_sim_entry *const entries[TSR_SIM_PROCESSOR_COUNT] = {
      [TSR_SIM_BRISC] = write_pages,
      [TSR_SIM_NCRISC] = read_pages,
      [TSR_SIM_UNPACK] = unpack_pages,
      [TSR_SIM_MATH] = compute_pages,
      [TSR_SIM_PACK] = pack_pages};
  uint32_t kernel = 0;
  check(sim, tsr_sim_add_kernel(program, cores, &config, &kernel));
  check(sim, tsr_sim_set_common_args(program, kernel, arguments, 2));
  for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++)
    if (config.is_compute ? p >= TSR_SIM_UNPACK : p == (int)config.processor)
      tsr_sim_set_entry(program, kernel, (tsr_sim_processor)p, entries[p]);
}

static tsr_sim_program *create(tsr_sim *sim, uint32_t pages, bool copies) {
  const uint32_t arguments[2] = {pages, copies};
  tsr_sim_range range = {0, 0, 7, 7};
  tsr_sim_cores cores = {&range, 1};
  tsr_sim_program *program = tsr_sim_program_create(sim);
  add_cb(sim, program, cores, IN);
  add_cb(sim, program, cores, OUT);
  add_kernel(sim, program, cores,
             (tsr_sim_kernel_config){
                 .name = "reader", .processor = TSR_SIM_NCRISC, .noc = 0},
             arguments);
  add_kernel(sim, program, cores,
             (tsr_sim_kernel_config){
                 .name = "compute", .is_compute = true, .fidelity = 4},
             arguments);
  add_kernel(sim, program, cores,
             (tsr_sim_kernel_config){
                 .name = "writer", .processor = TSR_SIM_BRISC, .noc = 1},
             arguments);
  return program;
}

// Runs it several times and returns the hand-overs per second of the best.
static double measure(tsr_sim *sim, uint32_t pages, bool copies) {
  double best = 0;
  for (int round = 0; round < ROUNDS; round++) {
    tsr_sim_program *program = create(sim, pages, copies);
    double start = now();
    check(sim, tsr_sim_run(program));
    double rate = 64.0 * 2 * pages / (now() - start);
    best = rate > best ? rate : best;
    tsr_sim_program_destroy(program);
  }
  return best;
}

// -- What a device takes ------------------------------------------------------

static double resident_kib(void) {
  FILE *file = fopen("/proc/self/statm", "r");
  unsigned long size = 0, resident = 0;
  if (!file || fscanf(file, "%lu %lu", &size, &resident) != 2)
    resident = 0;
  if (file)
    fclose(file);
  return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1024;
}

static double peak_kib(void) {
  struct rusage usage;
  return getrusage(RUSAGE_SELF, &usage) == 0 ? (double)usage.ru_maxrss : 0;
}

static tsr_sim *create_device(const tsr_target *target) {
  char error[256];
  tsr_sim *sim = tsr_sim_create(target, error, sizeof error);
  if (!sim) {
    fprintf(stderr, "error: %s\n", error);
    exit(1);
  }
  return sim;
}

int main(int argc, char **argv) {
  uint32_t pages = argc > 1 ? (uint32_t)atoi(argv[1]) : 2000;
  char error[256];
  tsr_target target;
  if (tsr_target_load("n150", &target, error, sizeof error) != TSR_OK) {
    fprintf(stderr, "error: %s\n", error);
    return 1;
  }
  double before = resident_kib(), start = now();
  tsr_sim *sim = create_device(&target);
  printf("create-ms %.3f\n", (now() - start) * 1e3);
  printf("idle-kib-per-core %.1f\n", (resident_kib() - before) / 64);
  tsr_sim_program *program = create(sim, 1, true);
  check(sim, tsr_sim_run(program));
  tsr_sim_program_destroy(program);
  printf("used-kib-per-core %.1f\n", (peak_kib() - before) / 64);
  printf("hand-overs %.0f\n", measure(sim, pages, false));
  printf("hand-overs-with-copies %.0f\n", measure(sim, pages, true));
  tsr_sim_destroy(sim);
  return 0;
}
