// insert-k-loop: turn reductions into loops that carry an accumulator.
//
// tile.contract says what is summed and not how. The loop made here adds one
// step of the reduced axis at a time, in ascending order, which is the order
// the hardware accumulates in.

#include "tessera/hash.h"
#include "tessera/pass_report.h"

#include <string.h>

// One operand of a reduction: a buffer and indices, one of them `*`.
typedef struct operand {
  tsr_value *buffer;
  tsr_value *indices[TSR_MAX_RANK];
  uint32_t rank;
  uint32_t reduced_axis;
} operand;

static operand read_operand(const tsr_op *contract, size_t group) {
  operand read = {.buffer = tsr_op_group_operand(contract, group, 0),
                  .rank = (uint32_t)tsr_op_group_size(contract, group + 1)};
  for (uint32_t i = 0; i < read.rank; i++) {
    read.indices[i] = tsr_op_group_operand(contract, group + 1, i);
    if (tsr_value_is_all(read.indices[i]))
      read.reduced_axis = i;
  }
  return read;
}

// State of one run.
typedef struct expander {
  tsr_pass_env *env;
  tsr_bytes_map extents; // of axes of buffers
  size_t loops;
} expander;

// The op of the block that defines `buffer` which holds `op`.
static tsr_op *find_top(const tsr_value *buffer, const tsr_op *op) {
  tsr_op *def = tsr_value_get_def(buffer);
  tsr_block *block =
      def ? tsr_op_get_parent_block(def) : tsr_value_get_block(buffer);
  return tsr_block_find_ancestor(block, op);
}

// The first buffer.dim in front of `top` that says this extent, or NULL.
static tsr_value *find_extent(const operand *of, const tsr_op *top) {
  tsr_op *found = NULL;
  for (const tsr_use *use = tsr_value_first_use(of->buffer); use;
       use = tsr_use_next(use)) {
    tsr_op *op = tsr_use_get_op(use);
    if (tsr_op_is(op, TSR_OP_buffer_dim) &&
        tsr_op_get_int(op, "axis", -1) == of->reduced_axis &&
        tsr_op_get_parent_block(op) == tsr_op_get_parent_block(top) &&
        tsr_op_is_before(op, top) && (!found || tsr_op_is_before(op, found)))
      found = op;
  }
  return found ? tsr_op_result(found, 0) : NULL;
}

static tsr_value *build_extent(const operand *of, const tsr_op *contract,
                               tsr_op *top) {
  tsr_builder builder = tsr_builder_before(top);
  builder.loc = tsr_op_get_loc(contract);
  tsr_context *context = tsr_module_get_context(builder.module);
  tsr_op *dim = tsr_build_op(&builder, TSR_OP_buffer_dim,
                             tsr_type_index(context), 1, &of->buffer);
  tsr_op_set_int(dim, "axis", of->reduced_axis);
  tsr_value_set_name(tsr_op_result(dim, 0), "kt");
  return tsr_op_result(dim, 0);
}

// The extent of the reduced axis. What served a reduction stands in front of
// all later ones, so each buffer's uses are looked through once.
static tsr_value *get_extent(expander *e, const operand *of,
                             const tsr_op *contract) {
  struct {
    const tsr_value *buffer;
    size_t axis;
  } key = {of->buffer, of->reduced_axis};
  void **place = tsr_bytes_map_get(&e->extents, &key, sizeof key, NULL);
  if (!*place) {
    tsr_op *top = find_top(of->buffer, contract);
    *place = find_extent(of, top);
    if (!*place)
      *place = build_extent(of, contract, top);
  }
  return *place;
}

static tsr_value *build_load(tsr_pass_env *env, tsr_builder *body,
                             const operand *of, tsr_value *k, uint32_t rows,
                             uint32_t cols) {
  tsr_value *operands[1 + TSR_MAX_RANK] = {of->buffer};
  memcpy(operands + 1, of->indices, of->rank * sizeof *operands);
  operands[1 + of->reduced_axis] = k;
  const tsr_type *type = tsr_type_tile(
      tsr_module_get_context(body->module),
      tsr_type_get_element(tsr_value_get_type(of->buffer)), rows, cols);
  tsr_op *load = tsr_build(
      body, &(tsr_op_desc){.kind = TSR_OP_tile_load,
                           .operands = operands,
                           .operand_count = 1 + of->rank,
                           .groups = (const uint32_t[]){1, of->rank, 0},
                           .result_types = &type,
                           .result_count = 1});
  tsr_value *tile = tsr_op_result(load, 0);
  const char *name = tsr_value_get_name(of->buffer);
  if (name)
    tsr_value_set_name(tile, tsr_arena_printf(env->scratch, "%s_tile", name));
  return tile;
}

