// Binary operations whose second operand is a row, a column or one element,
// repeated over the tile.

#ifndef TESSERA_API_COMPUTE_BCAST_H
#define TESSERA_API_COMPUTE_BCAST_H

#include "api/compute/common.h"
#include "api/compute/eltwise_binary.h"

enum class BroadcastType : uint8_t { NONE, COL, ROW, SCALAR };

namespace tessera {

constexpr tsr_sim_broadcast broadcast_of(BroadcastType dim) {
  return dim == BroadcastType::ROW      ? TSR_SIM_BROADCAST_ROW
         : dim == BroadcastType::COL    ? TSR_SIM_BROADCAST_COL
         : dim == BroadcastType::SCALAR ? TSR_SIM_BROADCAST_SCALAR
                                        : TSR_SIM_BROADCAST_NONE;
}

template <EltwiseBinaryType op, BroadcastType dim>
inline tsr_sim_config broadcast_setup() {
  return setup(setup_of(op), false, broadcast_of(dim));
}

template <EltwiseBinaryType op, BroadcastType dim>
ALWI void init_broadcast(tsr_sim_where where) {
  init_binary(broadcast_setup<op, dim>(), where);
}

template <EltwiseBinaryType op, BroadcastType dim>
ALWI void run_broadcast(uint32_t a, uint32_t b, uint32_t tile_a,
                        uint32_t tile_b, uint32_t dst, uint32_t row,
                        tsr_sim_where where) {
  tsr_sim_config config = broadcast_setup<op, dim>();
  config.broadcast_row = row;
  run_binary(config, a, b, tile_a, tile_b, dst, where);
}

} // namespace tessera

