// Element by element on the FPU: add, sub, mul.

#ifndef TESSERA_API_COMPUTE_ELTWISE_BINARY_H
#define TESSERA_API_COMPUTE_ELTWISE_BINARY_H

#include "api/compute/common.h"

// Without its name until spring 2026.
#if TESSERA_METALIUM_MONTH >= 202608
enum class EltwiseBinaryType : uint8_t {
#else
enum EltwiseBinaryType : uint8_t {
#endif
  ELWMUL,
  ELWDIV,
  ELWADD,
  ELWSUB,
  ELWLESS
};

enum class EltwiseBinaryReuseDestType : uint8_t {
  NONE,
  DEST_TO_SRCA, // DST op circular buffer
  DEST_TO_SRCB  // circular buffer op DST
};

namespace tessera {

constexpr tsr_sim_reuse reuse_of(EltwiseBinaryReuseDestType reuse) {
  return reuse == EltwiseBinaryReuseDestType::DEST_TO_SRCA ? TSR_SIM_REUSE_AS_A
                                                           : TSR_SIM_REUSE_AS_B;
}

constexpr tsr_sim_setup setup_of(EltwiseBinaryType op) {
  return op == EltwiseBinaryType::ELWADD   ? TSR_SIM_SETUP_ADD
         : op == EltwiseBinaryType::ELWSUB ? TSR_SIM_SETUP_SUB
                                           : TSR_SIM_SETUP_MUL;
}

ALWI void init_binary(tsr_sim_config config, tsr_sim_where where) {
  UNPACK((tsr_sim_unpack_init(config, where)));
  MATH((tsr_sim_math_init(config, where)));
}

ALWI void run_binary(tsr_sim_config config, uint32_t a, uint32_t b,
                     uint32_t tile_a, uint32_t tile_b, uint32_t dst,
                     tsr_sim_where where) {
  UNPACK((tsr_sim_unpack_ab(config, a, b, tile_a, tile_b, where)));
  MATH((tsr_sim_binary(config, dst, where)));
}

} // namespace tessera

namespace ckernel {

ALWI void binary_op_init_common(uint32_t a, uint32_t b, uint32_t out,
                                tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::start_engine(a, b, out, where);
}

template <bool full_init, EltwiseBinaryType op>
ALWI void binary_tiles_init(uint32_t, uint32_t, bool accumulate = false,
                            tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  [[maybe_unused]] const tsr_sim_config config = tessera::setup(
      tessera::setup_of(op), false, TSR_SIM_BROADCAST_NONE, accumulate);
  if constexpr (full_init) {
    UNPACK((tsr_sim_unpack_init(config, where)));
  }
  MATH((tsr_sim_math_init(config, where)));
}

ALWI void add_tiles_init(uint32_t, uint32_t, bool accumulate = false,
                         tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_binary(tessera::setup(TSR_SIM_SETUP_ADD, false,
                                      TSR_SIM_BROADCAST_NONE, accumulate),
                       where);
}

ALWI void add_tiles(uint32_t a, uint32_t b, uint32_t tile_a, uint32_t tile_b,
                    uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::run_binary(tessera::setup(TSR_SIM_SETUP_ADD), a, b, tile_a, tile_b,
                      dst, where);
}

ALWI void sub_tiles_init(uint32_t, uint32_t, bool accumulate = false,
                         tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_binary(tessera::setup(TSR_SIM_SETUP_SUB, false,
                                      TSR_SIM_BROADCAST_NONE, accumulate),
                       where);
}

ALWI void sub_tiles(uint32_t a, uint32_t b, uint32_t tile_a, uint32_t tile_b,
                    uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::run_binary(tessera::setup(TSR_SIM_SETUP_SUB), a, b, tile_a, tile_b,
                      dst, where);
}

ALWI void mul_tiles_init(uint32_t, uint32_t,
                         tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_binary(
      tessera::setup(TSR_SIM_SETUP_MUL, false, TSR_SIM_BROADCAST_NONE, false),
      where);
}

ALWI void mul_tiles(uint32_t a, uint32_t b, uint32_t tile_a, uint32_t tile_b,
                    uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::run_binary(tessera::setup(TSR_SIM_SETUP_MUL), a, b, tile_a, tile_b,
                      dst, where);
}

template <EltwiseBinaryType op, EltwiseBinaryReuseDestType reuse>
ALWI void binary_dest_reuse_tiles_init(uint32_t,
                                       tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_binary(
      tessera::reuse_setup(tessera::setup_of(op), tessera::reuse_of(reuse)),
      where);
}

template <EltwiseBinaryType op, EltwiseBinaryReuseDestType reuse>
ALWI void binary_dest_reuse_tiles(uint32_t cb, uint32_t tile, uint32_t dst,
                                  tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  [[maybe_unused]] const tsr_sim_config config =
      tessera::reuse_setup(tessera::setup_of(op), tessera::reuse_of(reuse));
  UNPACK((tsr_sim_unpack_a(config, cb, tile, where)));
  MATH((tsr_sim_binary_reuse(config, dst, where)));
}

#if TESSERA_METALIUM_MONTH >= 202609
ALWI void add_init(uint32_t a, uint32_t b, bool accumulate = false,
                   tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  add_tiles_init(a, b, accumulate, where);
}

ALWI void sub_init(uint32_t a, uint32_t b, bool accumulate = false,
                   tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  sub_tiles_init(a, b, accumulate, where);
}

ALWI void mul_init(uint32_t a, uint32_t b,
                   tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  mul_tiles_init(a, b, where);
}

template <EltwiseBinaryReuseDestType reuse>
ALWI void add_reuse_dest_init(uint32_t cb,
                              tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  binary_dest_reuse_tiles_init<EltwiseBinaryType::ELWADD, reuse>(cb, where);
}

template <EltwiseBinaryReuseDestType reuse>
ALWI void add_reuse_dest_tiles(uint32_t cb, uint32_t tile, uint32_t dst,
                               tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  binary_dest_reuse_tiles<EltwiseBinaryType::ELWADD, reuse>(cb, tile, dst,
                                                            where);
}

template <EltwiseBinaryReuseDestType reuse>
ALWI void sub_reuse_dest_init(uint32_t cb,
                              tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  binary_dest_reuse_tiles_init<EltwiseBinaryType::ELWSUB, reuse>(cb, where);
}

template <EltwiseBinaryReuseDestType reuse>
ALWI void sub_reuse_dest_tiles(uint32_t cb, uint32_t tile, uint32_t dst,
                               tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  binary_dest_reuse_tiles<EltwiseBinaryType::ELWSUB, reuse>(cb, tile, dst,
                                                            where);
}

template <EltwiseBinaryReuseDestType reuse>
ALWI void mul_reuse_dest_init(uint32_t cb,
                              tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  binary_dest_reuse_tiles_init<EltwiseBinaryType::ELWMUL, reuse>(cb, where);
}

template <EltwiseBinaryReuseDestType reuse>
ALWI void mul_reuse_dest_tiles(uint32_t cb, uint32_t tile, uint32_t dst,
                               tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  binary_dest_reuse_tiles<EltwiseBinaryType::ELWMUL, reuse>(cb, tile, dst,
                                                            where);
}

#endif

} // namespace ckernel

#endif
