// RUN: %program
// What calls of the compute threads and launches cost, on both architectures.
// The numbers are those of the sources that targets/arch names, in cycles.

#include "tessera/clock.h"
#include "tessera/sim.h"

#include <stdio.h>
#include <string.h>

static tsr_target chips[2]; // n150, p150

static double cycles(uint64_t ticks) { return (double)ticks / TSR_CLOCK_TICKS; }

static double cost(int chip, uint32_t fidelity, tsr_clock_kind kind,
                   tsr_clock_compute_event what) {
  tsr_clock_kernel kernel = {.is_compute = true, .fidelity = fidelity};
  tsr_clock_event event = {.kind = (uint8_t)kind, .compute = what};
  return cycles(tsr_cost_compute(&chips[chip], &kernel, &event));
}

static int is(const char *what, double got, double want) {
  if (got > want - 0.3 && got < want + 0.3)
    return 0;
  return printf("%s: %.2f cycles, not %.2f\n", what, got, want);
}

static tsr_clock_compute_event matmul(uint8_t rows, uint8_t cols,
                                      uint8_t format) {
  return (tsr_clock_compute_event){.setup = TSR_SIM_SETUP_MATMUL,
                                   .format_a = format,
                                   .format_b = format,
                                   .rows = rows,
                                   .cols = cols,
                                   .has_a = true,
                                   .has_b = true};
}

// One phase of fidelity is 16 cycles; a block loads one operand less often.
static int matmuls(void) {
  tsr_clock_compute_event block = matmul(4, 2, TSR_SIM_BFP8_B);
  tsr_clock_compute_event tile = matmul(1, 1, TSR_SIM_FLOAT16_B);
  return is("LoFi", cost(0, 1, TSR_CLOCK_MATH, block), 19.5) ||
         is("HiFi2", cost(0, 2, TSR_CLOCK_MATH, block), 35.5) ||
         is("HiFi4", cost(0, 4, TSR_CLOCK_MATH, block), 67.5) ||
         is("HiFi2, p150", cost(1, 2, TSR_CLOCK_MATH, block), 34) ||
         is("one tile", cost(0, 4, TSR_CLOCK_MATH, tile), 77.5) ||
         is("unpack of 4x2", cost(0, 1, TSR_CLOCK_UNPACK, block), 17) ||
         is("unpack of 2x4",
            cost(0, 1, TSR_CLOCK_UNPACK, matmul(2, 4, TSR_SIM_BFP8_B)), 17) ||
         is("unpack of one tile", cost(0, 1, TSR_CLOCK_UNPACK, tile), 64) ||
         is("unpack of one tile, p150", cost(1, 1, TSR_CLOCK_UNPACK, tile),
            25.6);
}

static int unpacks(void) {
  tsr_clock_compute_event one = {
      .setup = TSR_SIM_SETUP_COPY, .format_a = TSR_SIM_FLOAT32, .has_a = true};
  tsr_clock_compute_event pair = {.setup = TSR_SIM_SETUP_ADD,
                                  .format_a = TSR_SIM_FLOAT16_B,
                                  .format_b = TSR_SIM_FLOAT16_B,
                                  .has_a = true,
                                  .has_b = true};
  tsr_clock_compute_event row = pair, element = pair, rows = one;
  row.broadcast = TSR_SIM_BROADCAST_ROW;
  element.broadcast = TSR_SIM_BROADCAST_SCALAR;
  rows.setup = TSR_SIM_SETUP_TILIZE;
  rows.format_a = TSR_SIM_FLOAT16_B;
  return is("fp32", cost(0, 1, TSR_CLOCK_UNPACK, one), 64) ||
         is("pair", cost(0, 1, TSR_CLOCK_UNPACK, pair), 64) ||
         is("pair, p150", cost(1, 1, TSR_CLOCK_UNPACK, pair), 25.6) ||
         is("row", cost(0, 1, TSR_CLOCK_UNPACK, row), 48) ||
         is("element", cost(0, 1, TSR_CLOCK_UNPACK, element), 40) ||
         is("rows to a tile", cost(0, 1, TSR_CLOCK_UNPACK, rows), 73) ||
         is("rows to a tile, p150", cost(1, 1, TSR_CLOCK_UNPACK, rows), 66.9);
}

