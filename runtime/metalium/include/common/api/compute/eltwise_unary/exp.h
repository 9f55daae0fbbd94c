// e to the power of each element, in four forms.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_EXP_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_EXP_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

enum class InputClamping : uint8_t { ClampToNegative = 1, None = 0 };

} // namespace ckernel

namespace tessera {

constexpr tsr_sim_exp_form exp_form(bool approx, bool fast, bool clamps) {
  return !approx  ? TSR_SIM_EXP_ACCURATE
         : !fast  ? TSR_SIM_EXP_PIECEWISE
         : clamps ? TSR_SIM_EXP_CLAMPED
                  : TSR_SIM_EXP_UNCLAMPED;
}

} // namespace tessera

namespace ckernel {

// `scale`: bits of a factor in fp32, which the forms that are fast always
// apply.
template <bool approx = false, bool fast_and_approx = true,
          uint32_t scale = 0x3f800000,
          InputClamping clamping = InputClamping::ClampToNegative>
ALWI void exp_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init_form(
      TSR_SIM_SFPU_EXP,
      tessera::exp_form(approx, fast_and_approx,
                        clamping == InputClamping::ClampToNegative),
      where, scale);
}

// `scale`: a factor in bf16, which the other forms apply with scale_en.
template <bool approx = false, bool fast_and_approx = true,
          bool scale_en = false, bool skip_positive_check = false,
          InputClamping clamping = InputClamping::ClampToNegative,
          int iterations = 8>
ALWI void exp_tile(uint32_t dst, int vector_mode = VectorMode::RC,
                   uint16_t scale = 0x3f80,
                   tsr_sim_where where = tessera::here()) {
  static_assert(iterations == 8, "the model works on whole faces");
  constexpr tsr_sim_exp_form form = tessera::exp_form(
      approx, fast_and_approx, clamping == InputClamping::ClampToNegative);
  // The accurate form needs nothing that an init programs.
  tessera::sfpu_unary(TSR_SIM_SFPU_EXP, dst, where,
                      {scale_en ? static_cast<uint32_t>(scale) << 16 : 0,
                       scale_en, skip_positive_check},
                      vector_mode,
                      approx ? static_cast<uint32_t>(form)
                             : uint32_t{tessera::ANY_FORM});
}

} // namespace ckernel

#endif
