// RUN: %program | FileCheck %s
// What a report says holds a program back, for programs that each are held back
// by one thing; and the sums by place and by zone.

#include "tessera/sim.h"
#include "tessera/timing.h"

#include <stdio.h>
#include <stdlib.h>

enum { BRISC, NCRISC, UNPACK, MATH, PACK };

static tsr_clock *timed;
static tsr_timing *report;
static tsr_clock_program program;
static tsr_clock_kernel kernels[2];

static void begin(const char *name) {
  kernels[0] = (tsr_clock_kernel){.name = "move"};
  kernels[1] =
      (tsr_clock_kernel){.name = "compute", .is_compute = true, .fidelity = 4};
  program = (tsr_clock_program){
      .name = name, .kernels = kernels, .kernel_count = 2, .core_count = 1};
  tsr_clock_begin(timed, &program);
}

static void note(tsr_clock_stream *on, const char *call, tsr_clock_kind kind,
                 tsr_clock_event event) {
  event.call = call;
  event.file = "k.cpp";
  event.line = (uint32_t)kind;
  event.kind = (uint8_t)kind;
  tsr_clock_record(on, &event);
}

static void note_end(tsr_clock_stream *on) {
  note(on, "kernel_main", TSR_CLOCK_END, (tsr_clock_event){0});
}

static void read_pages(tsr_clock_stream *on, uint16_t bank, uint32_t bytes,
                       int count) {
  tsr_clock_event read = {
      .noc = {.memory = TSR_CLOCK_DRAM, .endpoint = bank, .bytes = bytes}};
  tsr_clock_event all = {.noc = {.transaction = TSR_CLOCK_ALL_TRANSACTIONS}};
  for (int i = 0; i < count; i++)
    note(on, "read", TSR_CLOCK_READ, read);
  note(on, "barrier", TSR_CLOCK_READ_BARRIER, all);
}

// Large pages of one bank, which gives less than the NoC takes.
static void be_bound_by_dram(void) {
  begin("dram");
  tsr_clock_stream *on = tsr_clock_add_thread(timed, 9, NCRISC, 0);
  read_pages(on, 3, 8192, 100);
  note_end(on);
  tsr_clock_end(timed);
}

// Small pages of all banks: the processor has no time for more.
static void be_bound_by_commands(void) {
  begin("commands");
  tsr_clock_stream *on = tsr_clock_add_thread(timed, 10, BRISC, 0);
  for (uint16_t bank = 0; bank < 12; bank++)
    read_pages(on, bank, 64, 100);
  note_end(on);
  tsr_clock_end(timed);
}

static void be_bound_by_compute(void) {
  begin("compute");
  tsr_clock_stream *on[] = {tsr_clock_add_thread(timed, 0, UNPACK, 1),
                            tsr_clock_add_thread(timed, 0, MATH, 1),
                            tsr_clock_add_thread(timed, 0, PACK, 1)};
  tsr_clock_event product = {.compute = {.setup = TSR_SIM_SETUP_MATMUL,
                                         .format_a = TSR_SIM_FLOAT16_B,
                                         .format_b = TSR_SIM_FLOAT16_B,
                                         .rows = 2,
                                         .cols = 4,
                                         .has_a = true,
                                         .has_b = true}};
  const tsr_clock_event nothing = {0};
  note(on[1], "acquire", TSR_CLOCK_DST_ACQUIRE, nothing);
  note(on[1], "products", TSR_CLOCK_ZONE_BEGIN, nothing);
  for (int i = 0; i < 1000; i++) {
    note(on[0], "matmul", TSR_CLOCK_UNPACK, product);
    note(on[1], "matmul", TSR_CLOCK_MATH, product);
  }
  note(on[1], "products", TSR_CLOCK_ZONE_END, nothing);
  note(on[1], "commit", TSR_CLOCK_DST_COMMIT, nothing);
  note(on[2], "wait", TSR_CLOCK_DST_WAIT, nothing);
  note(on[2], "release", TSR_CLOCK_DST_RELEASE, nothing);
  for (int i = 0; i < 3; i++)
    note_end(on[i]);
  tsr_clock_end(timed);
}

static void be_bound_by_launch(void) {
  begin("launch");
  tsr_clock_stream *on = tsr_clock_add_thread(timed, 63, BRISC, 0);
  note(on, "arg", TSR_CLOCK_ARG, (tsr_clock_event){0});
  note_end(on);
  tsr_clock_end(timed);
}

int main(void) {
  char error[300] = "";
  tsr_target target;
  if (tsr_target_load("n150", &target, error, sizeof error) != TSR_OK)
    return printf("%s\n", error);
  timed = tsr_clock_create(&target);
  report = tsr_timing_create(&target, timed);
  if (!report)
    return 1;
  be_bound_by_dram();
  be_bound_by_commands();
  be_bound_by_compute();
  be_bound_by_launch();
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_timing_print(report, &text);
  fputs(tsr_buffer_str(&text), stdout);
  tsr_buffer_deinit(&text);
  tsr_timing_destroy(report);
  tsr_clock_destroy(timed);
  return 0;
}

// CHECK: timing: n150 at 1000 MHz, {{[0-9]+}} cycles, {{[0-9.]+}} us in 4 programs

// CHECK: program dram: {{[0-9]+}} cycles, {{.*}} on 1 core
// CHECK-NEXT: bound: DRAM, bank 3: compute 0.0 %, DRAM 9{{[0-9.]+}} %, NoC {{[0-9.]+}} %, launch {{[0-9.]+}} %{{$}}
// CHECK-NEXT: kernel
// CHECK-NEXT: move ncrisc 1 {{[0-9]+}} (1,1) busy {{.*}} noc-read 9
// CHECK: ncrisc read 100 2100 {{[0-9]+}} k.cpp:
// CHECK-NEXT: bank 3: 819200 B read, 0 B written, busy 9

// CHECK: program commands:
// CHECK-NEXT: bound: NoC, commands of core (2,1) brisc:
// CHECK: bank 0: 6400 B read

// CHECK: program compute:
// CHECK-NEXT: bound: compute, the engine of core (0,0): compute 9
// CHECK-NEXT: matrix engine: 1000 tile products, 9{{[0-9.]+}} % of what 1 core can do
// CHECK: compute unpack 1 {{[0-9]+}} (0,0) busy {{[0-9.]+}} source-free {{[0-9.]+}}
// CHECK: math matmul 1000 67500
// CHECK: zone products: math, 1 times, [[EACH:[0-9]+]] cycles each, [[EACH]] to [[EACH]]

// CHECK: program launch:
// CHECK-NEXT: bound: launch: compute 0.0 %, DRAM 0.0 %, NoC {{[0-9.]+}} %, launch 99
// CHECK: move brisc 1 {{[0-9]+}} (7,7) busy 100.0
