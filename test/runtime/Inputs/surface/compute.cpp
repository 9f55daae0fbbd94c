// What the compute side lists: sections A.2, A.3 and C.1 to C.14. It is
// compiled, not run.

#include <cstdint>
#define REDUCE_OP  PoolType::SUM
#define REDUCE_DIM ReduceDim::REDUCE_ROW
#include "api/compute/add_int_sfpu.h"
#include "api/compute/atan2.h"
#include "api/compute/bcast.h"
#include "api/compute/binary_bitwise_sfpu.h"
#include "api/compute/binary_max_min.h"
#include "api/compute/binary_shift.h"
#include "api/compute/cb_api.h"
#include "api/compute/common.h"
#include "api/compute/compute_kernel_api.h"
#include "api/compute/compute_kernel_hw_startup.h"
#include "api/compute/copy_dest_values.h"
#include "api/compute/eltwise_binary.h"
#include "api/compute/eltwise_binary_sfpu.h"
#include "api/compute/eltwise_unary/activations.h"
#include "api/compute/eltwise_unary/binop_with_scalar.h"
#include "api/compute/eltwise_unary/bitwise_not.h"
#include "api/compute/eltwise_unary/clamp.h"
#include "api/compute/eltwise_unary/comp.h"
#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/eltwise_unary/elu.h"
#include "api/compute/eltwise_unary/erf_erfc.h"
#include "api/compute/eltwise_unary/exp.h"
#include "api/compute/eltwise_unary/fill.h"
#include "api/compute/eltwise_unary/gelu.h"
#include "api/compute/eltwise_unary/identity.h"
#include "api/compute/eltwise_unary/log1p.h"
#include "api/compute/eltwise_unary/logical_not.h"
#include "api/compute/eltwise_unary/negative.h"
#include "api/compute/eltwise_unary/rand.h"
#include "api/compute/eltwise_unary/recip.h"
#include "api/compute/eltwise_unary/relu.h"
#include "api/compute/eltwise_unary/rounding.h"
#include "api/compute/eltwise_unary/rsqrt.h"
#include "api/compute/eltwise_unary/selu.h"
#include "api/compute/eltwise_unary/softplus.h"
#include "api/compute/eltwise_unary/sqrt.h"
#include "api/compute/eltwise_unary/trigonometry.h"
#include "api/compute/eltwise_unary/typecast.h"
#include "api/compute/eltwise_unary/where.h"
#include "api/compute/matmul.h"
#include "api/compute/mul_int_sfpu.h"
#include "api/compute/pack.h"
#include "api/compute/pack_untilize.h"
#include "api/compute/reconfig_data_format.h"
#include "api/compute/reduce.h"
#include "api/compute/reg_api.h"
#include "api/compute/sub_int_sfpu.h"
#include "api/compute/tile_move_copy.h"
#include "api/compute/tilize.h"
#include "api/compute/transpose_wh.h"
#include "api/compute/untilize.h"
#if TESSERA_METALIUM_MONTH >= 202608
#include "api/compute/src_order.h"
#include "api/dataflow/circular_buffer.h"
#include "api/dataflow/dataflow_buffer.h"
#if TESSERA_METALIUM_MONTH >= 202609
#include "api/compute/transpose.h"
#endif
#endif
uint32_t u;
float f;
bool b;
constexpr auto B16 = DataFormat::Float16_b;
constexpr auto I32 = DataFormat::Int32;
constexpr uint32_t cb = 0, o = 16;

