// What typecast_tile makes of a tile's values.
// src    tt-llk, ckernel_sfpu_typecast.h (April 2026); Tenstorrent's ISA
//        documentation, "SFPSTOCHRND_FloatInt"

#include "sfpu.h"

// To the nearest, ties away from zero, from 0 to `most`.
static uint32_t nearest_up_to(float x, uint32_t most) {
  double rounded = (double)x + 0.5;
  if (!(rounded >= 1))
    return 0;
  return rounded >= most ? most : (uint32_t)rounded;
}

// Towards zero; what does not fit is the lowest integer, whatever its sign.
static uint32_t int32_of_float(float x) {
  static const float end = 2147483648.0f;
  bool fits = x > -end && x < end;
  return fits ? (uint32_t)(int32_t)x : 0x80000000u;
}

static uint32_t uint32_of_float(float x) {
  static const float end = 4294967296.0f;
  if (!(x > 0))
    return 0;
  return x < end ? (uint32_t)x : UINT32_MAX;
}

static uint32_t from_float(float x, uint32_t to) {
  switch ((tsr_sim_format)to) {
  case TSR_SIM_UINT16:
    return nearest_up_to(x, 65535);
  case TSR_SIM_UINT32:
    return uint32_of_float(x);
  case TSR_SIM_UINT8:
    return int32_of_float(x) & 0xff;
  default:
    return int32_of_float(x);
  }
}

static uint32_t from_integer(uint32_t x, bool is_signed, uint32_t to) {
  if (to == TSR_SIM_UINT16 && is_signed && (int32_t)x < 0)
    return 0;
  if (to == TSR_SIM_UINT16)
    return x > 65535 ? 65535 : x;
  return to == TSR_SIM_UINT8 ? x & 0xff : x;
}

static float float_of_integer(uint32_t x, bool is_signed) {
  return is_signed ? (float)(int32_t)x : (float)x;
}

void tile_typecast(uint32_t from, uint32_t to, float *tile) {
  bool was_integer = tsr_sim_format_kind(from) == TSR_SIM_KIND_INTEGER;
  bool is_signed = from == TSR_SIM_INT32 || from == TSR_SIM_INT8;
  bool becomes_integer = tsr_sim_format_kind(to) == TSR_SIM_KIND_INTEGER;
  for (size_t i = 0; i < TILE_ELEMS; i++) {
    uint32_t bits = bits_of(tile[i]);
    if (becomes_integer)
      tile[i] = float_of(was_integer ? from_integer(bits, is_signed, to)
                                     : from_float(tile[i], to));
    else if (was_integer)
      tile[i] = float_of_integer(bits, is_signed);
  }
  // Block formats are left to the packer; fp16 has no conversion of its own.
  if (!becomes_integer && to != TSR_SIM_FLOAT32)
    round_tile_bf16(tile);
}
