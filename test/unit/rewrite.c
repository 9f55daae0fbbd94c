// RUN: %unit/rewrite

// The rewriter and the worklist: what patterns are tried on, in which order,
// and what happens where they do not come to an end.

#include "tessera/rewrite.h"

#include "tessera/buffer.h"
#include "tessera/print.h"
#include "tessera/text.h"

#include "check.h"

static tsr_module *parse(tsr_context *context, const char *text) {
  tsr_parse_defaults defaults = {
      .target = "wormhole_b0", .grid_rows = 8, .grid_cols = 8};
  tsr_diag *diag = tsr_diag_create();
  tsr_module *module =
      tsr_module_parse(context, "test", text, strlen(text), &defaults, diag);
  CHECK(module != NULL);
  tsr_diag_destroy(diag);
  return module;
}

// The ops of the body of the first function, one to a line.
static const char *spell(const tsr_block *block, tsr_buffer *out) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    tsr_buffer_append_str(out, tsr_op_get_mnemonic(op));
    for (size_t i = 0; i < tsr_op_operand_count(op); i++) {
      const tsr_value *value = tsr_op_operand(op, i);
      int64_t number;
      if (tsr_value_is_index(value, &number))
        tsr_buffer_printf(out, " %d", (int)number);
      else
        tsr_buffer_printf(out, " %s", tsr_value_get_name(value));
    }
    tsr_buffer_append_str(out, ";");
    for (size_t b = 0; b < tsr_op_block_count(op); b++) {
      tsr_buffer_append_str(out, "{");
      spell(tsr_op_block(op, b), out);
      tsr_buffer_append_str(out, "}");
    }
  }
  return tsr_buffer_str(out);
}

static tsr_block *get_body(const tsr_module *module) {
  return tsr_op_block(tsr_block_first(tsr_module_block(module)), 0);
}

static void check_body(const tsr_module *module, const char *expected) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  CHECK_TEXT(spell(get_body(module), &text), expected);
  tsr_buffer_deinit(&text);
}

static tsr_op *get_op(const tsr_module *module, size_t i) {
  tsr_op *op = tsr_block_first(get_body(module));
  while (i-- > 0)
    op = tsr_op_next(op);
  return op;
}

// -- the rewriter -------------------------------------------------------------

static const char loop_text[] =
    "func @f(%a: buffer<64x64xbf16> inout) {\n"
    "  %x = add 1, 2 : index\n"
    "  %y = for %i in 0 to 3 carry(%c = %x) : index {\n"
    "    %s = add %c, %i : index\n"
    "    yield %s\n"
    "  }\n"
    "  %z = mul %y, %x : index\n"
    "}\n";

// One round of the loop in front of it, with a value for each argument, and
// what it yields handed to the loop: peeling by clone and map.
static void test_clone(tsr_context *context) {
  tsr_module *module = parse(context, loop_text);
  tsr_rewriter r = tsr_rewriter_make(module);
  tsr_op *loop = get_op(module, 1);
  const tsr_block *body = tsr_op_block(loop, 0);
  tsr_map map;
  tsr_map_init(&map);
  tsr_map_set(&map, tsr_block_arg(body, 0), tsr_module_index(module, 0));
  tsr_map_set(&map, tsr_block_arg(body, 1), tsr_op_operand(loop, 3));
  tsr_rewriter_set_before(&r, loop);
  tsr_rewriter_clone_block(&r, body, &map);
  tsr_value *next =
      tsr_map_find(&map, tsr_op_operand(tsr_block_terminator(body), 0));
  tsr_rewriter_set_operand(&r, loop, 0, tsr_module_index(module, 1));
  tsr_rewriter_set_operand(&r, loop, 3, next);
  tsr_map_deinit(&map);
  tsr_module_name_values(module);
  check_body(module,
             "add 1 2;add x 0;for 1 3 1 s;{add c i;yield s_1;}mul y x;");
  tsr_module_destroy(module);
}

static void test_inline(tsr_context *context) {
  tsr_module *module = parse(context, loop_text);
  tsr_rewriter r = tsr_rewriter_make(module);
  tsr_op *loop = get_op(module, 1);
  tsr_value *args[] = {tsr_module_index(module, 0), tsr_op_operand(loop, 3)};
  tsr_value *yielded[1];
  tsr_rewriter_inline_block(&r, tsr_op_block(loop, 0), args, loop, yielded);
  tsr_rewriter_replace(&r, loop, yielded);
  check_body(module, "add 1 2;add x 0;mul s x;");
  tsr_rewriter_move_after(&r, get_op(module, 2), get_op(module, 0));
  check_body(module, "add 1 2;mul s x;add x 0;");
  tsr_rewriter_move_before(&r, get_op(module, 2), get_op(module, 1));
  check_body(module, "add 1 2;add x 0;mul s x;");
  tsr_module_destroy(module);
}