// -- A.2, A.3, C.2, C.3
void common() {
  u = get_arg_val<uint32_t>(0);
  u = get_common_arg_val<uint32_t>(0);
  auto a = get_arg_addr(0);
  a = get_common_arg_addr(0);
  constexpr uint32_t c = get_compile_time_arg_val(0);
  constexpr uint32_t n = get_named_compile_time_arg_val("name");
  u = kernel_compile_time_args[0];
  u = get_absolute_logical_x() + get_absolute_logical_y() +
      get_relative_logical_x() + get_relative_logical_y();
  u = tt::CBIndex::c_63 + tt::CB::c_in0;
  cb_reserve_back(u, u);
  cb_push_back(u, u);
  cb_wait_front(u, u);
  cb_pop_front(u, u);
  u = get_tile_address(u, u);
  u = read_tile_value(u, u, u);
  UNPACK((u = 1));
  MATH((u = 1));
  PACK((u = 1));
  f = __builtin_bit_cast(float, u);
  tile_regs_acquire();
  tile_regs_commit();
  tile_regs_wait();
  tile_regs_release();
  acquire_dst();
  release_dst();
  compute_kernel_hw_startup(cb, cb, o);
  compute_kernel_hw_startup(cb, o);
}

// -- C.4 Matmul
void matmul() {
  mm_init(cb, cb, o);
  mm_init(cb, cb, o, 1);
  mm_init_short(cb, cb);
  mm_init_short(cb, cb, 1);
  mm_init_short_with_dt(cb, cb, cb, 1);
  mm_init_short_with_dt(cb, cb, cb);
  mm_block_init(cb, cb, o);
  mm_block_init(cb, cb, o, 1, 1, 1, 1);
  mm_block_init_short(cb, cb);
  mm_block_init_short(cb, cb, 1, 1, 1, 1);
  mm_block_init_short_with_dt(cb, cb, cb, 1, 1, 1, 1);
  matmul_tiles(cb, cb, u, u, u);
  matmul_block(cb, cb, u, u, u, 0, 1, 1, 1);
  matmul_block(cb, cb, u, u, u, false, u, u, u);
#if TESSERA_METALIUM_MONTH >= 202608
  compute_kernel_hw_startup<SrcOrder::Reverse>(cb, cb, o);
  compute_kernel_hw_startup<SrcOrder::Regular>(cb, cb, o);
  matmul_init(cb, cb);
  matmul_init(cb, cb, 1);
  matmul_block_init(cb, cb, 0, 1, 1, 1);
  matmul_block_init(cb, cb);
  reconfig_data_format<SrcOrder::Reverse>(cb, cb);
#endif
}

// -- C.5 Element by element, 0.3 the newest names
void element_by_element() {
  binary_op_init_common(cb, cb, o);
  add_tiles_init(cb, cb);
  add_tiles_init(cb, cb, true);
  sub_tiles_init(cb, cb);
  sub_tiles_init(cb, cb, true);
  mul_tiles_init(cb, cb);
  add_tiles(cb, cb, u, u, u);
  sub_tiles(cb, cb, u, u, u);
  mul_tiles(cb, cb, u, u, u);
  binary_dest_reuse_tiles_init<EltwiseBinaryType::ELWMUL,
                               EltwiseBinaryReuseDestType::DEST_TO_SRCA>(cb);
  binary_dest_reuse_tiles<EltwiseBinaryType::ELWADD,
                          EltwiseBinaryReuseDestType::DEST_TO_SRCB>(cb, u, u);
  binary_dest_reuse_tiles_init<EltwiseBinaryType::ELWSUB,
                               EltwiseBinaryReuseDestType::DEST_TO_SRCB>(cb);
#if TESSERA_METALIUM_MONTH >= 202609
  add_init(cb, cb);
  add_init(cb, cb, true);
  sub_init(cb, cb);
  mul_init(cb, cb);
  add_reuse_dest_init<EltwiseBinaryReuseDestType::DEST_TO_SRCA>(cb);
  sub_reuse_dest_init<EltwiseBinaryReuseDestType::DEST_TO_SRCA>(cb);
  mul_reuse_dest_init<EltwiseBinaryReuseDestType::DEST_TO_SRCA>(cb);
  add_reuse_dest_tiles<EltwiseBinaryReuseDestType::DEST_TO_SRCA>(cb, u, u);
  sub_reuse_dest_tiles<EltwiseBinaryReuseDestType::DEST_TO_SRCA>(cb, u, u);
  mul_reuse_dest_tiles<EltwiseBinaryReuseDestType::DEST_TO_SRCA>(cb, u, u);
  bcast_init<EltwiseBinaryType::ELWADD, BroadcastType::ROW>(cb, cb);
  add_bcast_rows_init(cb, cb);
  add_bcast_cols_init(cb, cb);
  add_bcast_scalar_init(cb, cb);
  sub_bcast_rows_init(cb, cb);
  sub_bcast_cols_init(cb, cb);
  sub_bcast_scalar_init(cb, cb);
  mul_bcast_rows_init(cb, cb);
  mul_bcast_cols_init(cb, cb);
  mul_bcast_scalar_init(cb, cb);
  unary_bcast_init<BroadcastType::ROW>(cb);
  copy_init(cb);
  copy_init(cb, 1);
  copy_block(cb, 0, 0, 1);
  pack_block(0, o, 1);
  transpose_init(cb);
  transpose_tile(cb, 0, 0);
#endif
}

