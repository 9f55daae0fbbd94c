// Bodies of the loops of tile_kernels.h that are the same for every processor:
// whoever includes this compiles them for one.

#ifndef TESSERA_LIB_SIM_TILE_LOOPS_H
#define TESSERA_LIB_SIM_TILE_LOOPS_H

#include "internal.h"

#define TILE_LOOP static inline __attribute__((always_inline))

static const uint32_t sign_bit = 0x80000000u;
static const uint32_t exponent_bits = 0x7f800000u;

TILE_LOOP bool loop_is_nan(uint32_t bits) {
  return (bits & ~sign_bit) > exponent_bits;
}

TILE_LOOP bool loop_is_denormal(uint32_t bits) {
  return (bits & exponent_bits) == 0;
}

// The magnitude's carry rounds; ties grow, hence away from zero. A NaN keeps a
// mantissa bit, a denormal its sign.
//
// src    tt-isa-documentation, WormholeB0, Packers/FormatConversion.md, "Early
//        format conversion"; SFPSTOCHRND_FloatFloat.md
TILE_LOOP uint32_t loop_round_bf16(uint32_t bits) {
  uint32_t rounded = (bits + 0x8000u) & 0xffff0000u;
  uint32_t quiet = (bits & 0xffff0000u) | 0x00400000u;
  uint32_t number = loop_is_denormal(bits) ? bits & sign_bit : rounded;
  return loop_is_nan(bits) ? quiet : number;
}

TILE_LOOP void loop_round_tile_bf16(float *tile) {
  for (size_t i = 0; i < TILE_ELEMS; i++)
    tile[i] = float_of(loop_round_bf16(bits_of(tile[i])));
}

TILE_LOOP float loop_unpack_element(uint16_t half, bool to_source) {
  uint32_t bits = (uint32_t)half << 16;
  uint32_t quiet = loop_is_nan(bits) ? bits | 0x00400000u : bits;
  uint32_t kept = loop_is_denormal(bits) ? bits & sign_bit : quiet;
  return float_of(to_source ? kept : bits);
}

TILE_LOOP void loop_unpack_bf16(const char *l1, float *out, bool to_source) {
  for (size_t face = 0; face < 4; face++)
    for (size_t row = 0; row < FACE_SIDE; row++) {
      float *to = out + face_row_start(face, row);
      for (size_t i = 0; i < FACE_SIDE; i++) {
        uint16_t half = 0;
        memcpy(&half, l1 + i * sizeof half, sizeof half);
        to[i] = loop_unpack_element(half, to_source);
      }
      l1 += FACE_SIDE * sizeof(uint16_t);
    }
}

TILE_LOOP void loop_pack_bf16(const float *tile, char *l1) {
  for (size_t face = 0; face < 4; face++)
    for (size_t row = 0; row < FACE_SIDE; row++) {
      const float *from = tile + face_row_start(face, row);
      for (size_t i = 0; i < FACE_SIDE; i++) {
        uint16_t half = (uint16_t)(loop_round_bf16(bits_of(from[i])) >> 16);
        memcpy(l1 + i * sizeof half, &half, sizeof half);
      }
      l1 += FACE_SIDE * sizeof(uint16_t);
    }
}

// Which NaN comes out of an addition of two depends on the processor and on the
// compiler.
TILE_LOOP void loop_canonicalize(float *tile) {
  for (size_t i = 0; i < TILE_ELEMS; i++) {
    uint32_t bits = bits_of(tile[i]);
    tile[i] = float_of(loop_is_nan(bits) ? canonical_nan : bits);
  }
}

#endif