// What follows an op goes into a block of its own.
static void test_split(tsr_context *context) {
  tsr_module *module =
      parse(context, "func @f(%a: buffer<64x64xbf16> inout) {\n"
                     "  %x = add 1, 2 : index\n"
                     "  %y = add %x, 3 : index\n"
                     "  %z = add %y, 4 : index\n"
                     "}\n");
  tsr_rewriter r = tsr_rewriter_make(module);
  tsr_rewriter_set_start(&r, get_body(module));
  tsr_builder inside;
  (void)tsr_build_for(&r.at, tsr_module_index(module, 0),
                      tsr_module_index(module, 1), NULL, 0, "i", &inside);
  tsr_rewriter_split_block(&r, get_op(module, 2), inside.block);
  tsr_rewriter_set_after(&r, get_op(module, 1));
  tsr_op *last = get_op(module, 1);
  tsr_op_remove(get_op(module, 0));
  CHECK(tsr_op_is(last, TSR_OP_add) && !tsr_op_next(last));
  CHECK(tsr_op_is(tsr_block_last(inside.block), TSR_OP_add));
  CHECK(tsr_op_prev(tsr_block_last(inside.block)) ==
        tsr_block_first(inside.block));
  tsr_module_destroy(module);
}

// -- patterns -----------------------------------------------------------------

static tsr_rewrite_counts run(tsr_module *module, const tsr_pattern *patterns,
                              size_t count, uint64_t max, void *data,
                              const char *message) {
  tsr_pattern_set set = {patterns, count};
  tsr_rewrite_options options = {.max_rewrites = max, .data = data};
  tsr_rewrite_counts counts;
  tsr_diag *diag = tsr_diag_create();
  tsr_result result = tsr_rewrite(module, &set, 1, &options, diag, &counts);
  CHECK((result == TSR_OK) == (message == NULL));
  if (message && tsr_diag_count(diag) > 0)
    CHECK_TEXT(tsr_diag_get(diag, 0)->text, message);
  tsr_diag_destroy(diag);
  for (tsr_op *op = tsr_block_first(get_body(module)); op; op = tsr_op_next(op))
    CHECK(tsr_op_get_mark(op) == 0);
  return counts;
}

// x + n -> (x + 1) + (n - 1) down to n = 1: makes ops that are visited as well.
static bool take_apart(tsr_rewriter *r, tsr_op *op) {
  int64_t n;
  if (!tsr_value_is_index(tsr_op_operand(op, 1), &n) || n < 2)
    return false;
  tsr_value *one = tsr_module_index(r->at.module, 1);
  tsr_value *sum = tsr_build_binary(&r->at, TSR_OP_add,
                                    tsr_value_get_type(tsr_op_result(op, 0)),
                                    tsr_op_operand(op, 0), one);
  tsr_rewriter_set_operand(r, op, 0, sum);
  tsr_rewriter_set_operand(r, op, 1, tsr_module_index(r->at.module, n - 1));
  return true;
}

// x * 1 is x; counts how often it was asked.
static tsr_value *drop_factor(tsr_rewriter *r, tsr_op *op) {
  int64_t n;
  ++*(int *)r->data;
  bool is_one = tsr_value_is_index(tsr_op_operand(op, 1), &n) && n == 1;
  return is_one ? tsr_op_operand(op, 0) : NULL;
}

// A product of a sum with 1: hides behind the product that is dropped first.
static tsr_value *drop_product_of_sum(tsr_rewriter *r, tsr_op *op) {
  (void)r;
  tsr_op *def = tsr_value_get_def(tsr_op_operand(op, 0));
  return tsr_op_is(def, TSR_OP_add) ? tsr_op_result(def, 0) : NULL;
}

static void test_worklist(tsr_context *context) {
  tsr_module *module =
      parse(context, "func @f(%a: buffer<64x64xbf16> inout) {\n"
                     "  %x = add 1, 3 : index\n"
                     "  %y = mul %x, 1 : index\n"
                     "  %z = mul %y, 1 : index\n"
                     "  %w = mul %z, 7 : index\n"
                     "}\n");
  int asked = 0;
  const tsr_pattern patterns[] = {
      {TSR_OP_add, "take-apart", 1, .apply = take_apart},
      {TSR_OP_mul, "drop-factor", 1, .fold = drop_factor},
  };
  tsr_rewrite_counts counts = run(module, patterns, 2, 0, &asked, NULL);
  tsr_module_name_values(module);
  check_body(module, "add 1 1;add 0 1;add 1 1;mul x 7;");
  CHECK(counts.rewrites == 4 && counts.sweeps == 2);
  CHECK(asked == 4); // %y, %z, %w, and %w again in the second sweep
  tsr_module_destroy(module);
}

