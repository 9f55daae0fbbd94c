// The forms of exp_tile that are quicker than the accurate one.
//
// Where one approximates e^x the exact value stands for it, as for all of the
// vector unit. Outside of the range that it was made for a form gives something
// else, and here it gives the same: the numbers are those of tt-llk,
// ckernel_sfpu_exp.h and ckernel_instr_params.h (April 2026), the same for
// Wormhole and Blackhole.

#include "sfpu.h"

#include "special.h"

bool exp_form_has_factor(uint32_t form) {
  return form == TSR_SIM_EXP_CLAMPED || form == TSR_SIM_EXP_UNCLAMPED;
}

// x / ln 2 as a float's exponent and mantissa, in units of half a bf16's last
// place: so a float's upper bits are a linear function of its logarithm.
static double line_of(float x) {
  static const double slope = 369.329925537109375, offset = 32500.818359375;
  return x * slope + offset;
}

static float float_of_line(uint32_t rounded) { return float_of(rounded << 15); }

// What is below the range counts as its end, before the factor is applied.
// Above it the line leaves the finite numbers.
static float exp_clamped(float x, float factor) {
  static const float lowest = -88.5f;
  static const double past_finite = 0xff00;
  float bound = lowest / factor;
  float scaled = (x > bound ? x : bound) * factor;
  double line = line_of(scaled);
  if (line > past_finite)
    return float_of(canonical_nan);
  return line < 0 ? 0 : tsr_sim_exp(scaled);
}

// The line is rounded to 15 bits and a sign.
static float exp_unclamped(float scaled) {
  static const double most = INT16_MAX;
  double line = line_of(scaled);
  if (line >= 0 && line < most)
    return tsr_sim_exp(scaled);
  double magnitude = line < 0 ? -line : line;
  float value =
      float_of_line((uint32_t)(magnitude < most ? magnitude + 0.5 : most));
  return line < 0 ? -value : value;
}

// The exponent and mantissa come from the last bits of a sum. From `doubled` on
// the sum has an exponent of its own that is one higher, and its last bits
// count for twice as much.
static float exp_piecewise(float scaled, bool skips_check) {
  static const float lowest = -42, highest = 89, doubled = 256;
  static const double slope = 1.442695f, offset = 192;
  static const uint32_t adjust = 0xbd3f0000u;
  if (scaled < lowest)
    return 0;
  if (scaled >= highest && !skips_check)
    return __builtin_inff();
  float sum = (float)(scaled * slope + offset);
  if (sum < doubled)
    return tsr_sim_exp(scaled);
  float value = float_of((bits_of(sum) + adjust) << 7);
  return value == value ? value : float_of(canonical_nan);
}

void tile_exp_form(tsr_sim_exp_form form, const scalars *given, float *tile) {
  float factor = float_of(given->words[0]);
  for (size_t i = 0; i < TILE_ELEMS; i++) {
    float x = tile[i];
    if (x != x)
      tile[i] = tsr_sim_exp(x);
    else if (form == TSR_SIM_EXP_CLAMPED)
      tile[i] = exp_clamped(x, factor);
    else if (form == TSR_SIM_EXP_UNCLAMPED)
      tile[i] = exp_unclamped(x * factor);
    else
      tile[i] =
          exp_piecewise(given->words[1] ? x * factor : x, given->words[2] != 0);
  }
}
