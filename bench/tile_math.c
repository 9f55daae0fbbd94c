// Compares the model's tile product with single-thread sgemm of OpenBLAS, which
// is loaded if it is there.
//
//   tile_math
//
// Prints a line for each: its name, then GFLOP per second of processor time, of
// the best of many short runs, which take turns, so that whatever else the
// machine does meets all of them alike.

#include "tessera/sim_math.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIZE = 1024, TILES = 16, ROUNDS = 15, PRODUCTS = 4096 };

static float *left, *right, *result; // SIZE x SIZE, row-major
static char pages[2 * TILES][TSR_TILE_ELEMS * 2];
static float tiles[2 * TILES][TSR_TILE_ELEMS];
static float sum[TSR_TILE_ELEMS];

// Of this process alone: others may be at work.
static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

// -- The contestants ----------------------------------------------------------

typedef void sgemm_fn(int order, int a_transposed, int b_transposed, int m,
                      int n, int k, float alpha, const float *a, int lda,
                      const float *b, int ldb, float beta, float *c, int ldc);
static sgemm_fn *sgemm;

static void load_sgemm(void) {
  void *library = dlopen("libopenblas.so.0", RTLD_NOW);
  if (!library)
    return;
  void *found = dlsym(library, "cblas_sgemm");
  void *threads = dlsym(library, "openblas_set_num_threads");
  void (*set_threads)(int) = NULL;
  memcpy(&sgemm, &found, sizeof found);
  memcpy(&set_threads, &threads, sizeof threads);
  if (set_threads)
    set_threads(1);
}

static double run_sgemm(void) {
  enum { ROW_MAJOR = 101, AS_IT_IS = 111 };
  sgemm(ROW_MAJOR, AS_IT_IS, AS_IT_IS, SIZE, SIZE, SIZE, 1, left, SIZE, right,
        SIZE, 0, result, SIZE);
  return 2.0 * SIZE * SIZE * SIZE;
}

static double product_flops(void) {
  return 2.0 * TSR_TILE_SIDE * TSR_TILE_ELEMS * PRODUCTS;
}

static double run_products(bool is_32bit) {
  for (int i = 0; i < PRODUCTS; i++)
    tsr_sim_tile_matmul(tiles[i % TILES], tiles[TILES + i / TILES % TILES], sum,
                        is_32bit);
  return product_flops();
}

static double run_wide(void) { return run_products(true); }
static double run_narrow(void) { return run_products(false); }

// As the engine does it: both tiles come from pages of bf16.
static double run_unpacked(void) {
  static float a[TSR_TILE_ELEMS], b[TSR_TILE_ELEMS];
  for (int i = 0; i < PRODUCTS; i++) {
    tsr_sim_tile_unpack(TSR_SIM_FLOAT16_B, pages[i % TILES], a);
    tsr_sim_tile_unpack(TSR_SIM_FLOAT16_B, pages[TILES + i / TILES % TILES], b);
    tsr_sim_tile_matmul(a, b, sum, true);
  }
  return product_flops();
}

typedef struct contestant {
  const char *name;
  double (*run)(void); // returns how many operations that was
  double best;         // operations per second
} contestant;

// -- Measuring ----------------------------------------------------------------

static float draw(uint32_t *state) {
  *state = *state * 1664525u + 1013904223u;
  return tsr_sim_round_bf16((float)(*state >> 8) / (float)(1 << 23) - 1.0f);
}

static void fill(void) {
  uint32_t state = 1;
  left = calloc(3 * SIZE * SIZE, sizeof *left);
  if (!left)
    exit(1);
  right = left + SIZE * SIZE;
  result = right + SIZE * SIZE;
  for (size_t i = 0; i < 2 * SIZE * SIZE; i++)
    left[i] = draw(&state);
  for (size_t t = 0; t < 2 * TILES; t++) {
    for (size_t i = 0; i < TSR_TILE_ELEMS; i++)
      tiles[t][i] = draw(&state);
    tsr_sim_tile_pack(TSR_SIM_FLOAT16_B, tiles[t], pages[t]);
  }
}

static void measure(contestant *one) {
  double start = now();
  double operations = one->run();
  double rate = operations / (now() - start);
  if (rate > one->best)
    one->best = rate;
}

int main(void) {
  contestant all[] = {{"sgemm", run_sgemm, 0},
                      {"products", run_wide, 0},
                      {"products-16-bit-dst", run_narrow, 0},
                      {"unpack-and-products", run_unpacked, 0}};
  fill();
  load_sgemm();
  size_t first = sgemm ? 0 : 1;
  for (int round = 0; round < ROUNDS; round++)
    for (size_t i = first; i < sizeof all / sizeof *all; i++)
      measure(&all[i]);
  for (size_t i = first; i < sizeof all / sizeof *all; i++)
    printf("%s %.2f\n", all[i].name, all[i].best * 1e-9);
  free(left);
  return 0;
}