// The larger benefit goes first; at equal ones the order of the table counts.
static void test_benefit(tsr_context *context) {
  static const char text[] = "func @f(%a: buffer<64x64xbf16> inout) {\n"
                             "  %x = add 1, 1 : index\n"
                             "  %y = mul %x, 1 : index\n"
                             "}\n";
  int asked = 0;
  const tsr_pattern patterns[] = {
      {TSR_OP_mul, "drop-factor", 1, .fold = drop_factor},
      {TSR_OP_mul, "drop-product-of-sum", 2, .fold = drop_product_of_sum},
      {TSR_OP_mul, "again", 2, .fold = drop_factor},
  };
  tsr_module *module = parse(context, text);
  run(module, patterns, 3, 0, &asked, NULL);
  CHECK(asked == 0);
  check_body(module, "add 1 1;");
  tsr_module_destroy(module);
}

// a + b -> b + a, for ever.
static bool swap_operands(tsr_rewriter *r, tsr_op *op) {
  tsr_value *operands[] = {tsr_op_operand(op, 1), tsr_op_operand(op, 0)};
  tsr_rewriter_set_operands(r, op, operands, 2, NULL);
  return true;
}

static void test_endless(tsr_context *context) {
  tsr_module *module = parse(context, loop_text);
  const tsr_pattern patterns[] = {
      {TSR_OP_add, "swap-operands", 1, .apply = swap_operands}};
  tsr_rewrite_counts counts =
      run(module, patterns, 1, 5, NULL,
          "patterns do not come to an end: 'swap-operands' applies here after "
          "5 rewrites");
  CHECK(counts.rewrites == 5);
  // Without a bound of the caller's there is one all the same.
  counts = run(module, patterns, 1, 0, NULL,
               "patterns do not come to an end: 'swap-operands' applies here "
               "after 4224 rewrites");
  CHECK(counts.rewrites == 4224);
  tsr_module_destroy(module);
}

// An op around that goes takes what waits in it along.
static bool drop_loop(tsr_rewriter *r, tsr_op *op) {
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    tsr_rewriter_replace_uses(r, tsr_op_result(op, i),
                              tsr_op_operand(op, 3 + i));
  tsr_rewriter_erase(r, op);
  return true;
}

static void test_erase(tsr_context *context) {
  tsr_module *module = parse(context, loop_text);
  int asked = 0;
  const tsr_pattern patterns[] = {
      {TSR_OP_for_, "drop-loop", 1, .apply = drop_loop},
      {TSR_OP_add, "take-apart", 1, .apply = take_apart},
      {TSR_OP_mul, "drop-factor", 1, .fold = drop_factor},
  };
  run(module, patterns, 3, 0, &asked, NULL);
  check_body(module, "add 1 1;add (null) 1;mul x x;");
  tsr_module_destroy(module);
}

// What a sweep does follows the text, not the order in which uses were made.
static bool mark_first(tsr_rewriter *r, tsr_op *op) {
  tsr_op **order = r->data;
  for (size_t i = 0; i < 3; i++) {
    if (order[i] == op)
      return false;
    if (!order[i]) {
      order[i] = op;
      return false;
    }
  }
  return false;
}

// All had their turn by then.
static bool touch_users(tsr_rewriter *r, tsr_op *op) {
  tsr_op *users[3];
  tsr_op *def = tsr_block_first(tsr_op_get_parent_block(op));
  users[0] = tsr_op_next(def);
  users[1] = tsr_op_next(users[0]);
  users[2] = tsr_op_next(users[1]);
  // Uses that are made anew: the last is the first of the list.
  tsr_value *value = tsr_op_result(def, 0);
  for (size_t i = 0; i < 3; i++) {
    tsr_op_set_operand(users[i], 0, tsr_module_index(r->at.module, 0));
    tsr_op_set_operand(users[i], 0, value);
  }
  CHECK(tsr_use_get_op(tsr_value_first_use(value)) == users[2]);
  memset(r->data, 0, 3 * sizeof(tsr_op *));
  tsr_rewriter_replace_uses(r, value, tsr_module_index(r->at.module, 1));
  tsr_rewriter_erase(r, op);
  return true;
}

static void test_order(tsr_context *context) {
  tsr_module *module =
      parse(context, "func @f(%a: buffer<64x64xbf16> inout) {\n"
                     "  %w = max 9, 4 : index\n"
                     "  %x = add %w, 1 : index\n"
                     "  %y = add %w, 2 : index\n"
                     "  %z = add %w, 3 : index\n"
                     "}\n");
  tsr_op *order[3] = {NULL};
  tsr_op *expected[] = {get_op(module, 1), get_op(module, 2),
                        get_op(module, 3)};
  const tsr_pattern patterns[] = {
      {TSR_OP_sub, "touch-users", 1, .apply = touch_users},
      {TSR_OP_add, "mark-first", 1, .apply = mark_first},
  };
  run(module, patterns, 2, 0, order, NULL);
  CHECK(memcmp(order, expected, sizeof order) == 0);
  tsr_module_destroy(module);
}

int main(void) {
  tsr_context *context = tsr_context_create();
  test_clone(context);
  test_inline(context);
  test_split(context);
  test_worklist(context);
  test_benefit(context);
  test_endless(context);
  test_erase(context);
  test_order(context);
  tsr_context_destroy(context);
  return report_checks();
}
