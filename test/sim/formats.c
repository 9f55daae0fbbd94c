// RUN: %program
// Every format of the table: its bytes in memory, and that values come back as
// they went, rounded where the packer rounds.

#include "tessera/sim.h"
#include "tessera/sim_math.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int failures;

static void check(bool holds, const char *what, double got, double want) {
  if (holds)
    return;
  printf("%s: %.9g, expected %.9g\n", what, got, want);
  failures++;
}

static float as_integer(int32_t value) {
  float x = 0;
  memcpy(&x, &value, sizeof x);
  return x;
}

// Packs one row of a tile's first face and the zeros after it, and unpacks.
static void turn(uint32_t format, const float *row, uint8_t *page, float *out) {
  float tile[TSR_TILE_ELEMS] = {0};
  memcpy(tile, row, 16 * sizeof *row);
  memset(page, 0xee, 4096);
  tsr_sim_tile_pack(format, tile, page);
  tsr_sim_tile_unpack(format, page, out);
}

// A value's nearest with `bits` of magnitude at the exponent of `most`, ties
// away from zero; fewer bits than 7 are cut off from those of 7.
static double nearest(double x, double most, int bits) {
  int exponent = 0;
  frexp(most, &exponent);
  double unit = ldexp(1, exponent - 7);
  double magnitude = floor(fabs(x) / unit + 0.5);
  magnitude = magnitude > 127 ? 127 : magnitude;
  double cut = ldexp(1, 7 - bits);
  return copysign(floor(magnitude / cut) * cut * unit, x);
}

static void check_block(uint32_t format, int bits) {
  uint8_t page[4096];
  float out[TSR_TILE_ELEMS];
  float row[16];
  for (int i = 0; i < 16; i++)
    row[i] = (float)(i % 2 ? -1 : 1) * (float)(i + 1) * 0.171875f;
  turn(format, row, page, out);
  for (int i = 0; i < 16; i++)
    check(out[i] == (float)nearest(row[i], row[15], bits),
          tsr_sim_format_name(format), out[i], nearest(row[i], row[15], bits));
  for (int i = 16; i < TSR_TILE_ELEMS; i++)
    check(out[i] == 0, "the rest", out[i], 0);
}

// Where the exponents lie, and the order of the values in a byte.
static void check_layout(void) {
  uint8_t page[4096];
  float out[TSR_TILE_ELEMS];
  float row[16] = {1.0f, -0.5f, 1.75f};
  turn(TSR_SIM_BFP8_B, row, page, out);
  check(page[0] == 127 && page[1] == 0, "exponent", page[0], 127);
  check(page[64] == 0x40 && page[65] == 0xa0 && page[66] == 0x70, "value",
        page[64], 0x40);
  turn(TSR_SIM_BFP4_B, row, page, out);
  check(page[64] == 0xa4 && page[65] == 0x07, "pair", page[64], 0xa4);
  turn(TSR_SIM_BFP2_B, row, page, out);
  check(page[64] == 0x11, "four", page[64], 0x11);
  turn(TSR_SIM_BFP8, row, page, out);
  check(page[0] == 15, "exponent of 5 bits", page[0], 15);
  check(tsr_sim_tile_bytes(TSR_SIM_BFP8_B) == 1088 &&
            tsr_sim_tile_bytes(TSR_SIM_BFP4_B) == 576 &&
            tsr_sim_tile_bytes(TSR_SIM_BFP2_B) == 320,
        "bytes", 0, 0);

  // The last row of the last face has the last exponent.
  float tile[TSR_TILE_ELEMS] = {0};
  tile[TSR_TILE_ELEMS - 1] = 4;
  tsr_sim_tile_pack(TSR_SIM_BFP8_B, tile, page);
  check(page[63] == 129 && page[1087] == 0x40, "last", page[63], 129);
}

// What block formats cannot hold.
static void check_extremes(void) {
  uint8_t page[4096];
  float out[TSR_TILE_ELEMS];
  // All ones round up beyond 7 bits and stay at the largest.
  float row[16] = {1.9921875f, 1e-40f, -1e-9f, 1e30f};
  row[3] = 0;
  turn(TSR_SIM_BFP8_B, row, page, out);
  check(out[0] == 1.984375f, "largest magnitude", out[0], 1.984375);
  check(out[1] == 0 && out[2] == 0, "too small", out[1], 0);
  // A sign without magnitude stands for minus infinity.
  page[0] = 127;
  page[64] = 0x80;
  tsr_sim_tile_unpack(TSR_SIM_BFP8_B, page, out);
  check(out[0] == -INFINITY, "sign alone", out[0], -INFINITY);
  float wide[16] = {1e9f, -1e9f, 1.0f};
  turn(TSR_SIM_BFP8, wide, page, out);
  check(out[0] == 130048.0f && out[1] == -130048.0f, "exponent of 5 bits",
        out[0], 130048);
}

static void check_half(void) {
  uint8_t page[4096];
  float out[TSR_TILE_ELEMS];
  float row[16] = {1.5f, -2049.0f, 1e6f, 3e-5f, 6.2e-5f, 65536.0f};
  turn(TSR_SIM_FLOAT16, row, page, out);
  // Cut off: the packer has rounded before. No infinity; denormals are zero.
  float want[6] = {1.5f, -2048.0f, 131008.0f, 0.0f, 6.1988831e-5f, 65536.0f};
  for (int i = 0; i < 6; i++)
    check(out[i] == want[i], "fp16", out[i], want[i]);
  check(page[0] == 0x00 && page[1] == 0x3e, "1.5", page[1], 0x3e);
  check(tsr_sim_round_fp16(2049.0f) == 2050.0f, "tie",
        tsr_sim_round_fp16(2049.0f), 2050);
  check(tsr_sim_round_fp16(-1e9f) == -131008.0f, "saturates",
        tsr_sim_round_fp16(-1e9f), -131008);
}

static void check_integers(uint32_t format, int32_t low, int32_t high,
                           int32_t below, int32_t above) {
  uint8_t page[4096];
  float out[TSR_TILE_ELEMS];
  float row[16] = {as_integer(low), as_integer(high), as_integer(below),
                   as_integer(above), as_integer(7)};
  turn(format, row, page, out);
  float want[5] = {row[0], row[1], row[0], row[1], row[4]};
  for (int i = 0; i < 5; i++)
    check(memcmp(&out[i], &want[i], sizeof out[i]) == 0,
          tsr_sim_format_name(format), i, 0);
}

int main(void) {
  check_block(TSR_SIM_BFP8_B, 7);
  check_block(TSR_SIM_BFP4_B, 3);
  check_block(TSR_SIM_BFP2_B, 1);
  check_block(TSR_SIM_BFP8, 7);
  check_block(TSR_SIM_BFP4, 3);
  check_block(TSR_SIM_BFP2, 1);
  check_layout();
  check_extremes();
  check_half();
  check_integers(TSR_SIM_INT32, INT32_MIN, INT32_MAX, INT32_MIN, INT32_MAX);
  check_integers(TSR_SIM_UINT32, 0, -1, 0, -1);
  check_integers(TSR_SIM_UINT16, 0, 65535, 65536, 131071);
  check_integers(TSR_SIM_UINT8, 0, 255, -3, 256);
  check_integers(TSR_SIM_INT8, -127, 127, -1000, 1000);
  return failures ? 1 : 0;
}
