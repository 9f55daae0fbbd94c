// RUN: %program
// One initiator: n commands of S bytes and a barrier take
// L0 + (n-1) max(i, S/BW) + S/BW, as fits of published measurements say, within
// what the fits are good for.

#include "play.h"

typedef struct pattern {
  const char *name;
  const char *target;
  tsr_clock_kind kind;
  tsr_clock_memory memory;
  bool is_interleaved;
  uint32_t x, y; // the other core, where it is one
  double latency, issue, rate;
  double percent; // how far off it may be
} pattern;

static const pattern patterns[] = {
    {"wh l1 read, same row", "n150", TSR_CLOCK_READ, TSR_CLOCK_L1, false, 5, 0,
     205, 25, 28.7, 10},
    {"wh l1 read", "n150", TSR_CLOCK_READ, TSR_CLOCK_L1, false, 5, 4, 293, 25,
     28.7, 10},
    {"wh l1 write, same column", "n150", TSR_CLOCK_WRITE, TSR_CLOCK_L1, false,
     0, 4, 210, 22, 31.1, 10},
    {"wh l1 write", "n150", TSR_CLOCK_WRITE, TSR_CLOCK_L1, false, 5, 4, 293, 22,
     31.1, 10},
    {"wh dram read, interleaved", "n150", TSR_CLOCK_READ, TSR_CLOCK_DRAM, true,
     0, 0, 390, 35.8, 30.6, 10},
    {"wh dram write, interleaved", "n150", TSR_CLOCK_WRITE, TSR_CLOCK_DRAM,
     true, 0, 0, 411, 39.8, 28.4, 10},
    {"wh dram read, one bank", "n150", TSR_CLOCK_READ, TSR_CLOCK_DRAM, false, 0,
     0, 397, 21, 22.1, 10},
    {"wh dram write, one bank", "n150", TSR_CLOCK_WRITE, TSR_CLOCK_DRAM, false,
     0, 0, 425, 25, 21.9, 10},
    {"bh l1 read, same row", "p150", TSR_CLOCK_READ, TSR_CLOCK_L1, false, 5, 0,
     226, 34.9, 61.5, 13},
    {"bh l1 read", "p150", TSR_CLOCK_READ, TSR_CLOCK_L1, false, 5, 4, 373, 34.9,
     61.5, 10},
    {"bh l1 write", "p150", TSR_CLOCK_WRITE, TSR_CLOCK_L1, false, 5, 4, 358, 23,
     62.1, 10},
    {"bh dram read, interleaved", "p150", TSR_CLOCK_READ, TSR_CLOCK_DRAM, true,
     0, 0, 482, 27, 60.2, 10},
    {"bh dram write, interleaved", "p150", TSR_CLOCK_WRITE, TSR_CLOCK_DRAM,
     true, 0, 0, 406, 31, 59.8, 10},
    {"bh dram read, one bank", "p150", TSR_CLOCK_READ, TSR_CLOCK_DRAM, false, 0,
     0, 481, 22.1, 40.5, 21},
    {"bh dram write, one bank", "p150", TSR_CLOCK_WRITE, TSR_CLOCK_DRAM, false,
     0, 0, 380, 26, 40.0, 21},
};

static double run(const pattern *of, uint32_t count, uint32_t bytes) {
  static play p;
  play_begin(&p, of->target);
  size_t self = play_thread(play_core(&p, 0, 0), 0);
  // A bank that is in neither the row nor the column of the core.
  uint32_t other = of->memory == TSR_CLOCK_L1 ? play_core(&p, of->x, of->y) : 2;
  for (uint32_t i = 0; i < count; i++) {
    if (of->is_interleaved)
      call(self, TSR_CLOCK_ADDRESS);
    transfer(self, of->kind, 0, of->memory,
             of->is_interleaved ? i % p.target.dram_banks : other, bytes);
  }
  barrier(self,
          of->kind == TSR_CLOCK_READ ? TSR_CLOCK_READ_BARRIER
                                     : TSR_CLOCK_WRITE_BARRIER,
          0);
  return play_end();
}

static void compare(const pattern *of, uint32_t count, uint32_t bytes) {
  double each = bytes / of->rate;
  double want =
      of->latency + each + (count - 1) * (each > of->issue ? each : of->issue);
  char name[120];
  snprintf(name, sizeof name, "%s, %u x %u B", of->name, count, bytes);
  expect(name, run(of, count, bytes), want, of->percent);
}

// A single command to DRAM takes longer than that by what the bank is slower
// than the NoC: as measured.
static void compare_single(const pattern *of, uint32_t bytes, double want) {
  char name[120];
  snprintf(name, sizeof name, "%s, 1 x %u B", of->name, bytes);
  expect(name, run(of, 1, bytes), want, 11);
}

static const pattern *find(const char *name) {
  const pattern *at = patterns;
  while (strcmp(at->name, name) != 0)
    at++;
  return at;
}

static void compare_singles(const char *name, const double *cycles) {
  const pattern *of = find(name);
  compare_single(of, 64, cycles[0]);
  compare_single(of, 256, cycles[1]);
  for (uint32_t i = 0; i < 4; i++)
    compare_single(of, 1024u << i, cycles[2 + i]);
}

int main(void) {
  compare_singles("wh l1 read", (double[]){293, 301, 333, 366, 437, 581});
  compare_singles("wh l1 write", (double[]){293, 309, 334, 375, 464, 613});
  compare_singles("bh l1 read", (double[]){373, 372, 388, 414, 439, 510});
  compare_singles("bh l1 write", (double[]){358, 360, 375, 403, 432, 510});
  compare_singles("wh dram read, interleaved",
                  (double[]){390, 398, 430, 479, 558, 878});
  compare_singles("wh dram write, interleaved",
                  (double[]){411, 427, 467, 511, 595, 763});
  compare_singles("bh dram read, interleaved",
                  (double[]){482, 488, 522, 539, 576, 664});
  compare_singles("bh dram write, interleaved",
                  (double[]){406, 394, 396, 420, 453, 522});
  static const uint32_t counts[] = {4, 16, 64, 256};
  static const uint32_t sizes[] = {64, 256, 1024, 2048, 4096, 8192};
  for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
    for (size_t n = 0; n < sizeof counts / sizeof *counts; n++)
      for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        compare(&patterns[i], counts[n], sizes[s]);
  return failures != 0;
}
