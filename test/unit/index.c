// RUN: %unit/index

// Numbers and ranges of index values, and of stages built without text.

#include "tessera/analysis.h"
#include "tessera/text.h"

#include "check.h"

static const char launch_text[] =
    "module target(\"wormhole_b0\") grid(8x8) {\n"
    "  func @f(%c: buffer<64x96xbf16, tiled, dram interleaved, pad = 0> "
    "inout) {\n"
    "    %mt = buffer.dim %c, 0 : index\n"
    "    %nt = buffer.dim %c, 1 : index\n"
    "    %size = mul %mt, %nt : index\n"
    "    core.launch (%x, %y) on 3x1 params(%first: index = [0 +2 x3]) {\n"
    "      for %i in 0 to 2 {\n"
    "        %tile = add %first, %i : index\n"
    "        %n = rem %tile, %nt : index\n"
    "        %below = sub %i, 1 : index\n"
    "      }\n"
    "    }\n"
    "  }\n"
    "}\n";

// The first op with a result of this name, in `block` or below.
static tsr_value *find_value(const tsr_block *block, const char *name) {
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    for (size_t i = 0; i < tsr_op_result_count(op); i++) {
      tsr_value *value = tsr_op_result(op, i);
      const char *its_name = tsr_value_get_name(value);
      if (its_name && strcmp(its_name, name) == 0)
        return value;
    }
    for (size_t i = 0; i < tsr_op_block_count(op); i++) {
      tsr_value *value = find_value(tsr_op_block(op, i), name);
      if (value)
        return value;
    }
  }
  return NULL;
}

static bool has_range(const tsr_value *value, int64_t min, int64_t max) {
  tsr_index_range range = tsr_index_get_range(value);
  return range.min == min && range.max == max;
}

static void test_evaluate(const tsr_module *module) {
  const tsr_block *block = tsr_module_block(module);
  tsr_value *size = find_value(block, "size");
  tsr_value *tile = find_value(block, "tile"), *n = find_value(block, "n");
  tsr_value *below = find_value(block, "below");
  int64_t number = 0;
  CHECK(tsr_index_evaluate(size, NULL, &number) && number == 6);
  CHECK(!tsr_index_evaluate(tile, NULL, &number));

  tsr_arena arena;
  tsr_arena_init(&arena);
  tsr_index_env env;
  tsr_index_env_init(&env, &arena);
  tsr_op *add = tsr_value_get_def(tile);
  tsr_value *first = tsr_op_operand(add, 0), *i = tsr_op_operand(add, 1);
  tsr_index_env_bind(&env, first, 4);
  tsr_index_env_bind(&env, i, 1);
  CHECK(tsr_index_evaluate(n, &env, &number) && number == 2);
  tsr_index_env_bind(&env, i, 0);
  CHECK(tsr_index_evaluate(n, &env, &number) && number == 1);
  CHECK(!tsr_index_evaluate(below, &env, &number));
  tsr_index_env_deinit(&env);
  tsr_arena_deinit(&arena);
}

static void test_range(const tsr_module *module) {
  const tsr_block *block = tsr_module_block(module);
  tsr_value *tile = find_value(block, "tile");
  tsr_op *add = tsr_value_get_def(tile);
  CHECK(has_range(find_value(block, "size"), 6, 6));
  CHECK(has_range(tsr_op_operand(add, 0), 0, 4));
  CHECK(has_range(tsr_op_operand(add, 1), 0, 1));
  CHECK(has_range(tile, 0, 5));
  CHECK(has_range(find_value(block, "n"), 0, 2));
  tsr_block *launch =
      tsr_value_get_block(tsr_op_operand(add, 0)); // %x, %y, %first
  CHECK(has_range(tsr_block_arg(launch, 0), 0, 0));
  CHECK(has_range(tsr_block_arg(launch, 1), 0, 2));
}

// A chain of arithmetic is as long as it likes.
static void test_long_chain(tsr_context *context) {
  tsr_module *module = tsr_module_create(context);
  tsr_builder at = tsr_builder_at_end(module, tsr_module_block(module),
                                      (tsr_loc){NULL, 0, 0});
  tsr_value *one = tsr_module_index(module, 1), *sum = one;
  for (int i = 0; i < 200000; i++)
    sum = tsr_build_binary(&at, TSR_OP_add, tsr_type_index(context), sum, one);
  int64_t number;
  CHECK(tsr_index_evaluate(sum, NULL, &number) && number == 200001);
  CHECK(has_range(sum, 200001, 200001));
  tsr_module_destroy(module);
}

// The tools refuse such a grid themselves; a module can be built with one.
static void test_grid(tsr_context *context, const tsr_target *target) {
  tsr_module *module = tsr_module_create(context);
  tsr_core_range all = {0, 0, 8, 6};
  tsr_op_set_attr(tsr_module_op(module), "grid",
                  tsr_attr_cores(context, &all, 1));
  tsr_diag *diag = tsr_diag_create();
  CHECK(tsr_module_verify_stage(module, target, false, diag) == TSR_FAILED);
  CHECK_TEXT(tsr_diag_get(diag, 0)->text,
             "grid 7x9 (rows x columns) is larger than the worker grid of "
             "n150, 8x8");
  tsr_diag_destroy(diag);
  tsr_module_destroy(module);
}

int main(void) {
  tsr_context *context = tsr_context_create();
  tsr_diag *diag = tsr_diag_create();
  tsr_parse_defaults defaults = {
      .target = "wormhole_b0", .grid_rows = 8, .grid_cols = 8};
  tsr_module *module = tsr_module_parse(
      context, "launch", launch_text, sizeof launch_text - 1, &defaults, diag);
  CHECK(module != NULL);
  if (module) {
    test_evaluate(module);
    test_range(module);
  }
  test_long_chain(context);
  tsr_target target;
  char error[256];
  CHECK(tsr_target_load("n150", &target, error, sizeof error) == TSR_OK);
  test_grid(context, &target);
  tsr_module_destroy(module);
  tsr_diag_destroy(diag);
  tsr_context_destroy(context);
  return report_checks();
}
