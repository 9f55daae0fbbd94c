// Building ops one after the other.

#include "impl.h"
#include "tessera/support.h"

tsr_builder tsr_builder_at_end(tsr_module *module, tsr_block *block,
                               tsr_loc loc) {
  return (tsr_builder){.module = module, .block = block, .loc = loc};
}

tsr_builder tsr_builder_before(tsr_op *op) {
  return (tsr_builder){.module = ir_module(op),
                       .block = ir_parent_block(op),
                       .before = op,
                       .loc = tsr_op_get_loc(op)};
}

tsr_op *tsr_build(tsr_builder *builder, const tsr_op_desc *desc) {
  tsr_op_desc located = *desc;
  if (!located.loc.line)
    located.loc = builder->loc;
  tsr_op *op = tsr_op_create(builder->module, &located);
  if (builder->before)
    tsr_op_insert_before(op, builder->before);
  else
    tsr_block_append(builder->block, op);
  if (builder->listener)
    builder->listener->changed(builder->listener, op);
  return op;
}

tsr_op *tsr_build_op(tsr_builder *builder, tsr_op_kind kind,
                     const tsr_type *result, size_t operand_count,
                     tsr_value *const *operands) {
  tsr_op_desc desc = {.kind = kind,
                      .operands = operands,
                      .operand_count = operand_count,
                      .result_types = &result,
                      .result_count = result ? 1 : 0};
  return tsr_build(builder, &desc);
}

tsr_value *tsr_build_unary(tsr_builder *builder, tsr_op_kind kind,
                           const tsr_type *type, tsr_value *a) {
  return tsr_op_result(tsr_build_op(builder, kind, type, 1, &a), 0);
}

tsr_value *tsr_build_binary(tsr_builder *builder, tsr_op_kind kind,
                            const tsr_type *type, tsr_value *a, tsr_value *b) {
  tsr_value *operands[] = {a, b};
  return tsr_op_result(tsr_build_op(builder, kind, type, 2, operands), 0);
}

// Both operands known; false when the result would not be a plain number.
static bool fold_numbers(tsr_op_kind kind, int64_t a, int64_t b, int64_t *out) {
  uint64_t x = (uint64_t)a, y = (uint64_t)b, result = 0;
  bool fits = a >= 0 && b >= 0;
  if (kind == TSR_OP_add)
    fits = fits && tsr_add_u64(x, y, &result);
  else if (kind == TSR_OP_mul)
    fits = fits && tsr_mul_u64(x, y, &result);
  else if (kind == TSR_OP_sub)
    fits = fits && x >= y, result = x - y;
  else if (kind == TSR_OP_div)
    fits = fits && y != 0, result = y ? x / y : 0;
  else if (kind == TSR_OP_rem)
    fits = fits && y != 0, result = y ? x % y : 0;
  else if (kind == TSR_OP_min)
    result = x < y ? x : y;
  else if (kind == TSR_OP_max)
    result = x > y ? x : y;
  else
    fits = false;
  *out = (int64_t)result;
  return fits && result <= (uint64_t)INT64_MAX;
}

tsr_value *tsr_build_index(tsr_builder *builder, tsr_op_kind kind, tsr_value *a,
                           tsr_value *b) {
  int64_t x = -1, y = -1, folded;
  bool has_x = tsr_value_is_index(a, &x), has_y = tsr_value_is_index(b, &y);
  if (has_x && has_y && fold_numbers(kind, x, y, &folded))
    return tsr_module_index(builder->module, folded);
  if (has_y && y == 0 && (kind == TSR_OP_add || kind == TSR_OP_sub))
    return a;
  if (has_y && y == 1 && (kind == TSR_OP_mul || kind == TSR_OP_div))
    return a;
  if (has_x && x == 0 && kind == TSR_OP_add)
    return b;
  if (has_x && x == 1 && kind == TSR_OP_mul)
    return b;
  return tsr_build_binary(builder, kind,
                          tsr_type_index(builder->module->context), a, b);
}

tsr_op *tsr_build_for(tsr_builder *builder, tsr_value *from, tsr_value *to,
                      tsr_value *const *carry, size_t carry_count,
                      const char *name, tsr_builder *out_body) {
  tsr_arena scratch;
  tsr_arena_init(&scratch);
  tsr_value **operands = TSR_NEW_ARRAY(&scratch, tsr_value *, 3 + carry_count);
  const tsr_type **types =
      TSR_NEW_ARRAY(&scratch, const tsr_type *, carry_count + 1);
  operands[0] = from;
  operands[1] = to;
  operands[2] = tsr_module_index(builder->module, 1);
  for (size_t i = 0; i < carry_count; i++) {
    operands[3 + i] = carry[i];
    types[i] = tsr_value_get_type(carry[i]);
  }
  uint32_t groups[] = {1, 1, 1, (uint32_t)carry_count};
  tsr_op_desc desc = {.kind = TSR_OP_for_,
                      .operands = operands,
                      .operand_count = 3 + carry_count,
                      .groups = groups,
                      .result_types = types,
                      .result_count = carry_count,
                      .block_count = 1};
  tsr_op *loop = tsr_build(builder, &desc);
  tsr_block *body = tsr_op_block(loop, 0);
  tsr_block_add_arg(body, tsr_type_index(builder->module->context),
                    builder->loc, name);
  for (size_t i = 0; i < carry_count; i++)
    tsr_block_add_arg(body, types[i], builder->loc, NULL);
  *out_body = tsr_builder_at_end(builder->module, body, builder->loc);
  out_body->listener = builder->listener;
  tsr_arena_deinit(&scratch);
  return loop;
}
