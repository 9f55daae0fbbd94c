// Every elementwise call that the printers know, on the FPU and on the SFPU.
#include <cstdint>

#include "api/compute/binary_max_min.h"
#include "api/compute/common.h"
#include "api/compute/copy_dest_values.h"
#include "api/compute/eltwise_binary.h"
#include "api/compute/eltwise_binary_sfpu.h"
#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/eltwise_unary/exp.h"
#include "api/compute/eltwise_unary/fill.h"
#include "api/compute/eltwise_unary/negative.h"
#include "api/compute/eltwise_unary/relu.h"
#include "api/compute/eltwise_unary/sqrt.h"
#include "api/compute/eltwise_unary/typecast.h"
#include "api/compute/eltwise_unary/where.h"
#include "api/compute/tile_move_copy.h"

constexpr uint32_t cb_a = tt::CBIndex::c_0;
constexpr uint32_t cb_b = tt::CBIndex::c_1;
constexpr uint32_t cb_out = tt::CBIndex::c_16;
constexpr uint32_t f32 = static_cast<uint32_t>(DataFormat::Float32);
constexpr uint32_t bf16 = static_cast<uint32_t>(DataFormat::Float16_b);

#if __has_include("api/compute/transpose.h")
#define START()       compute_kernel_hw_startup(cb_a, cb_b, cb_out)
#define ADD_INIT()    add_init(cb_a, cb_b)
#define SUB_INIT()    sub_init(cb_a, cb_b)
#define MUL_INIT()    mul_init(cb_a, cb_b)
#define COPY_INIT(cb) copy_init(cb)
#else
#define START()       binary_op_init_common(cb_a, cb_b, cb_out)
#define ADD_INIT()    add_tiles_init(cb_a, cb_b)
#define SUB_INIT()    sub_tiles_init(cb_a, cb_b)
#define MUL_INIT()    mul_tiles_init(cb_a, cb_b)
#define COPY_INIT(cb) copy_tile_init(cb)
#endif

void kernel_main() {
  START();
  cb_wait_front(cb_a, 1);
  cb_wait_front(cb_b, 1);
  tile_regs_acquire();
  ADD_INIT();
  add_tiles(cb_a, cb_b, 0, 0, 0);
  SUB_INIT();
  sub_tiles(cb_a, cb_b, 0, 0, 1);
  MUL_INIT();
  mul_tiles(cb_a, cb_b, 0, 0, 2);
  COPY_INIT(cb_a);
  copy_tile(cb_a, 0, 3);
  add_binary_tile_init();
  add_binary_tile(0, 1, 0);
  sub_binary_tile_init();
  sub_binary_tile(0, 1, 0);
  mul_binary_tile_init();
  mul_binary_tile(0, 1, 0);
  binary_max_tile_init();
  binary_max_tile(0, 1, 0);
  exp_tile_init();
  exp_tile(0);
  relu_tile_init();
  relu_tile(0);
  sqrt_tile_init();
  sqrt_tile(0);
  negative_tile_init();
  negative_tile(0);
  fill_tile_init();
  fill_tile(3, 1.5f);
  where_tile_init();
  where_tile<DataFormat::Float32>(0, 1, 2, 0);
  typecast_tile_init<f32, bf16>();
  typecast_tile<f32, bf16>(0);
  copy_dest_values_init();
  copy_dest_values<DataFormat::Float32>(0, 1);
  tile_regs_commit();
  cb_pop_front(cb_a, 1);
  cb_pop_front(cb_b, 1);
  cb_reserve_back(cb_out, 1);
  tile_regs_wait();
  pack_reconfig_data_format(cb_out);
  pack_tile(0, cb_out);
  tile_regs_release();
  cb_push_back(cb_out, 1);
}
