// RUN: %unit/analyses

// What the analyses say, when they are computed, and what happens to a pass
// that says it preserves one and does not.

#include "tessera/analyses.h"
#include "tessera/pass.h"
#include "tessera/registry.h"
#include "tessera/text.h"

#include "check.h"

static const char text[] =
    "func @f(%a: buffer<512x512xbf16>, %c: buffer<512x512xbf16> out) {\n"
    "  %mt = buffer.dim %c, 0 : index\n"
    "  %nt = buffer.dim %c, 1 : index\n"
    "  tile.parallel (%m) in (%mt) {\n"
    "    %m3 = mul %m, 3 : index\n"
    "    for %n in 0 to %nt {\n"
    "      %t = tile.load %a[%m, %n] : tile<bf16>\n"
    "      tile.store %t, %c[%m, %n]\n"
    "    }\n"
    "    %last = for %k in 2 to 12 step 3 carry(%s = %m) : index {\n"
    "      %k4 = mul %k, 4 : index\n"
    "      %far = add %k4, %m3 : index\n"
    "      %next = add %far, %m : index\n"
    "      %low = rem %next, 4 : index\n"
    "      yield %low\n"
    "    }\n"
    "    %end = add %last, 1 : index\n"
    "  }\n"
    "}\n";

static tsr_module *parse(tsr_context *context) {
  tsr_parse_defaults defaults = {
      .target = "wormhole_b0", .grid_rows = 8, .grid_cols = 8};
  tsr_diag *diag = tsr_diag_create();
  tsr_module *module =
      tsr_module_parse(context, "test", text, sizeof text - 1, &defaults, diag);
  CHECK(module != NULL);
  tsr_diag_destroy(diag);
  return module;
}

// The result or argument of this name in `block` or below.
static tsr_value *find_value(const tsr_block *block, const char *name) {
  for (size_t i = 0; i < tsr_block_arg_count(block); i++)
    if (strcmp(tsr_value_get_name(tsr_block_arg(block, i)), name) == 0)
      return tsr_block_arg(block, i);
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    for (size_t i = 0; i < tsr_op_result_count(op); i++)
      if (strcmp(tsr_value_get_name(tsr_op_result(op, i)), name) == 0)
        return tsr_op_result(op, i);
    for (size_t i = 0; i < tsr_op_block_count(op); i++) {
      tsr_value *value = find_value(tsr_op_block(op, i), name);
      if (value)
        return value;
    }
  }
  return NULL;
}

static tsr_value *value_of(const tsr_module *module, const char *name) {
  tsr_value *value = find_value(tsr_module_block(module), name);
  CHECK(value != NULL);
  return value;
}

static tsr_op *op_of(const tsr_module *module, const char *name) {
  return tsr_value_get_def(value_of(module, name));
}

// -- facts --------------------------------------------------------------------

static void test_dominance(const tsr_module *module, tsr_analyses *analyses) {
  const tsr_dominance *d = tsr_analyses_get_dominance(analyses);
  const tsr_op *mt = op_of(module, "mt"), *t = op_of(module, "t");
  const tsr_op *m3 = op_of(module, "m3"), *far = op_of(module, "far");
  const tsr_op *last = op_of(module, "last");
  CHECK(tsr_dominance_is_before(d, mt, t) &&
        !tsr_dominance_is_before(d, t, mt));
  CHECK(tsr_dominance_is_before(d, m3, far));
  CHECK(!tsr_dominance_is_before(d, t, far)); // in a loop that ended
  CHECK(!tsr_dominance_is_before(d, last, far) &&
        !tsr_dominance_is_before(d, far, last));
  CHECK(!tsr_dominance_is_before(d, m3, m3));
  CHECK(tsr_dominance_has_value(d, value_of(module, "k"), far));
  CHECK(!tsr_dominance_has_value(d, value_of(module, "k"), last));
  CHECK(tsr_dominance_has_value(d, value_of(module, "m"), last));
}

static void test_liveness(const tsr_module *module, tsr_analyses *analyses) {
  const tsr_liveness *l = tsr_analyses_get_liveness(analyses);
  const tsr_op *last = op_of(module, "last");
  CHECK(tsr_liveness_last_use(l, value_of(module, "m3")) == last);
  CHECK(tsr_liveness_last_use(l, value_of(module, "end")) == NULL);
  CHECK(tsr_liveness_last_use(l, value_of(module, "last")) ==
        op_of(module, "end"));
  const tsr_value *m3 = value_of(module, "m3");
  CHECK(tsr_liveness_is_live_after(l, m3, op_of(module, "t")));
  CHECK(tsr_liveness_is_live_after(l, m3, op_of(module, "low")));
  CHECK(!tsr_liveness_is_live_after(l, m3, last));
  const tsr_value *k4 = value_of(module, "k4");
  CHECK(!tsr_liveness_is_live_after(l, k4, op_of(module, "far")));
}