// -- C.6 Broadcast
void broadcasts() {
  add_tiles_bcast_cols(cb, cb, u, u, u);
  add_tiles_bcast_scalar(cb, cb, u, u, u);
  add_tiles_bcast<BroadcastType::ROW>(cb, cb, u, u, u);
  add_tiles_bcast<BroadcastType::COL>(cb, cb, u, u, u);
  add_tiles_bcast<BroadcastType::SCALAR>(cb, cb, u, u, u);
  sub_tiles_bcast_cols(cb, cb, u, u, u);
  sub_tiles_bcast_scalar(cb, cb, u, u, u);
  sub_tiles_bcast<BroadcastType::ROW>(cb, cb, u, u, u);
  sub_tiles_bcast<BroadcastType::COL>(cb, cb, u, u, u);
  sub_tiles_bcast<BroadcastType::SCALAR>(cb, cb, u, u, u);
  mul_tiles_bcast_cols(cb, cb, u, u, u);
  mul_tiles_bcast_scalar(cb, cb, u, u, u);
  mul_tiles_bcast<BroadcastType::ROW>(cb, cb, u, u, u);
  mul_tiles_bcast<BroadcastType::COL>(cb, cb, u, u, u);
  mul_tiles_bcast<BroadcastType::SCALAR>(cb, cb, u, u, u);
  add_tiles_bcast_rows(cb, cb, u, u, u);
  mul_tiles_bcast_rows(cb, cb, u, u, u);
#if TESSERA_METALIUM_MONTH >= 202608
  sub_tiles_bcast_rows(cb, cb, u, u, u);
  sub_bcast_rows_init_short(cb, cb);
#endif
  add_bcast_rows_init_short(cb, cb);
  add_bcast_cols_init_short(cb, cb);
  add_bcast_scalar_init_short(cb, cb);
  sub_bcast_cols_init_short(cb, cb);
  sub_tiles_bcast_scalar_init_short(cb, cb);
  mul_bcast_rows_init_short(cb, cb);
  mul_bcast_cols_init_short(cb, cb);
  mul_tiles_bcast_scalar_init_short(cb, cb);

  init_bcast<EltwiseBinaryType::ELWSUB, BroadcastType::ROW>(cb, cb, o);
  unary_bcast_init<BroadcastType::ROW>(cb, o);
  unary_bcast<BroadcastType::ROW>(cb, u, u);
  unary_bcast_init<BroadcastType::COL>(cb, o);
  unary_bcast<BroadcastType::COL>(cb, u, u);
  unary_bcast<BroadcastType::SCALAR>(cb, u, u);
}