namespace ckernel {

template <EltwiseBinaryType op, BroadcastType dim>
ALWI void init_bcast(uint32_t a, uint32_t b, uint32_t out,
                     tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  binary_op_init_common(a, b, out, where);
  tessera::init_broadcast<op, dim>(where);
}

#if TESSERA_METALIUM_MONTH >= 202609
template <EltwiseBinaryType op, BroadcastType dim>
ALWI void bcast_init(uint32_t, uint32_t,
                     tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<op, dim>(where);
}
#endif

// `row`: which row of the second operand is repeated, with BroadcastType::ROW.
template <EltwiseBinaryType op, BroadcastType dim>
ALWI void any_tiles_bcast(uint32_t a, uint32_t b, uint32_t tile_a,
                          uint32_t tile_b, uint32_t dst, uint32_t row = 0,
                          tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::run_broadcast<op, dim>(a, b, tile_a, tile_b, dst, row, where);
}

template <BroadcastType dim>
ALWI void add_tiles_bcast(uint32_t a, uint32_t b, uint32_t tile_a,
                          uint32_t tile_b, uint32_t dst, uint32_t row = 0,
                          tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  any_tiles_bcast<EltwiseBinaryType::ELWADD, dim>(a, b, tile_a, tile_b, dst,
                                                  row, where);
}

template <BroadcastType dim>
ALWI void sub_tiles_bcast(uint32_t a, uint32_t b, uint32_t tile_a,
                          uint32_t tile_b, uint32_t dst, uint32_t row = 0,
                          tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  any_tiles_bcast<EltwiseBinaryType::ELWSUB, dim>(a, b, tile_a, tile_b, dst,
                                                  row, where);
}

template <BroadcastType dim>
ALWI void mul_tiles_bcast(uint32_t a, uint32_t b, uint32_t tile_a,
                          uint32_t tile_b, uint32_t dst, uint32_t row = 0,
                          tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  any_tiles_bcast<EltwiseBinaryType::ELWMUL, dim>(a, b, tile_a, tile_b, dst,
                                                  row, where);
}

ALWI void add_bcast_rows_init_short(uint32_t, uint32_t,
                                    tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<EltwiseBinaryType::ELWADD, BroadcastType::ROW>(where);
}

ALWI void add_tiles_bcast_rows(uint32_t a, uint32_t b, uint32_t tile_a,
                               uint32_t tile_b, uint32_t dst, uint32_t row = 0,
                               tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  add_tiles_bcast<BroadcastType::ROW>(a, b, tile_a, tile_b, dst, row, where);
}

ALWI void add_bcast_cols_init_short(uint32_t, uint32_t,
                                    tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<EltwiseBinaryType::ELWADD, BroadcastType::COL>(where);
}

ALWI void add_tiles_bcast_cols(uint32_t a, uint32_t b, uint32_t tile_a,
                               uint32_t tile_b, uint32_t dst,
                               tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  add_tiles_bcast<BroadcastType::COL>(a, b, tile_a, tile_b, dst, 0, where);
}

ALWI void add_bcast_scalar_init_short(uint32_t, uint32_t,
                                      tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<EltwiseBinaryType::ELWADD, BroadcastType::SCALAR>(
      where);
}

ALWI void add_tiles_bcast_scalar(uint32_t a, uint32_t b, uint32_t tile_a,
                                 uint32_t tile_b, uint32_t dst,
                                 tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  add_tiles_bcast<BroadcastType::SCALAR>(a, b, tile_a, tile_b, dst, 0, where);
}

ALWI void sub_bcast_cols_init_short(uint32_t, uint32_t,
                                    tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<EltwiseBinaryType::ELWSUB, BroadcastType::COL>(where);
}

ALWI void sub_tiles_bcast_cols(uint32_t a, uint32_t b, uint32_t tile_a,
                               uint32_t tile_b, uint32_t dst,
                               tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  sub_tiles_bcast<BroadcastType::COL>(a, b, tile_a, tile_b, dst, 0, where);
}

ALWI void
sub_tiles_bcast_scalar_init_short(uint32_t, uint32_t,
                                  tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<EltwiseBinaryType::ELWSUB, BroadcastType::SCALAR>(
      where);
}

ALWI void sub_tiles_bcast_scalar(uint32_t a, uint32_t b, uint32_t tile_a,
                                 uint32_t tile_b, uint32_t dst,
                                 tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  sub_tiles_bcast<BroadcastType::SCALAR>(a, b, tile_a, tile_b, dst, 0, where);
}

ALWI void mul_bcast_rows_init_short(uint32_t, uint32_t,
                                    tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<EltwiseBinaryType::ELWMUL, BroadcastType::ROW>(where);
}

ALWI void mul_tiles_bcast_rows(uint32_t a, uint32_t b, uint32_t tile_a,
                               uint32_t tile_b, uint32_t dst, uint32_t row = 0,
                               tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  mul_tiles_bcast<BroadcastType::ROW>(a, b, tile_a, tile_b, dst, row, where);
}

ALWI void mul_bcast_cols_init_short(uint32_t, uint32_t,
                                    tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<EltwiseBinaryType::ELWMUL, BroadcastType::COL>(where);
}

ALWI void mul_tiles_bcast_cols(uint32_t a, uint32_t b, uint32_t tile_a,
                               uint32_t tile_b, uint32_t dst,
                               tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  mul_tiles_bcast<BroadcastType::COL>(a, b, tile_a, tile_b, dst, 0, where);
}

ALWI void
mul_tiles_bcast_scalar_init_short(uint32_t, uint32_t,
                                  tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<EltwiseBinaryType::ELWMUL, BroadcastType::SCALAR>(
      where);
}

ALWI void mul_tiles_bcast_scalar(uint32_t a, uint32_t b, uint32_t tile_a,
                                 uint32_t tile_b, uint32_t dst,
                                 tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  mul_tiles_bcast<BroadcastType::SCALAR>(a, b, tile_a, tile_b, dst, 0, where);
}

// Not in early 2026.
#if TESSERA_METALIUM_MONTH >= 202608
ALWI void sub_bcast_rows_init_short(uint32_t, uint32_t,
                                    tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<EltwiseBinaryType::ELWSUB, BroadcastType::ROW>(where);
}

ALWI void sub_tiles_bcast_rows(uint32_t a, uint32_t b, uint32_t tile_a,
                               uint32_t tile_b, uint32_t dst, uint32_t row = 0,
                               tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  sub_tiles_bcast<BroadcastType::ROW>(a, b, tile_a, tile_b, dst, row, where);
}
#endif

#if TESSERA_METALIUM_MONTH >= 202609
ALWI void add_bcast_rows_init(uint32_t, uint32_t,
                              tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<EltwiseBinaryType::ELWADD, BroadcastType::ROW>(where);
}

ALWI void add_bcast_cols_init(uint32_t, uint32_t,
                              tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<EltwiseBinaryType::ELWADD, BroadcastType::COL>(where);
}

ALWI void add_bcast_scalar_init(uint32_t, uint32_t,
                                tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<EltwiseBinaryType::ELWADD, BroadcastType::SCALAR>(
      where);
}

ALWI void sub_bcast_rows_init(uint32_t, uint32_t,
                              tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<EltwiseBinaryType::ELWSUB, BroadcastType::ROW>(where);
}

ALWI void sub_bcast_cols_init(uint32_t, uint32_t,
                              tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<EltwiseBinaryType::ELWSUB, BroadcastType::COL>(where);
}

ALWI void sub_bcast_scalar_init(uint32_t, uint32_t,
                                tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<EltwiseBinaryType::ELWSUB, BroadcastType::SCALAR>(
      where);
}

ALWI void mul_bcast_rows_init(uint32_t, uint32_t,
                              tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<EltwiseBinaryType::ELWMUL, BroadcastType::ROW>(where);
}

ALWI void mul_bcast_cols_init(uint32_t, uint32_t,
                              tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<EltwiseBinaryType::ELWMUL, BroadcastType::COL>(where);
}

ALWI void mul_bcast_scalar_init(uint32_t, uint32_t,
                                tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_broadcast<EltwiseBinaryType::ELWMUL, BroadcastType::SCALAR>(
      where);
}

#endif

// One operand, repeated over the tile, to DST.
#if TESSERA_METALIUM_MONTH >= 202609
template <BroadcastType dim>
ALWI void unary_bcast_init(uint32_t, tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_binary(tessera::setup(TSR_SIM_SETUP_BROADCAST, false,
                                      tessera::broadcast_of(dim)),
                       where);
}
#endif

template <BroadcastType dim>
ALWI void unary_bcast_init(uint32_t in, uint32_t out,
                           tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::start_engine(in, in, out, where);
  tessera::init_binary(tessera::setup(TSR_SIM_SETUP_BROADCAST, false,
                                      tessera::broadcast_of(dim)),
                       where);
}

template <BroadcastType dim>
ALWI void unary_bcast(uint32_t cb, uint32_t tile, uint32_t dst,
                      tsr_sim_where where = tessera::here()) {
  [[maybe_unused]] const tsr_sim_config config = tessera::setup(
      TSR_SIM_SETUP_BROADCAST, false, tessera::broadcast_of(dim));
  UNPACK((tsr_sim_unpack_a(config, cb, tile, where)));
  MATH((tsr_sim_copy(config, dst, where)));
}

// Inits of other ops set the engine up anew here.
template <BroadcastType dim> ALWI void unary_bcast_uninit(uint32_t) {}

} // namespace ckernel

#endif