static int maths(void) {
  tsr_clock_compute_event add = {.setup = TSR_SIM_SETUP_ADD};
  tsr_clock_compute_event mul = {.setup = TSR_SIM_SETUP_MUL};
  tsr_clock_compute_event reuse = {.setup = TSR_SIM_SETUP_ADD,
                                   .reuse = TSR_SIM_REUSE_AS_A};
  tsr_clock_compute_event copy = {.setup = TSR_SIM_SETUP_COPY};
  tsr_clock_compute_event turn = {.setup = TSR_SIM_SETUP_TRANSPOSE};
  tsr_clock_compute_event reduce = {.setup = TSR_SIM_SETUP_REDUCE,
                                    .param = TSR_SIM_REDUCE_ROW};
  int wrong = is("add", cost(0, 4, TSR_CLOCK_MATH, add), 8) ||
              is("mul, LoFi", cost(0, 1, TSR_CLOCK_MATH, mul), 8) ||
              is("mul, HiFi4", cost(0, 4, TSR_CLOCK_MATH, mul), 32) ||
              is("add to DST", cost(0, 4, TSR_CLOCK_MATH, reuse), 24) ||
              is("copy", cost(0, 4, TSR_CLOCK_MATH, copy), 16) ||
              is("transpose", cost(0, 4, TSR_CLOCK_MATH, turn), 64) ||
              is("rows, HiFi4", cost(0, 4, TSR_CLOCK_MATH, reduce), 156) ||
              is("rows, LoFi", cost(1, 1, TSR_CLOCK_MATH, reduce), 35);
  reduce.param = TSR_SIM_REDUCE_COL;
  wrong = wrong || is("columns", cost(1, 4, TSR_CLOCK_MATH, reduce), 83);
  reduce.param = TSR_SIM_REDUCE_SCALAR;
  return wrong || is("all", cost(0, 4, TSR_CLOCK_MATH, reduce), 173) ||
         is("all, p150", cost(1, 4, TSR_CLOCK_MATH, reduce), 158);
}

// By name; over fewer rows of the tile; an operation nobody has measured.
static int vectors(void) {
  tsr_clock_compute_event rsqrt = {.sfpu = TSR_SIM_SFPU_RSQRT};
  tsr_clock_compute_event recip = {.sfpu = TSR_SIM_SFPU_RECIP};
  tsr_clock_compute_event column = {.sfpu = TSR_SIM_SFPU_RSQRT,
                                    .iterations = 8};
  tsr_clock_compute_event unknown = {.sfpu = TSR_SIM_SFPU_COUNT};
  return is("rsqrt, p150", cost(1, 4, TSR_CLOCK_SFPU, rsqrt), 1010) ||
         is("recip, p150", cost(1, 4, TSR_CLOCK_SFPU, recip), 1202) ||
         is("rsqrt of a column", cost(1, 4, TSR_CLOCK_SFPU, column), 252.5) ||
         is("unknown", cost(0, 4, TSR_CLOCK_SFPU, unknown), 160);
}

// Every operation has a cost of its own, and no other name has one.
static int names(void) {
  static const char *const calls[] = {
#define TSR_SIM_UNARY(id, call, kind, init)   call,
#define TSR_SIM_BINARY(id, call, kind, init)  call,
#define TSR_SIM_TERNARY(id, call, kind, init) call,
#define TSR_SIM_WHOLE(id, call, kind, init)   call,
#include "tessera/sim_sfpu.def"
  };
  enum { COUNT = sizeof calls / sizeof *calls };
  for (int chip = 0; chip < 2; chip++)
    for (uint32_t i = 0; i < COUNT; i++) {
      uint32_t at = 0;
      while (at < chips[chip].sfpu_millicycles_count &&
             strcmp(chips[chip].sfpu_millicycles[at].name, calls[i]) != 0)
        at++;
      if (at == chips[chip].sfpu_millicycles_count)
        return printf("%s: '%s' has no cost\n", chips[chip].name, calls[i]);
    }
  for (uint32_t at = 0; at < chips[0].sfpu_millicycles_count; at++) {
    uint32_t i = 0;
    while (i < COUNT &&
           strcmp(chips[0].sfpu_millicycles[at].name, calls[i]) != 0)
      i++;
    if (i == COUNT)
      return printf("'%s' is no operation\n",
                    chips[0].sfpu_millicycles[at].name);
  }
  return 0;
}

