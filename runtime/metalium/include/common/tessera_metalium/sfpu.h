// What the headers of vector-unit operations share. MATH alone does them.
//
// These headers are written out, not expanded from tessera/sim_sfpu.def: a row
// is an operation of the model, a call is a signature of tt-metal's. One row
// has several calls (eqz_tile_int32, _uint16, _uint32), one call several rows
// (logical_not_tile<format>), and templates, defaults, the order of scalars,
// what a scalar's bits mean and the header's name belong to the call. A table
// that said all this would be these headers in another spelling.
// test/runtime/sfpu-rows.test finds calls that do another row than theirs.

#ifndef TESSERA_METALIUM_SFPU_H
#define TESSERA_METALIUM_SFPU_H

#include "tessera_metalium/compute.h"

namespace tessera {

// Scalars of a call, as bits.
struct scalars {
  uint32_t first = 0, second = 0, third = 0;
};

// The form of an op, where template arguments choose what its init programs. A
// call that needs nothing of that has any form (tt-llk, the functions named
// _init_* under sfpu/, April 2026).
enum form : uint32_t { ANY_FORM, FIRST_FORM, SECOND_FORM };

constexpr form form_if(bool is_first) {
  return is_first ? FIRST_FORM : SECOND_FORM;
}

constexpr tsr_sim_sfpu_args sfpu_args(scalars words, uint32_t value_bits,
                                      int vector_mode, uint32_t form = ANY_FORM,
                                      uint32_t format = TSR_SIM_MOVED_AS_DST) {
  const bool is_part =
      vector_mode == VectorMode::R || vector_mode == VectorMode::C;
  return tsr_sim_sfpu_args{{words.first, words.second, words.third, value_bits},
                           is_part ? static_cast<tsr_sim_faces>(vector_mode)
                                   : TSR_SIM_FACES_ALL,
                           form,
                           format};
}

constexpr bool is_integer(DataFormat format) {
  return format == DataFormat::Int32 || format == DataFormat::UInt32 ||
         format == DataFormat::UInt16 || format == DataFormat::UInt8 ||
         format == DataFormat::Int8;
}

// The bits an integer of a format has.
constexpr uint32_t value_bits(DataFormat format) {
  return format == DataFormat::UInt16  ? 0xffffu
         : format == DataFormat::UInt8 ? 0xffu
                                       : ~0u;
}

ALWI void sfpu_init(tsr_sim_sfpu op, tsr_sim_where where) {
  MATH((tsr_sim_sfpu_init(op, where)));
}

// `word`: what the op finds later.
ALWI void sfpu_init_form(tsr_sim_sfpu op, uint32_t form, tsr_sim_where where,
                         uint32_t word = 0) {
  MATH((tsr_sim_sfpu_init_with(op, form, word, where)));
}

ALWI void sfpu_unary(tsr_sim_sfpu op, uint32_t dst, tsr_sim_where where,
                     scalars words = {}, int vector_mode = VectorMode::RC,
                     uint32_t form = ANY_FORM,
                     uint32_t format = TSR_SIM_MOVED_AS_DST) {
  MATH((tsr_sim_sfpu_unary_with(
      op, dst, sfpu_args(words, ~0u, vector_mode, form, format), where)));
}

// Of an op on integers, in as many bits as `format` has.
template <DataFormat format>
ALWI void sfpu_integers(tsr_sim_sfpu op, uint32_t dst, tsr_sim_where where) {
  sfpu_unary(op, dst, where, {}, VectorMode::RC, ANY_FORM,
             static_cast<uint32_t>(format));
}

ALWI void sfpu_binary(tsr_sim_sfpu op, uint32_t a, uint32_t b, uint32_t out,
                      tsr_sim_where where, uint32_t value_bits = ~0u,
                      int vector_mode = VectorMode::RC) {
  MATH((tsr_sim_sfpu_binary_with(
      op, a, b, out, sfpu_args({}, value_bits, vector_mode), where)));
}

constexpr bool is_one_of(DataFormat format, DataFormat a, DataFormat b,
                         DataFormat c) {
  return format == a || format == b || format == c;
}

// Ops that are told which integers there are, and their formats.
template <DataFormat format> constexpr void check_integers() {
  static_assert(is_one_of(format, DataFormat::Int32, DataFormat::UInt32,
                          DataFormat::UInt16),
                "the format is Int32, UInt32 or UInt16");
}

template <DataFormat format>
ALWI void sfpu_integers(tsr_sim_sfpu op, uint32_t a, uint32_t b, uint32_t out,
                        tsr_sim_where where, uint32_t form = ANY_FORM) {
  check_integers<format>();
  MATH((
      tsr_sim_sfpu_binary_with(op, a, b, out,
                               sfpu_args({}, value_bits(format), VectorMode::RC,
                                         form, static_cast<uint32_t>(format)),
                               where)));
}

ALWI void sfpu_ternary(tsr_sim_sfpu op, uint32_t a, uint32_t b, uint32_t c,
                       uint32_t out, tsr_sim_where where, scalars words = {},
                       uint32_t format = TSR_SIM_MOVED_AS_DST) {
  MATH((tsr_sim_sfpu_ternary(
      op, a, b, c, out, sfpu_args(words, ~0u, VectorMode::RC, ANY_FORM, format),
      where)));
}

} // namespace tessera

#endif
