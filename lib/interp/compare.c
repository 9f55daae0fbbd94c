// Results against their reference.

#include "impl.h"
#include "reference.h"

#include <math.h>
#include <string.h>

// Sums from which a correlation follows.
typedef struct correlation {
  double n, x, y, xx, yy, xy;
} correlation;

static void correlate(correlation *c, double a, double b) {
  c->n += 1;
  c->x += a;
  c->y += b;
  c->xx += a * a;
  c->yy += b * b;
  c->xy += a * b;
}

static void compare_element(tsr_check_result *out, uint64_t at, float got,
                            double want, double error_bound) {
  double error = fabs((double)got - want);
  double bound = error_bound + ldexp(1.0, -126);
  out->compared++;
  if (!(error <= bound)) {
    if (out->failed < TSR_CHECK_SHOWN)
      out->bad[out->failed] = (tsr_bad_element){at, got, want, error_bound};
    out->failed++;
  }
  double share = isnan(error) ? INFINITY : error / bound;
  if (share > out->worst_share)
    out->worst_share = share;
  if (!(error <= out->worst_error)) {
    out->worst_error = error;
    out->worst_at = at;
  }
}

// Where the reference varies more than rounding does by this much, a run must
// vary with it (docs/decisions.md).
static const double clear_signal = 256, least_pcc = 0.5;
enum { ENOUGH_ELEMENTS = 16 };

// Whether all elements together are the reference's, which a wide bound does
// not say.
static void compare_whole(const correlation *c, double noise, bool zeros_pass,
                          tsr_check_result *out) {
  double got = c->n * c->xx - c->x * c->x, want = c->n * c->yy - c->y * c->y;
  out->has_pcc = got * want > 0;
  if (out->has_pcc)
    out->pcc = (c->n * c->xy - c->x * c->y) / sqrt(got * want);
  bool is_clear =
      c->n >= ENOUGH_ELEMENTS && want >= clear_signal * noise * c->n;
  out->is_unrelated = out->failed == 0 && is_clear && want > 0 &&
                      !(out->has_pcc && out->pcc >= least_pcc);
  out->is_vague = zeros_pass && !is_clear && c->yy > 0;
  out->passed = out->failed == 0 && out->compared > 0 && !out->is_unrelated;
}

static void compare_value(const float *got, const reference_value *want,
                          const bool *rows, tsr_check_result *out) {
  correlation c = {0};
  double noise = 0; // what rounding alone does, squared
  bool zeros_pass = true;
  for (uint64_t row = 0; row < want->rows; row++)
    for (uint64_t i = row * want->cols; rows[row] && i < (row + 1) * want->cols;
         i++) {
      // Beyond what the device can store counts as infinite.
      if (!isfinite(round_even_bf16((float)want->v[i])) ||
          !isfinite(want->e[i])) {
        out->unbounded++;
        continue;
      }
      compare_element(out, i, got[i], want->v[i], want->e[i]);
      correlate(&c, got[i], want->v[i]);
      double off = want->w[i] - want->v[i], step = ldexp(want->v[i], -8);
      noise += off * off + step * step;
      zeros_pass = zeros_pass && fabs(want->v[i]) <= want->e[i];
    }
  compare_whole(&c, noise, zeros_pass, out);
}

static tsr_result compare_results(evaluation *e, const tsr_run_values *results,
                                  tsr_check_result *out, size_t *out_count) {
  if (evaluate_reference(e) != TSR_OK)
    return TSR_FAILED;
  size_t k = 0;
  for (size_t i = 0; i < results->count; i++) {
    if (!results->items[i].output)
      continue;
    const tsr_value *value;
    const reference_value *want = evaluation_result(e, k, &value);
    if (!want)
      break;
    out[k].value = i;
    compare_value(results->items[i].values, want, evaluation_rows(e, value),
                  &out[k]);
    k++;
  }
  *out_count = k;
  return TSR_OK;
}

tsr_result tsr_function_check(const tsr_op *function,
                              const tsr_run_values *inputs,
                              const tsr_run_values *results, uint64_t seed,
                              tsr_arena *arena, tsr_diag *diag,
                              tsr_check_result **out, size_t *out_count) {
  tsr_arena scratch;
  tsr_arena_init(&scratch);
  evaluation e = {.function = function,
                  .reference = tsr_function_reference(function),
                  .inputs = inputs,
                  .seed = seed,
                  .arena = &scratch,
                  .diag = diag};
  tsr_map_init(&e.values);
  tsr_map_init(&e.needed_whole);
  *out = TSR_NEW_ARRAY(arena, tsr_check_result, results->count + 1);
  tsr_result result =
      e.reference ? compare_results(&e, results, *out, out_count)
                  : tsr_diag_error(diag, function, TSR_DIAG(reference_missing),
                                   tsr_op_get_text(function, "name"));
  tsr_map_deinit(&e.needed_whole);
  tsr_map_deinit(&e.values);
  tsr_arena_deinit(&scratch);
  return result;
}
