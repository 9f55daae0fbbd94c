// Block floating point: 16 values, one row of a face, share an exponent. Each
// is a sign and a magnitude without an implicit one: 7, 3 or 1 bits of it.
//
// A tile starts with its 64 exponents, a byte each in the order of the faces'
// rows; the values follow in the same order, the first in the lowest bits.
// Formats whose name ends in _b have exponents of 8 bits as bf16 has, the
// others 5 bits as fp16 has.
// src    Tenstorrent's ISA documentation, "Packers/FormatConversion",
//        "FloatBitPatterns"

#include "internal.h"

#include <string.h>

enum {
  GROUP = FACE_SIDE,
  GROUPS = TILE_ELEMS / GROUP,
  WIDE_BIAS = 127,
  HALF_BIAS = 15,
  HALF_TOP = 31 // the largest exponent of 5 bits
};

// Values of one byte each, before they are pressed into fewer bits.
enum { SIGN = 0x80, MAGNITUDE = 0x7f };

// -- To values ----------------------------------------------------------------

// 2 to the power of `exponent`, which is above that of the least denormal.
static float power_of_two(int exponent) {
  int biased = exponent + WIDE_BIAS;
  return float_of(biased > 0 ? (uint32_t)biased << 23
                             : (uint32_t)1 << (22 + biased));
}

// No magnitude with a sign stands for minus infinity.
static void unpack_group(const uint8_t *values, int exponent, float *out) {
  float scale = power_of_two(exponent - 6);
  for (size_t i = 0; i < GROUP; i++) {
    float magnitude = (float)(values[i] & MAGNITUDE) * scale;
    float value = values[i] & SIGN ? -magnitude : magnitude;
    out[i] = values[i] == SIGN ? -__builtin_inff() : value;
  }
}

// A group's bytes from its `bits`-wide fields.
static void widen_group(const uint8_t *packed, unsigned bits, uint8_t *out) {
  unsigned per_byte = 8 / bits;
  for (size_t i = 0; i < GROUP; i++) {
    unsigned field = (unsigned)packed[i / per_byte] >> (i % per_byte * bits);
    out[i] = (uint8_t)(field << (8 - bits));
  }
}

static void unpack_blocks(const char *l1, unsigned bits, int bias, float *out) {
  const uint8_t *exponents = (const uint8_t *)l1;
  const uint8_t *values = exponents + GROUPS;
  for (size_t group = 0; group < GROUPS; group++) {
    uint8_t wide[GROUP];
    widen_group(values + group * GROUP * bits / 8, bits, wide);
    unpack_group(wide, exponents[group] - bias,
                 out + face_row_start(group / FACE_SIDE, group % FACE_SIDE));
  }
}

// -- From values --------------------------------------------------------------

void round_tile_e8m6(float *tile) {
  for (size_t i = 0; i < TILE_ELEMS; i++) {
    uint32_t bits = bits_of(tile[i]);
    bool is_finite = (bits & 0x7f800000u) != 0x7f800000u;
    tile[i] = float_of((bits + (is_finite ? 0x10000u : 0)) & 0xfffe0000u);
  }
}

// Exponent, as stored, and magnitude of 8 bits; 0 and 0 for what is too small.
// The mantissa is cut off to that of bf16.
typedef struct split_value {
  int exponent;
  unsigned magnitude;
} split_value;

static split_value split(float x, int bias) {
  uint32_t bits = bits_of(x);
  int exponent = (int)(bits >> 23 & 0xff) - WIDE_BIAS + bias;
  if ((bits >> 23 & 0xff) == 0 || exponent < 0 ||
      (bias == HALF_BIAS && exponent == 0))
    return (split_value){0, 0};
  if (bias == HALF_BIAS && exponent > HALF_TOP)
    return (split_value){HALF_TOP, 0xff};
  return (split_value){exponent, 0x80 | (bits >> 16 & 0x7f)};
}

// Rounds the magnitudes to 7 bits at the largest exponent, ties away from
// zero, and returns that exponent.
static uint8_t pack_group(const float *from, int bias, uint8_t *out) {
  split_value parts[GROUP];
  int shared = 0;
  for (size_t i = 0; i < GROUP; i++) {
    parts[i] = split(from[i], bias);
    shared = parts[i].exponent > shared ? parts[i].exponent : shared;
  }
  for (size_t i = 0; i < GROUP; i++) {
    int shift = shared - parts[i].exponent;
    unsigned magnitude =
        shift > 8 ? 0 : (parts[i].magnitude + (1u << shift)) >> (shift + 1);
    magnitude = magnitude > MAGNITUDE ? MAGNITUDE : magnitude;
    out[i] = (uint8_t)(magnitude | (bits_of(from[i]) >> 31 ? SIGN : 0));
  }
  return (uint8_t)shared;
}

// Cuts the magnitudes off to what `bits` hold. Nothing left is plus zero.
static void narrow_group(const uint8_t *wide, unsigned bits, uint8_t *packed) {
  unsigned per_byte = 8 / bits;
  unsigned kept = 0xffu << (8 - bits);
  memset(packed, 0, GROUP * bits / 8);
  for (size_t i = 0; i < GROUP; i++) {
    unsigned value = wide[i] & kept & MAGNITUDE ? wide[i] & kept : 0;
    unsigned field = value >> (8 - bits) << (i % per_byte * bits);
    packed[i / per_byte] = (uint8_t)(packed[i / per_byte] | field);
  }
}

static void pack_blocks(const float *tile, unsigned bits, int bias, char *l1) {
  uint8_t *exponents = (uint8_t *)l1;
  uint8_t *values = exponents + GROUPS;
  for (size_t group = 0; group < GROUPS; group++) {
    uint8_t wide[GROUP];
    const float *from =
        tile + face_row_start(group / FACE_SIDE, group % FACE_SIDE);
    exponents[group] = pack_group(from, bias, wide);
    narrow_group(wide, bits, values + group * GROUP * bits / 8);
  }
}

// -- One pair of functions per row --------------------------------------------

#define BLOCK_FORMAT(id, bits, bias)                                           \
  void unpack_##id(const char *l1, float *out) {                               \
    unpack_blocks(l1, bits, bias, out);                                        \
  }                                                                            \
  void pack_##id(const float *tile, char *l1) {                                \
    pack_blocks(tile, bits, bias, l1);                                         \
  }

BLOCK_FORMAT(BFP8_B, 8, WIDE_BIAS)
BLOCK_FORMAT(BFP4_B, 4, WIDE_BIAS)
BLOCK_FORMAT(BFP2_B, 2, WIDE_BIAS)
BLOCK_FORMAT(BFP8, 8, HALF_BIAS)
BLOCK_FORMAT(BFP4, 4, HALF_BIAS)
BLOCK_FORMAT(BFP2, 2, HALF_BIAS)