// The sum is one of f32, whatever it is rounded to in the end.
static tsr_value *round_sum(const tsr_op *contract, tsr_builder *behind,
                            tsr_value *sum) {
  const tsr_type *type = tsr_value_get_type(tsr_op_result(contract, 0));
  if (tsr_value_get_type(sum) == type)
    return sum;
  return tsr_build_unary(behind, TSR_OP_tile_cast, type, sum);
}

static void expand_contract(expander *e, tsr_op *contract) {
  operand a = read_operand(contract, 0), b = read_operand(contract, 2);
  tsr_value *result = tsr_op_result(contract, 0);
  const tsr_type *type =
      tsr_type_with_element(tsr_module_get_context(tsr_op_get_module(contract)),
                            tsr_value_get_type(result), TSR_ELEMENT_F32);
  const tsr_type_desc *desc = tsr_type_get_desc(type);
  tsr_builder builder = tsr_builder_before(contract);
  tsr_module *module = builder.module;

  tsr_op *fill = tsr_build_op(&builder, TSR_OP_tile_fill, type, 0, NULL);
  tsr_op_set_attr(fill, "value",
                  tsr_attr_float(tsr_module_get_context(module), 0.0));
  tsr_value *zero = tsr_op_result(fill, 0);
  tsr_value_set_name(zero, "zero");
  tsr_builder body;
  tsr_op *loop =
      tsr_build_for(&builder, tsr_module_index(module, 0),
                    get_extent(e, &a, contract), &zero, 1, "k", &body);
  tsr_block *block = tsr_op_block(loop, 0);
  tsr_value *k = tsr_block_arg(block, 0), *acc = tsr_block_arg(block, 1);
  tsr_value_set_name(acc, "acc");

  tsr_value *operands[] = {
      build_load(e->env, &body, &a, k, desc->block_rows, 1),
      build_load(e->env, &body, &b, k, 1, desc->block_cols), acc};
  tsr_op *mma = tsr_build_op(&body, TSR_OP_tile_mma, type, 3, operands);
  tsr_value *sum = tsr_op_result(mma, 0);
  tsr_value_set_name(sum, "sum");
  tsr_build(&body, &(tsr_op_desc){.kind = TSR_OP_yield,
                                  .operands = &sum,
                                  .operand_count = 1});

  e->loops++;
  const char *name = tsr_value_get_name(a.buffer);
  tsr_pass_env_remark(e->env, TSR_REMARK_PASSED, "LoopInserted", contract,
                      "the sum over axis {axis:%u} of %%{buffer:%s} is a loop, "
                      "one tile at a time",
                      a.reduced_axis, name ? name : "?");
  tsr_value *total = round_sum(contract, &builder, tsr_op_result(loop, 0));
  tsr_value_set_name(total, tsr_value_get_name(result));
  tsr_value_replace_uses(result, total);
  tsr_op_erase(contract);
}

static void expand_block(expander *e, tsr_block *block) {
  for (tsr_op *op = tsr_block_first(block), *next; op; op = next) {
    next = tsr_op_next(op);
    tsr_pass_env_at(e->env, op);
    if (tsr_op_is(op, TSR_OP_tile_contract))
      expand_contract(e, op);
    else if (!tsr_op_is(op, TSR_OP_reference))
      for (size_t i = 0; i < tsr_op_block_count(op); i++)
        expand_block(e, tsr_op_block(op, i));
  }
}

tsr_result tsr_pass_insert_k_loop(tsr_pass_env *env, tsr_module *module) {
  expander e = {.env = env};
  tsr_bytes_map_init(&e.extents);
  expand_block(&e, tsr_module_block(module));
  tsr_pass_env_count(env, "loops", e.loops);
  tsr_bytes_map_deinit(&e.extents);
  return TSR_OK;
}