static int packs(void) {
  tsr_clock_compute_event pack = {.format_a = TSR_SIM_FLOAT16_B};
  tsr_clock_compute_event wide = {.format_a = TSR_SIM_FLOAT32};
  tsr_clock_compute_event rows = {
      .format_a = TSR_SIM_FLOAT16_B, .untilize = true, .cols = 4};
  tsr_clock_compute_event none = {0};
  return is("pack", cost(0, 4, TSR_CLOCK_PACK, pack), 32) ||
         is("pack fp32", cost(0, 4, TSR_CLOCK_PACK, wide), 64) ||
         is("pack rows", cost(0, 4, TSR_CLOCK_PACK, rows), 52.25) ||
         is("section", 2 * cost(0, 4, TSR_CLOCK_DST_ACQUIRE, none), 35) ||
         is("section, pack", 2 * cost(0, 4, TSR_CLOCK_DST_RELEASE, none), 22) ||
         is("init", cost(0, 4, TSR_CLOCK_INIT, none), 60) ||
         is("reconfig", cost(0, 4, TSR_CLOCK_RECONFIG, none), 70) ||
         is("not the engine's", cost(0, 4, TSR_CLOCK_READ, none), 0);
}

static double launch_us(int chip, const tsr_clock_kernel *kernels, size_t count,
                        uint32_t cbs) {
  const tsr_target *target = &chips[chip];
  tsr_clock_program program = {.kernels = kernels,
                               .kernel_count = count,
                               .cb_count = cbs,
                               .core_count =
                                   target->grid_cols * target->grid_rows};
  tsr_clock_launch launch = tsr_cost_launch(target, &program);
  return cycles(launch.dispatch + launch.skew + launch.tail) /
         target->clock_mhz;
}

static int launch_is(const char *what, double got, double want) {
  if (got > want * 0.93 && got < want * 1.07)
    return 0;
  return printf("%s: %.3f us, not %.2f\n", what, got, want);
}

// Against the measured launches of traced programs, code of 1 KB.
static int launches(void) {
  tsr_clock_kernel all[3] = {{0}, {0}, {.is_compute = true}};
  tsr_clock_kernel args[3] = {
      {.arg_count = 128}, {.arg_count = 128}, {.is_compute = true}};
  tsr_clock_kernel common[3] = {
      {.common_arg_count = 128}, {0}, {.is_compute = true}};
  tsr_clock_kernel groups[24] = {{0}};
  for (int i = 0; i < 8; i++)
    groups[i].is_compute = true;
  tsr_clock_program grid = {.core_count = 64};
  return launch_is("one processor", launch_us(0, all, 1, 0), 2.51) ||
         launch_is("all, one buffer", launch_us(0, all, 3, 1), 3.27) ||
         launch_is("all, one buffer, p150", launch_us(1, all, 3, 1), 2.61) ||
         launch_is("32 buffers", launch_us(0, all, 3, 32), 3.30) ||
         launch_is("128 arguments", launch_us(0, args, 3, 1), 9.1) ||
         launch_is("128 arguments, p150", launch_us(1, args, 3, 1), 6.6) ||
         launch_is("128 common", launch_us(0, common, 3, 1), 3.4) ||
         launch_is("8 groups", launch_us(0, groups, 24, 1), 6.0) ||
         launch_is("8 groups, p150", launch_us(1, groups, 24, 1), 5.4) ||
         is("skew", cycles(tsr_cost_launch(&chips[0], &grid).skew), 567);
}

int main(void) {
  char error[300] = "";
  if (tsr_target_load("n150", &chips[0], error, sizeof error) != TSR_OK ||
      tsr_target_load("p150", &chips[1], error, sizeof error) != TSR_OK)
    return printf("%s\n", error);
  return matmuls() || unpacks() || maths() || vectors() || names() || packs() ||
         launches();
}