static void test_loops(const tsr_module *module, tsr_analyses *analyses) {
  const tsr_loops *loops = tsr_analyses_get_loops(analyses);
  CHECK(tsr_loops_count(loops) == 3);
  const tsr_loop *nest = tsr_loops_get(loops, 0);
  const tsr_loop *rows = tsr_loops_get(loops, 1);
  const tsr_loop *steps = tsr_loops_find(loops, op_of(module, "last"));
  CHECK(nest->depth == 0 && !nest->is_innermost && !nest->parent);
  CHECK(rows->parent == nest && rows->depth == 1 && rows->is_innermost);
  // That the buffer has 16 columns of tiles now says nothing.
  CHECK(rows->trips.min == 1 && rows->trips.max == INT64_MAX);
  CHECK(steps->trips.min == 4 && steps->trips.max == 4);
}

static void test_ranges(const tsr_module *module, tsr_analyses *analyses) {
  tsr_ranges *ranges = tsr_analyses_get_ranges(analyses);
  tsr_index_range m3 = tsr_ranges_get(ranges, value_of(module, "m3"));
  tsr_index_range far = tsr_ranges_get(ranges, value_of(module, "far"));
  CHECK(m3.min == 0 && m3.max == 45);
  CHECK(far.min == 8 && far.max == 44 + 45);
}

static void test_affine(const tsr_module *module, tsr_analyses *analyses) {
  tsr_affine *affine = tsr_analyses_get_affine(analyses);
  const tsr_value *k = value_of(module, "k"), *m = value_of(module, "m");
  const tsr_form *next = tsr_affine_get(affine, value_of(module, "next"));
  bool is_linear;
  CHECK(tsr_form_get_constant(next) == 0 && tsr_form_term_count(next) == 2);
  CHECK(tsr_form_find_coefficient(next, k, &is_linear) == 4 && is_linear);
  CHECK(tsr_form_find_coefficient(next, m, &is_linear) == 4 && is_linear);
  // 4 * k + 4 * m is a multiple of 4.
  const tsr_form *low = tsr_affine_get(affine, value_of(module, "low"));
  CHECK(tsr_form_get_constant(low) == 0 && tsr_form_term_count(low) == 0);
  CHECK(tsr_affine_get(affine,
                       tsr_module_index(tsr_op_get_module(op_of(module, "low")),
                                        0)) == low);
}

// -- the cache ----------------------------------------------------------------

static void test_cache(tsr_context *context) {
  tsr_module *module = parse(context);
  tsr_analyses *analyses = tsr_analyses_create(module, false, NULL);
  tsr_analyses_begin_pass(analyses, "one", TSR_PRESERVES(loops));
  const tsr_op *nest = tsr_loops_get(tsr_analyses_get_loops(analyses), 0)->op;
  tsr_analyses_get_liveness(analyses);
  tsr_analyses_get_liveness(analyses);
  CHECK(tsr_analyses_count_computed(analyses, TSR_ANALYSIS_liveness) == 1);
  // A change in the middle of a pass: what is asked next is about the module as
  // it is then, but for what the pass says it leaves alone.
  tsr_value *m3 = value_of(module, "m3");
  tsr_op *far = op_of(module, "far");
  tsr_op_set_operand(far, 1, tsr_op_operand(far, 0));
  CHECK(tsr_liveness_last_use(tsr_analyses_get_liveness(analyses), m3) == NULL);
  CHECK(tsr_analyses_count_computed(analyses, TSR_ANALYSIS_liveness) == 2);
  tsr_analyses_get_loops(analyses);
  CHECK(tsr_analyses_count_computed(analyses, TSR_ANALYSIS_loops) == 1);
  tsr_op_set_operand(far, 1, m3);
  CHECK(tsr_analyses_end_pass(analyses) == TSR_OK);
  // The next pass finds the loops, and not the liveness.
  tsr_analyses_begin_pass(analyses, "two", TSR_PRESERVES_NOTHING);
  CHECK(tsr_loops_get(tsr_analyses_get_loops(analyses), 0)->op == nest);
  CHECK(tsr_analyses_count_computed(analyses, TSR_ANALYSIS_loops) == 1);
  tsr_analyses_get_liveness(analyses);
  CHECK(tsr_analyses_count_computed(analyses, TSR_ANALYSIS_liveness) == 3);
  // A pass that changes nothing preserves everything.
  CHECK(tsr_analyses_end_pass(analyses) == TSR_OK);
  tsr_analyses_begin_pass(analyses, "three", TSR_PRESERVES_NOTHING);
  tsr_analyses_get_liveness(analyses);
  CHECK(tsr_analyses_count_computed(analyses, TSR_ANALYSIS_liveness) == 3);
  CHECK(tsr_analyses_end_pass(analyses) == TSR_OK);
  tsr_analyses_destroy(analyses);
  tsr_module_destroy(module);
}

// -- passes that lie ----------------------------------------------------------

static void ask_all(tsr_pass_env *env, tsr_module *module) {
  tsr_analyses_get_dominance(env->analyses);
  tsr_analyses_get_liveness(env->analyses);
  tsr_analyses_get_loops(env->analyses);
  tsr_ranges_get(tsr_analyses_get_ranges(env->analyses),
                 value_of(module, "low"));
  tsr_affine_get(tsr_analyses_get_affine(env->analyses),
                 value_of(module, "next"));
}

