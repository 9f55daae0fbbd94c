// What tt-metal's compute kernels may call and the model does not have, in
// every compute kernel, whatever it includes. Names: tt-metal's api/compute,
// April 2026.

#ifndef TESSERA_METALIUM_OUTSIDE_COMPUTE_H
#define TESSERA_METALIUM_OUTSIDE_COMPUTE_H

#include "tessera_metalium/outside.h"

namespace ckernel {

// Rows of tiles, and single rows of DST.
TESSERA_OUTSIDE(max_reduce_with_indices_init)
TESSERA_OUTSIDE(max_reduce_with_indices)
TESSERA_OUTSIDE(sfpu_add_top_row_init)
TESSERA_OUTSIDE(sfpu_add_top_row)
TESSERA_OUTSIDE(tiled_prod_tile_init)
TESSERA_OUTSIDE(tiled_prod_tile)
TESSERA_OUTSIDE(alt_complex_rotate90_tile_init)
TESSERA_OUTSIDE(alt_complex_rotate90_tile)
TESSERA_OUTSIDE(pack_rows_init)
TESSERA_OUTSIDE(pack_rows)
TESSERA_OUTSIDE(pack_rows_uninit)
TESSERA_OUTSIDE(reshuffle_rows_tile_init)
TESSERA_OUTSIDE(reshuffle_rows_tile)

// Parts of operations, and other ways to do them.
TESSERA_OUTSIDE(reduce_tile_math)
TESSERA_OUTSIDE(matmul_tiles_math)
TESSERA_OUTSIDE(matmul_block_math_dynamic_throttle)
TESSERA_OUTSIDE(tilizeA_B_reduce_init)
TESSERA_OUTSIDE(unpack_tilizeA_B_block)
TESSERA_OUTSIDE(unpack_tilizeA_B_uninit)
TESSERA_OUTSIDE(reduce_block_max_row_init)
TESSERA_OUTSIDE(reduce_block_max_row)
TESSERA_OUTSIDE(reduce_block_max_row_uninit)
TESSERA_OUTSIDE(mul_reduce_scalar_init)
TESSERA_OUTSIDE(mul_reduce_scalar_tile)
TESSERA_OUTSIDE(mul_reduce_scalar_uninit)
TESSERA_OUTSIDE(matmul_block_no_mop)
TESSERA_OUTSIDE(mm_no_mop_init_short)
TESSERA_OUTSIDE(mm_no_mop_reinit_short)
TESSERA_OUTSIDE(mm_no_mop_reinit_after_sub)
TESSERA_OUTSIDE(pack_block_init_custom)
TESSERA_OUTSIDE(sub_bcast_cols_init_short_custom)
TESSERA_OUTSIDE(sub_tiles_bcast_cols_custom)
TESSERA_OUTSIDE(copy_tile_custom)

// Operations of the vector unit.
TESSERA_OUTSIDE(stochastic_round_tile)
TESSERA_OUTSIDE(exp_packthread_tile_init)
TESSERA_OUTSIDE(exp_packthread_tile)
TESSERA_OUTSIDE(welford_init)
TESSERA_OUTSIDE(welford_clear)
TESSERA_OUTSIDE(welford_update)
TESSERA_OUTSIDE(welford_update_rows)
TESSERA_OUTSIDE(welford_save_state)
TESSERA_OUTSIDE(welford_restore_state)
TESSERA_OUTSIDE(welford_finalize_to_row)
TESSERA_OUTSIDE(welford_finalize_to_face)
TESSERA_OUTSIDE(ema_init)
TESSERA_OUTSIDE(ema_clear_previous_output)
TESSERA_OUTSIDE(ema_tile)
TESSERA_OUTSIDE(quant_tile_init)
TESSERA_OUTSIDE(quant_tile)
TESSERA_OUTSIDE(requant_tile_init)
TESSERA_OUTSIDE(requant_tile)
TESSERA_OUTSIDE(dequant_tile_init)
TESSERA_OUTSIDE(dequant_tile)
TESSERA_OUTSIDE(lgamma_stirling_tile_init)
TESSERA_OUTSIDE(lgamma_stirling_tile)
TESSERA_OUTSIDE(lgamma_adjusted_tile_init)
TESSERA_OUTSIDE(lgamma_adjusted_tile)
TESSERA_OUTSIDE(sfpu_sum_int_init)
TESSERA_OUTSIDE(sfpu_sum_int_col)
TESSERA_OUTSIDE(sfpu_sum_int_row)

// What looks into registers.
TESSERA_OUTSIDE(dprint_tensix_dest_reg)
TESSERA_OUTSIDE(get_compute_special_value_flags)
TESSERA_OUTSIDE(get_compute_special_value_flags_fpu)
TESSERA_OUTSIDE(get_compute_special_value_flags_sfpu)
TESSERA_OUTSIDE(clear_compute_special_value_flags)
TESSERA_OUTSIDE(store_compute_special_value_flags_to_l1)
TESSERA_OUTSIDE(enable_fp32_dest_acc)
TESSERA_OUTSIDE(disable_fp32_dest_acc)
TESSERA_OUTSIDE(dbg_halt)
TESSERA_OUTSIDE(dbg_unhalt)
TESSERA_OUTSIDE(dbg_read_dest_acc_row)

} // namespace ckernel

#endif
