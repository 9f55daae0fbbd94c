// e to the power of each element. The model has the accurate form only: what
// the template arguments speed up is the same here.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_EXP_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_EXP_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

enum class InputClamping : uint8_t { ClampToNegative = 1, None = 0 };

// The quick form has its factor from the init.
template <bool approx = false, bool fast_and_approx = true,
          uint32_t scale = 0x3f800000,
          InputClamping clamping = InputClamping::ClampToNegative>
ALWI void exp_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init_with(TSR_SIM_SFPU_EXP,
                               approx && fast_and_approx ? scale : 0, where)));
}

// `scale`: a factor in bf16, with scale_en.
template <bool approx = false, bool fast_and_approx = true,
          bool scale_en = false, bool skip_positive_check = false,
          InputClamping clamping = InputClamping::ClampToNegative,
          int iterations = 8>
ALWI void exp_tile(uint32_t dst, int vector_mode = VectorMode::RC,
                   uint16_t scale = 0x3f80,
                   tsr_sim_where where = tessera::here()) {
  static_assert(iterations == 8, "the model works on whole faces");
  tessera::sfpu_unary(TSR_SIM_SFPU_EXP, dst, where,
                      {scale_en ? static_cast<uint32_t>(scale) << 16 : 0},
                      vector_mode);
}

} // namespace ckernel

#endif