// Swaps two ops that do not depend on each other.
static tsr_result lie_about_dominance(tsr_pass_env *env, tsr_module *module) {
  ask_all(env, module);
  tsr_op *mt = op_of(module, "mt"), *nt = op_of(module, "nt");
  tsr_op_remove(nt);
  tsr_op_insert_before(nt, mt);
  return TSR_OK;
}

static tsr_result lie_about_liveness(tsr_pass_env *env, tsr_module *module) {
  ask_all(env, module);
  tsr_op *end = op_of(module, "end");
  tsr_op_set_operand(end, 1, value_of(module, "m3"));
  return TSR_OK;
}

static tsr_result lie_about_loops(tsr_pass_env *env, tsr_module *module) {
  ask_all(env, module);
  tsr_op_set_operand(op_of(module, "last"), 1, tsr_module_index(module, 11));
  tsr_op_set_operand(op_of(module, "last"), 2, tsr_module_index(module, 4));
  tsr_analyses_preserve(env->analyses, TSR_PRESERVES(loops));
  return TSR_OK;
}

static tsr_result lie_about_numbers(tsr_pass_env *env, tsr_module *module) {
  ask_all(env, module);
  tsr_op_set_operand(op_of(module, "k4"), 1, tsr_module_index(module, 5));
  return TSR_OK;
}

static void check_lie(tsr_context *context, const tsr_target *target,
                      tsr_pass_fn *run, uint32_t preserves, bool is_verified,
                      const char *message, unsigned line) {
  tsr_module *module = parse(context);
  tsr_diag *diag = tsr_diag_create();
  tsr_pass pass = {.name = "liar", .run = run, .preserves = preserves};
  tsr_pass_run pass_run = {.pass = &pass, .text = "liar"};
  tsr_pipeline pipeline = {&pass_run, 1};
  tsr_run_options options = {
      .target = target, .skip_verify = true, .verify_analyses = is_verified};
  tsr_result result = tsr_pipeline_run(&pipeline, module, diag, &options);
  CHECK((result == TSR_FAILED) == (message != NULL));
  if (message && tsr_diag_count(diag) > 0) {
    CHECK_TEXT(tsr_diag_get(diag, 0)->text, message);
    CHECK(tsr_diag_get(diag, 0)->loc.line == line);
  }
  tsr_diag_destroy(diag);
  tsr_module_destroy(module);
}

static void test_lies(tsr_context *context, const tsr_target *target) {
#define LIE(analysis)                                                          \
  "pass 'liar' says that it preserves '" analysis                              \
  "', which is not so: the facts are wrong about this op"
  check_lie(context, target, lie_about_dominance, TSR_PRESERVES(dominance),
            true, LIE("dominance"), 2);
  check_lie(context, target, lie_about_dominance,
            TSR_PRESERVES(loops) | TSR_PRESERVES(liveness) |
                TSR_PRESERVES(ranges) | TSR_PRESERVES(affine),
            true, NULL, 0);
  check_lie(context, target, lie_about_liveness, TSR_PRESERVES(liveness), true,
            LIE("liveness"), 5);
  check_lie(context, target, lie_about_liveness,
            TSR_PRESERVES(dominance) | TSR_PRESERVES(loops), true, NULL, 0);
  check_lie(context, target, lie_about_loops, TSR_PRESERVES_NOTHING, true,
            LIE("loops"), 10);
  check_lie(context, target, lie_about_numbers, TSR_PRESERVES(ranges), true,
            LIE("ranges"), 11);
  check_lie(context, target, lie_about_numbers, TSR_PRESERVES(affine), true,
            LIE("affine"), 13);
  check_lie(context, target, lie_about_numbers,
            TSR_PRESERVES(dominance) | TSR_PRESERVES(loops) |
                TSR_PRESERVES(liveness),
            true, NULL, 0);
#ifndef TESSERA_VERIFY_ANALYSES
  // Nobody looks.
  check_lie(context, target, lie_about_numbers, TSR_PRESERVES_ALL, false, NULL,
            0);
#endif
}

int main(void) {
  tsr_context *context = tsr_context_create();
  tsr_module *module = parse(context);
  tsr_analyses *analyses = tsr_analyses_create(module, false, NULL);
  tsr_analyses_begin_pass(analyses, "test", TSR_PRESERVES_NOTHING);
  test_dominance(module, analyses);
  test_liveness(module, analyses);
  test_loops(module, analyses);
  test_ranges(module, analyses);
  test_affine(module, analyses);
  tsr_analyses_destroy(analyses);
  tsr_module_destroy(module);
  test_cache(context);
  tsr_target target;
  char error[256];
  CHECK(tsr_target_load("n150", &target, error, sizeof error) == TSR_OK);
  test_lies(context, &target);
  tsr_context_destroy(context);
  return report_checks();
}