// -- C.7 Copy, transpose, tilize, untilize
void copies() {
  copy_tile_init(cb);
  copy_tile_to_dst_init_short(cb);
  copy_tile_to_dst_init_short(cb, 1);
  copy_tile(cb, u, u);
  copy_block_matmul_partials(cb, u, u, u);
  copy_tile_to_dst_init_short_with_dt(cb, cb);
  copy_tile_to_dst_init_short_with_dt(cb, cb, 1);

  transpose_wh_init(cb, o);
  transpose_wh_init_short(cb);
  transpose_wh_tile(cb, u, u);
  tilize_init(cb, u, o);
  tilize_block(cb, u, o);
  tilize_block(cb, u, o, u, u);
  tilize_uninit(cb, o);
  untilize_init(cb);
  untilize_block<1>(cb, u, o);
  untilize_block(cb, u, o);
  untilize_uninit(cb);
  untilize_block<2>(cb, u, o);
  pack_untilize_init<1, 1>(cb, o);
  pack_untilize_init<2>(cb, o);
  pack_untilize_block<1, 1>(cb, u, o);
  pack_untilize_block<1, 2>(cb, u, o, u);
  pack_untilize_block<2>(cb, u, o);
  pack_untilize_uninit(o);
  pack_untilize_dest_init<1, 1>(o);
  pack_untilize_dest<1, 1>(o);
  pack_untilize_dest_init<2>(o);
  pack_untilize_dest<2>(o);
}

// -- C.8 Pack
void packing() {
  pack_tile(u, o);
  pack_tile<true>(u, o, u);
  pack_tile<false>(u, o);
  pack_tile_block(u, o, u);
  pack_reconfig_l1_acc(1);
  pack_reconfig_l1_acc(0);
  PACK((llk_pack_reconfig_l1_acc(1)));
  PACK((llk_pack_relu_config(ReluType::ZERO_RELU)));
  PACK((llk_pack_relu_config(ReluType::NO_RELU)));
#if TESSERA_METALIUM_MONTH >= 202609
  pack_relu_config(ReluConfig::zero());
  pack_relu_config(ReluConfig::none());
  PACK((llk_pack_relu_config(ReluConfig::zero())));
  PACK((llk_pack_relu_config(ReluConfig::none())));
#endif
}

// -- C.9 Reduce
void reducing() {
  reduce_init<PoolType::SUM, ReduceDim::REDUCE_ROW>(cb, cb, o);
  reduce_tile<PoolType::SUM, ReduceDim::REDUCE_ROW>(cb, cb, u, u, u);
  reduce_init<PoolType::AVG, ReduceDim::REDUCE_COL>(cb, cb, o);
  reduce_tile<PoolType::AVG, ReduceDim::REDUCE_COL>(cb, cb, u, u, u);
  reduce_init<PoolType::MAX, ReduceDim::REDUCE_SCALAR>(cb, cb, o);
  reduce_tile<PoolType::MAX, ReduceDim::REDUCE_SCALAR>(cb, cb, u, u, u);
  reduce_uninit();
  reduce_init(cb, cb, o);
  reduce_tile(cb, cb, u, u, u);
#if TESSERA_METALIUM_MONTH < 202608
  reduce_init<PoolType::SUM, ReduceDim::REDUCE_ROW, false>(cb, cb, o);
  reduce_tile<PoolType::SUM, ReduceDim::REDUCE_ROW, true>(cb, cb, u, u, u);
  reduce_uninit<true>();
#endif
}

// -- C.10 Formats
void formats() {
  reconfig_data_format(cb, cb);
  reconfig_data_format(cb, cb, cb, cb);
  reconfig_data_format_srca(cb);
  reconfig_data_format_srca(cb, cb);
  reconfig_data_format_srcb(cb);
  reconfig_data_format_srcb(cb, cb);
  pack_reconfig_data_format(o);
  pack_reconfig_data_format(o, o);
}

