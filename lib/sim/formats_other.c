// fp16 and the integer formats.
//
// fp16 here has no infinities and no NaN: the largest exponent is one more
// binade of numbers, and what is too large becomes the largest of them.
// Denormals are zero. DST holds integers as they are, 32 bits in two's
// complement, in the place of a float.
// src    Tenstorrent's ISA documentation, "FloatBitPatterns", "Dst",
//        "Packers/FormatConversion"

#include "internal.h"

#include <string.h>

// -- fp16 ---------------------------------------------------------------------

enum {
  HALF_MANTISSA = 10,
  WIDE_MANTISSA = 23,
  CUT = WIDE_MANTISSA - HALF_MANTISSA,
  REBIAS = 127 - 15,
  HALF_TOP = 31
};

static const uint32_t half_largest = 0x7fff;

static float float_of_half(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16;
  uint32_t exponent = half >> HALF_MANTISSA & HALF_TOP;
  uint32_t mantissa = (uint32_t)(half & 0x3ff) << CUT;
  if (exponent == 0)
    return float_of(sign);
  return float_of(sign | (exponent + REBIAS) << WIDE_MANTISSA | mantissa);
}

// Cuts off; `bits` of a float.
static uint16_t half_of_bits(uint32_t bits) {
  uint32_t sign = bits >> 16 & 0x8000;
  int exponent = (int)(bits >> WIDE_MANTISSA & 0xff) - REBIAS;
  if (exponent <= 0)
    return (uint16_t)sign;
  if (exponent > HALF_TOP)
    return (uint16_t)(sign | half_largest);
  uint32_t rest = bits >> CUT & 0x3ff;
  return (uint16_t)(sign | (uint32_t)exponent << HALF_MANTISSA | rest);
}

// An exponent of all ones would carry into the sign.
float tsr_sim_round_fp16(float x) {
  uint32_t bits = bits_of(x);
  bool is_finite = (bits & 0x7f800000u) != 0x7f800000u;
  return float_of_half(half_of_bits(bits + (is_finite ? 1u << (CUT - 1) : 0)));
}

float tsr_sim_truncate_fp16(float x) {
  return float_of_half(half_of_bits(bits_of(x)));
}

void round_tile_fp16(float *tile) {
  for (size_t i = 0; i < TILE_ELEMS; i++)
    tile[i] = tsr_sim_round_fp16(tile[i]);
}

void truncate_tile_fp16(float *tile) {
  for (size_t i = 0; i < TILE_ELEMS; i++)
    tile[i] = tsr_sim_truncate_fp16(tile[i]);
}

// c += a x b in two halves of k: zeros in the place of the others add nothing.
void tile_matmul_fp16(const float *a, const float *b, float *c) {
  for (size_t half = 0; half < 2; half++) {
    float part[TILE_ELEMS];
    for (size_t i = 0; i < TILE_ELEMS; i++)
      part[i] = i % TILE_SIDE / FACE_SIDE == half ? a[i] : 0;
    tile_matmul(part, b, c, false);
    round_tile_fp16(c);
  }
}

void transpose_faces(float *tile) {
  for (size_t row = 0; row < FACE_SIDE; row++)
    for (size_t col = 0; col < FACE_SIDE; col++) {
      float *right = &tile[face_row_start(1, row) + col];
      float *below = &tile[face_row_start(2, row) + col];
      float kept = *right;
      *right = *below;
      *below = kept;
    }
}

// -- Integers: where a value lies in the row-major tile -----------------------

static uint32_t int8_of(uint32_t sign_magnitude) {
  uint32_t magnitude = sign_magnitude & 0x7f;
  return sign_magnitude & 0x80 ? 0u - magnitude : magnitude;
}

// Saturates to what sign and magnitude hold.
static uint32_t of_int8(uint32_t bits) {
  int32_t value = (int32_t)bits;
  int32_t most = 127;
  int32_t kept = value > most ? most : value < -most ? -most : value;
  return kept < 0 ? 0x80u | (uint32_t)-kept : (uint32_t)kept;
}

static uint32_t of_uint8(uint32_t bits) {
  int32_t value = (int32_t)bits;
  return value < 0 ? 0 : value > 255 ? 255 : (uint32_t)value;
}

static uint32_t same(uint32_t bits) { return bits; }

// Values of `bytes` each, lowest byte first, by way of `convert`.
static inline void unpack_words(const char *l1, size_t bytes,
                                uint32_t (*convert)(uint32_t), float *out) {
  for (size_t face = 0; face < 4; face++)
    for (size_t row = 0; row < FACE_SIDE; row++)
      for (size_t col = 0; col < FACE_SIDE; col++) {
        uint32_t word = 0;
        memcpy(&word, l1, bytes);
        l1 += bytes;
        out[face_row_start(face, row) + col] = float_of(convert(word));
      }
}

static inline void pack_words(const float *tile, size_t bytes,
                              uint32_t (*convert)(uint32_t), char *l1) {
  for (size_t face = 0; face < 4; face++)
    for (size_t row = 0; row < FACE_SIDE; row++)
      for (size_t col = 0; col < FACE_SIDE; col++) {
        uint32_t word = convert(bits_of(tile[face_row_start(face, row) + col]));
        memcpy(l1, &word, bytes);
        l1 += bytes;
      }
}

// -- One pair of functions per row --------------------------------------------

static uint32_t bits_of_half(uint32_t half) {
  return bits_of(float_of_half((uint16_t)half));
}

static uint32_t half_of(uint32_t bits) { return half_of_bits(bits); }

#define WORD_FORMAT(id, bytes, from, to)                                       \
  void unpack_##id(const char *l1, float *out) {                               \
    unpack_words(l1, bytes, from, out);                                        \
  }                                                                            \
  void pack_##id(const float *tile, char *l1) {                                \
    pack_words(tile, bytes, to, l1);                                           \
  }

WORD_FORMAT(FLOAT16, 2, bits_of_half, half_of)
WORD_FORMAT(INT32, 4, same, same)
WORD_FORMAT(UINT32, 4, same, same)
WORD_FORMAT(UINT16, 2, same, same)
WORD_FORMAT(INT8, 1, int8_of, of_int8)
WORD_FORMAT(UINT8, 1, same, of_uint8)
