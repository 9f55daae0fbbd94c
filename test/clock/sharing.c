// RUN: %program
// What cores share: links, banks, the way into a core. And what they do not.

#include "play.h"

enum { COUNT = 64, BYTES = 8192 };

static void write_many(size_t self, uint8_t noc, uint32_t to) {
  for (int i = 0; i < COUNT; i++)
    transfer(self, TSR_CLOCK_WRITE, noc, TSR_CLOCK_L1, to, BYTES);
  barrier(self, TSR_CLOCK_WRITE_BARRIER, noc);
}

// Writers in row 0 from the columns of `from` to those of `to`.
static double writers(const uint32_t *from, const uint32_t *to, size_t count,
                      uint8_t noc) {
  static play p;
  play_begin(&p, "n150");
  for (size_t i = 0; i < count; i++)
    write_many(play_thread(play_core(&p, from[i], 0), 0), noc,
               play_core(&p, to[i], 0));
  return play_end();
}

// NoC 0 goes right: from columns 0 and 1 to 4 and 5 both need the links
// between 1 and 4. NoC 1 goes left, and there only one passes the other.
static void test_link(void) {
  double alone = writers((uint32_t[]){0}, (uint32_t[]){4}, 1, 0);
  double both = writers((uint32_t[]){0, 1}, (uint32_t[]){4, 5}, 2, 0);
  expect("two on one link", both, 2 * alone, 10);
  double apart = writers((uint32_t[]){0, 4}, (uint32_t[]){2, 6}, 2, 0);
  expect("two on links of their own", apart, alone, 2);
  expect("one on the other NoC",
         writers((uint32_t[]){4}, (uint32_t[]){0}, 1, 1), alone, 5);
}

// The two NoCs have links of their own.
static void test_nocs(void) {
  static play p;
  double alone = writers((uint32_t[]){0}, (uint32_t[]){4}, 1, 0);
  play_begin(&p, "n150");
  write_many(play_thread(play_core(&p, 0, 0), 0), 0, play_core(&p, 4, 0));
  write_many(play_thread(play_core(&p, 0, 0), 1), 1, play_core(&p, 4, 0));
  expect("both NoCs of a core", play_end(), alone, 5);
}

// `count` cores of a row read, all from bank 0 or each from its own.
static double readers(uint32_t count, bool is_shared) {
  static play p;
  play_begin(&p, "n150");
  for (uint32_t i = 0; i < count; i++) {
    size_t self = play_thread(play_core(&p, i, 0), 0);
    for (int k = 0; k < COUNT; k++)
      transfer(self, TSR_CLOCK_READ, 0, TSR_CLOCK_DRAM, is_shared ? 0 : i,
               BYTES);
    barrier(self, TSR_CLOCK_READ_BARRIER, 0);
  }
  double cycles = play_end();
  uint64_t bytes = 0;
  for (int i = 0; i < 12; i++)
    bytes += p.bank_bytes[i];
  check("bytes of the banks", bytes == (uint64_t)count * COUNT * BYTES);
  return cycles;
}

static void test_bank(void) {
  double alone = readers(1, true);
  expect("four on one bank", readers(4, true), 4 * alone, 10);
  expect("four on four banks", readers(4, false), alone, 15);
}

// Small pages: the bank takes a request only so often.
static void test_requests(void) {
  static play p;
  play_begin(&p, "p150");
  for (uint32_t i = 0; i < 4; i++) {
    size_t self = play_thread(play_core(&p, i, 0), 0);
    for (int k = 0; k < 1000; k++)
      transfer(self, TSR_CLOCK_READ, 0, TSR_CLOCK_DRAM, 0, 64);
    barrier(self, TSR_CLOCK_READ_BARRIER, 0);
  }
  expect("4000 small requests", play_end(), 4000 * 16.4, 5);
}

// Three write to one core: what it takes in is shared.
static void test_target(void) {
  static play p;
  double alone = writers((uint32_t[]){0}, (uint32_t[]){4}, 1, 0);
  play_begin(&p, "n150");
  for (uint32_t y = 1; y < 4; y++)
    write_many(play_thread(play_core(&p, 0, y), 0), 0, play_core(&p, 4, 0));
  expect("three to one core", play_end(), 3 * alone, 10);
}

// Everybody to everybody, and all banks from everywhere, comes to an end on
// both NoCs although packets wait for each other around the rings.
static void test_rings(void) {
  static play p;
  for (uint8_t noc = 0; noc < 2; noc++) {
    play_begin(&p, "n300");
    for (uint32_t core = 0; core < 56; core++) {
      size_t self = play_thread(core, 0);
      for (uint32_t to = 0; to < 56; to++) {
        transfer(self, TSR_CLOCK_WRITE, noc, TSR_CLOCK_L1, to, BYTES);
        transfer(self, TSR_CLOCK_READ, noc, TSR_CLOCK_L1, to, BYTES);
        transfer(self, TSR_CLOCK_READ, noc, TSR_CLOCK_DRAM, to % 12, BYTES);
        transfer(self, TSR_CLOCK_WRITE, noc, TSR_CLOCK_DRAM, to % 12, BYTES);
      }
      barrier(self, TSR_CLOCK_READ_BARRIER, noc);
      barrier(self, TSR_CLOCK_WRITE_BARRIER, noc);
    }
    double each = 56.0 * 4 * BYTES / play_end();
    check("all to all", each > 0.5 && each < 10);
  }
}

// A measured point: 56 cores that write 8 KB to each other get 3.6 B per cycle
// each; links alone would allow twice that.
static void test_grid(void) {
  static play p;
  play_begin(&p, "n300");
  for (uint32_t core = 0; core < 56; core++) {
    size_t self = play_thread(core, 0);
    for (uint32_t to = 0; to < 56; to++)
      for (int i = 0; i < 4; i++)
        transfer(self, TSR_CLOCK_WRITE, 0, TSR_CLOCK_L1, to, BYTES);
    barrier(self, TSR_CLOCK_WRITE_BARRIER, 0);
  }
  double each = 56.0 * 4 * BYTES / play_end();
  check("the full grid", each > 2.5 && each < 4.4);
}

int main(void) {
  test_link();
  test_nocs();
  test_bank();
  test_requests();
  test_target();
  test_rings();
  test_grid();
  return failures != 0;
}