// -- C.11 One operand
void one_operand() {
  init_sfpu(cb, o);
  unary_op_init_common(cb, o);
  exp_tile_init();
  exp_tile(u);
  exp_tile_init<true>();
  exp_tile<true>(u);
  exp_tile_init<false>();
  exp_tile<false>(u);
  gelu_tile_init();
  gelu_tile(u);
  gelu_tile_init<true>();
  gelu_tile<false>(u);
  erf_tile_init();
  erf_tile(u);
  erf_tile_init<false>();
  erf_tile<false>(u);
  erfc_tile_init();
  erfc_tile(u);
  erfc_tile<true>(u);
  sigmoid_tile_init();
  sigmoid_tile(u);
  silu_tile_init();
  silu_tile(u);
  tanh_tile_init();
  tanh_tile(u);
  log_tile_init();
  log_tile(u);
  log_with_base_tile_init();
  log_with_base_tile(u, u);
  log1p_tile_init();
  log1p_tile(u);
  recip_tile_init();
  recip_tile(u);
  recip_tile_init<true>();
  recip_tile<true>(u);
  sqrt_tile_init();
  sqrt_tile(u);
  rsqrt_tile_init();
  rsqrt_tile(u);
  rsqrt_tile_init<false>();
  rsqrt_tile<false>(u);
  relu_tile_init();
  relu_tile(u);
  relu_max_tile_init();
  relu_max_tile(u, u);
  relu_min_tile_init();
  relu_min_tile(u, u);
  leaky_relu_tile_init();
  leaky_relu_tile(u, u);
  abs_tile_init();
  abs_tile(u);
  negative_tile_init();
  negative_tile(u);
  sign_tile_init();
  sign_tile(u);
  square_tile_init();
  square_tile(u);
  exp2_tile_init();
  exp2_tile(u);
  expm1_tile_init();
  expm1_tile(u);
  signbit_tile_init();
  signbit_tile(u);
}

// -- C.11 One operand, with scalars; select, sorts
void one_operand_more() {
  heaviside_tile_init();
  heaviside_tile(u, u);
  sin_tile_init();
  sin_tile(u);
  cos_tile_init();
  cos_tile(u);
  tan_tile_init();
  tan_tile(u);
  asin_tile_init();
  asin_tile(u);
  acos_tile_init();
  acos_tile(u);
  atan_tile_init();
  atan_tile(u);
  sinh_tile_init();
  sinh_tile(u);
  cosh_tile_init();
  cosh_tile(u);
  asinh_tile_init();
  asinh_tile(u);
  acosh_tile_init();
  acosh_tile(u);
  atanh_tile_init();
  atanh_tile(u);
  binop_with_scalar_tile_init();
  add_unary_tile(u, u);
  sub_unary_tile(u, u);
  mul_unary_tile(u, u);
  div_unary_tile(u, u);
  rsub_unary_tile(u, u);
  gtz_tile_init();
  gtz_tile(u);
  gez_tile_init();
  gez_tile(u);
  ltz_tile_init();
  ltz_tile(u);
  lez_tile_init();
  lez_tile(u);
  eqz_tile_init();
  eqz_tile(u);
  nez_tile_init();
  nez_tile(u);
  unary_gt_tile_init();
  unary_gt_tile(u, u);
  unary_ge_tile_init();
  unary_ge_tile(u, u);
  unary_lt_tile_init();
  unary_lt_tile(u, u);
  unary_le_tile_init();
  unary_le_tile(u, u);
  unary_eq_tile_init();
  unary_eq_tile(u, u);
  unary_ne_tile_init();
  unary_ne_tile(u, u);
  unary_max_tile_init();
  unary_max_tile(u, u);
  unary_min_tile_init();
  unary_min_tile(u, u);
  rounding_op_tile_init();
  floor_tile(u);
  ceil_tile(u);
  trunc_tile(u);
  frac_tile(u);
  round_tile(u, 2);
  power_tile_init();
  power_tile(u, u);
  power_iterative_tile_init();
  power_iterative_tile(u, u);
  clamp_tile_init();
  clamp_tile(u, u, u);
  fill_tile_init();
  fill_tile(u, 1.0f);
  fill_tile_int<DataFormat::Int32>(u, u);
  fill_tile_bitcast(u, u);
  typecast_tile_init<(uint32_t)B16, (uint32_t)I32>();
  typecast_tile<(uint32_t)B16, (uint32_t)I32>(u);
  where_tile_init();
  where_tile<DataFormat::Float16_b>(u, u, u, u);
  topk_tile_init();
  topk_local_sort(0, 0, 4);
  topk_local_sort<true>(0, 0, 4, 0, 0, 0);
  topk_merge(0, 0, 32);
  topk_merge<true>(0, 0, 32);
  topk_merge<true, true>(0, 0, 32);
  topk_rebuild(0, false, 0, 32, 5, 1);
  topk_rebuild<true>(0, false, 0, 32, 5, 1);
  sfpu_reduce_init<PoolType::SUM, DataFormat::Float32>();
  sfpu_reduce<PoolType::SUM, DataFormat::Float32, ReduceDim::REDUCE_COL>(0);
  sigmoid_tile<VectorMode::RC>(u);
  tanh_tile_init();
  gelu_tile(u);
  exp_tile<false, false>(u);

  logical_not_tile_init();
  logical_not_tile<DataFormat::Float16_b>(u);
  bitwise_not_tile_init();
  bitwise_not_tile(u);
  selu_tile_init();
  selu_tile(u, u, u);
  elu_tile_init();
  elu_tile(u, u);
  identity_tile_init();
  identity_tile(u);
  softplus_tile_init();
  softplus_tile(u, u, u, u);
  rand_tile_init(u);
  rand_tile(u, u, u);
  hardsigmoid_tile_init();
  hardsigmoid_tile(u);
}

// -- C.12 Two operands, C.14
void two_operands() {
  add_binary_tile_init();
  add_binary_tile(u, u, u);
  sub_binary_tile_init();
  sub_binary_tile(u, u, u);
  mul_binary_tile_init();
  mul_binary_tile(u, u, u);
  div_binary_tile_init();
  div_binary_tile(u, u, u);
  rsub_binary_tile_init();
  rsub_binary_tile(u, u, u);
  power_binary_tile_init();
  power_binary_tile(u, u, u);
  binary_max_tile_init();
  binary_max_tile(u, u, u);
  binary_min_tile_init();
  binary_min_tile(u, u, u);
  add_int_tile_init();
  add_int_tile<DataFormat::Int32>(u, u, u);
  sub_int_tile_init();
  sub_int_tile<DataFormat::Int32>(u, u, u);
  mul_int_tile_init<DataFormat::Int32>();
  mul_int_tile<DataFormat::Int32>(u, u, u);
  copy_dest_values_init();
  copy_dest_values<DataFormat::Float16_b>(u, u);
  atan2_binary_tile_init();
  atan2_binary_tile(u, u, u);
  binary_bitwise_tile_init();
  bitwise_and_binary_tile<DataFormat::Int32>(u, u, u);
  binary_shift_tile_init();
  binary_left_shift_tile<DataFormat::Int32>(u, u, u);
#if TESSERA_METALIUM_MONTH >= 202608
  eq_binary_tile_init();
  eq_binary_tile(u, u, u);
  ne_binary_tile_init();
  ne_binary_tile(u, u, u);
  lt_binary_tile_init();
  lt_binary_tile(u, u, u);
  le_binary_tile_init();
  le_binary_tile(u, u, u);
  gt_binary_tile_init();
  gt_binary_tile(u, u, u);
  ge_binary_tile_init();
  ge_binary_tile(u, u, u);
#endif
  b = DST_ACCUM_MODE;
  b = APPROX;
}

// -- A.3 Objects
#if TESSERA_METALIUM_MONTH >= 202608
void objects() {
  CircularBuffer x(u);
  x.reserve_back(1);
  x.push_back(1);
  x.wait_front(1);
  x.pop_front(1);
  DataflowBuffer y(u);
  y.reserve_back(1);
  y.push_back(1);
  y.wait_front(1);
  y.pop_front(1);
  u = y.get_entry_size() + y.get_total_num_entries() + y.get_tile_address(u) +
      y.read_tile_value(u, u);
}
#endif

void kernel_main() {}
