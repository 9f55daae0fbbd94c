// tile: turn tensors into buffers of tiles and tensor ops into tile loops.
//
// Every tensor op becomes one nest over the tiles of its result. Joining nests
// is left to fuse: here each one stands alone, so that what it reads and writes
// is plain to see. The function as it was stays in the module as `reference`.
//
// A nest goes over single tiles, or over blocks of block-m rows and block-n
// columns of them, of which the last ones may be short. No block is longer than
// its axis.
//
// Tiles at an edge hold elements that the tensor does not have. Elementwise ops
// may leave anything there, but a matmul sums over the padding of its inner
// axis and needs zeros. Inputs are padded with zeros; what becomes of them is
// followed through the ops, and only a producer that spoils them masks its edge
// tiles.

#include "tile.h"

#include <ctype.h>
#include <string.h>

// Kernels count tiles in 32 bits and keep the sign bit clear.
static const uint64_t max_tiles = INT32_MAX;

// -- what the function computes -----------------------------------------------

static bool is_result_name(const char *name) {
  if (strncmp(name, "out", 3) != 0 || !name[3])
    return false;
  for (const char *c = name + 3; *c; c++)
    if (!isdigit((unsigned char)*c))
      return false;
  return true;
}

static tsr_result check_argument(tsr_pass_env *env, const tsr_value *argument) {
  const char *name = tsr_value_get_name(argument);
  if (!is_result_name(name))
    return TSR_OK;
  return tsr_diag_error_at(env->diag, tsr_value_get_loc(argument),
                           TSR_DIAG(argument_named_as_result), name);
}

static tsr_result check_tile_count(tsr_pass_env *env, const tsr_value *value) {
  uint64_t tiles = tsr_type_tile_count(tsr_value_get_type(value));
  if (tiles <= max_tiles)
    return TSR_OK;
  return tsr_diag_error_at(env->diag, tsr_value_get_loc(value),
                           TSR_DIAG(tensor_too_large), tiles, max_tiles);
}

// What is returned as it came is loaded and stored, which not all formats can
// be.
static tsr_result check_copy(tsr_pass_env *env, const tsr_op *return_op,
                             const tsr_value *returned) {
  const tsr_element_info *info = tsr_element_get_info(
      tsr_type_get_desc(tsr_value_get_type(returned))->element);
  if (tsr_value_get_def(returned) || (info->supported && info->is_float))
    return TSR_OK;
  return tsr_diag_error(env->diag, return_op, TSR_DIAG(copy_element),
                        tsr_value_get_name(returned), info->name);
}

static tsr_result check_copies(tsr_pass_env *env, const tsr_op *return_op) {
  tsr_result result = TSR_OK;
  for (size_t i = 0; i < tsr_op_operand_count(return_op); i++)
    if (check_copy(env, return_op, tsr_op_operand(return_op, i)) != TSR_OK)
      result = TSR_FAILED;
  return result;
}

static void warn_unused_arguments(const tsr_tiler *t, tsr_op *func) {
  for (size_t i = 0; i < t->tensor_count && t->tensors[i].is_argument; i++)
    if (!t->tensors[i].is_used)
      tsr_diag_warn_at(t->env->diag, tsr_value_get_loc(t->tensors[i].value),
                       TSR_DIAG(argument_unused),
                       tsr_value_get_name(t->tensors[i].value),
                       tsr_op_get_text(func, "name"));
}

static void offer_buffer(tsr_tiler *t, const tsr_tile_tensor *of,
                         tsr_value *buffer) {
  for (uint32_t axis = 0; axis < of->desc->rank; axis++) {
    tsr_tile_size *size = tsr_tile_find_size(t, of, axis);
    if (size->buffer)
      continue;
    size->buffer = buffer;
    size->axis = axis;
  }
}

// Results first: their sizes are what nests run over.
static void choose_size_buffers(tsr_tiler *t) {
  for (size_t i = 0; i < tsr_op_operand_count(t->return_op); i++)
    offer_buffer(t, tsr_tile_get_tensor(t, tsr_op_operand(t->return_op, i)),
                 t->outs[i]);
  for (size_t i = 0; i < t->tensor_count && t->tensors[i].is_argument; i++)
    offer_buffer(t, &t->tensors[i], t->tensors[i].buffer);
}

// -- buffers ------------------------------------------------------------------

static const tsr_type *get_buffer_type(const tsr_tiler *t,
                                       const tsr_tile_tensor *of) {
  tsr_type_desc desc = *of->desc;
  desc.kind = TSR_TYPE_BUFFER;
  desc.layout = TSR_LAYOUT_TILED;
  desc.memory = TSR_MEMORY_DRAM;
  desc.pad.is_known = of->is_argument || of->needs_zeros;
  return tsr_type_get(t->context, &desc);
}

// An argument that is returned is copied; the copy promises no padding.
static const tsr_type *get_out_type(const tsr_tiler *t,
                                    const tsr_tile_tensor *of) {
  tsr_type_desc desc = *tsr_type_get_desc(get_buffer_type(t, of));
  desc.pad.is_known = !of->is_argument && of->needs_zeros;
  return tsr_type_get(t->context, &desc);
}

static void add_buffer_arguments(tsr_tiler *t) {
  for (size_t i = 0; i < t->tensor_count && t->tensors[i].is_argument; i++) {
    tsr_tile_tensor *argument = &t->tensors[i];
    argument->buffer = tsr_block_add_arg(t->block, get_buffer_type(t, argument),
                                         tsr_value_get_loc(argument->value),
                                         tsr_value_get_name(argument->value));
  }
  for (size_t i = 0; i < tsr_op_operand_count(t->return_op); i++) {
    tsr_tile_tensor *result =
        tsr_tile_get_tensor(t, tsr_op_operand(t->return_op, i));
    t->outs[i] = tsr_block_add_arg(
        t->block, get_out_type(t, result), tsr_op_get_loc(t->return_op),
        tsr_arena_printf(t->env->scratch, "out%zu", i));
    tsr_value_set_modifier(t->outs[i], "out");
    if (!result->buffer)
      result->buffer = t->outs[i];
  }
}

static void allocate_buffer(tsr_tiler *t, tsr_tile_tensor *of) {
  tsr_op *alloc = tsr_build_op(&t->header, TSR_OP_buffer_alloc,
                               get_buffer_type(t, of), 0, NULL);
  tsr_op_set_attr(alloc, "source",
                  tsr_attr_string(t->context, tsr_value_get_name(of->value)));
  of->buffer = tsr_op_result(alloc, 0);
  tsr_value_set_name(of->buffer, tsr_tile_get_label(t, of));
}

// -- nests --------------------------------------------------------------------

static void tile_op(tsr_tiler *t, const tsr_op *op, tsr_tile_tensor *result) {
  tsr_pass_env_at(t->env, op);
  t->header.loc = tsr_op_get_loc(op);
  if (!result->buffer)
    allocate_buffer(t, result);
  tsr_tile_build_nest(t, op, result);
}

static void tile_ops(tsr_tiler *t) {
  for (size_t i = 0; i < t->tensor_count; i++)
    if (!t->tensors[i].is_argument && t->tensors[i].is_used)
      tile_op(t, tsr_value_get_def(t->tensors[i].value), &t->tensors[i]);
}

static void copy_returned_arguments(tsr_tiler *t) {
  for (size_t i = 0; i < t->tensor_count && t->tensors[i].is_argument; i++)
    if (t->tensors[i].first_result != TSR_TILE_NO_RESULT)
      tsr_tile_build_copy(t, &t->tensors[i]);
}

// -- functions ----------------------------------------------------------------

static tsr_op *create_function(tsr_module *module, const tsr_op *like,
                               tsr_op_kind kind) {
  tsr_op_desc desc = {
      .kind = kind, .loc = tsr_op_get_loc(like), .block_count = 1};
  tsr_op *function = tsr_op_create(module, &desc);
  tsr_op_set_attr(function, "name", tsr_op_get_attr(like, "name"));
  return function;
}

// Moves the body of `func` into a new `reference` before it.
static void make_reference(tsr_module *module, tsr_op *func) {
  tsr_op *reference = create_function(module, func, TSR_OP_reference);
  tsr_op_set_attr(reference, "results", tsr_op_get_attr(func, "results"));
  tsr_op_insert_before(reference, func);
  tsr_block *from = tsr_op_block(func, 0), *to = tsr_op_block(reference, 0);
  for (size_t i = 0; i < tsr_block_arg_count(from); i++) {
    tsr_value *argument = tsr_block_arg(from, i);
    tsr_value_replace_uses(argument,
                           tsr_block_add_arg(to, tsr_value_get_type(argument),
                                             tsr_value_get_loc(argument),
                                             tsr_value_get_name(argument)));
  }
  while (tsr_block_first(from)) {
    tsr_op *op = tsr_block_first(from);
    tsr_op_remove(op);
    tsr_block_append(to, op);
  }
}

// Without arguments and results no later stage can make anything of it.
static tsr_result check_purpose(tsr_pass_env *env, const tsr_op *op) {
  if (!tsr_op_is(op, TSR_OP_func) || tsr_is_over_tensors(op) ||
      tsr_block_arg_count(tsr_op_block(op, 0)) > 0)
    return TSR_OK;
  return tsr_diag_error(env->diag, op, TSR_DIAG(function_gives_nothing),
                        tsr_op_get_text(op, "name"));
}

static tsr_result check_function(tsr_pass_env *env, tsr_op *func) {
  tsr_block *block = tsr_op_block(func, 0);
  const tsr_op *end = tsr_block_terminator(block);
  if (!end || tsr_op_operand_count(end) == 0)
    return tsr_diag_error(env->diag, func, TSR_DIAG(function_returns_nothing),
                          tsr_op_get_text(func, "name"));
  tsr_result result = check_copies(env, end);
  for (size_t i = 0; i < tsr_block_arg_count(block); i++)
    if (check_argument(env, tsr_block_arg(block, i)) != TSR_OK ||
        check_tile_count(env, tsr_block_arg(block, i)) != TSR_OK)
      result = TSR_FAILED;
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    for (size_t i = 0; i < tsr_op_result_count(op); i++)
      if (check_tile_count(env, tsr_op_result(op, i)) != TSR_OK)
        result = TSR_FAILED;
  return result;
}

static void report(const tsr_tiler *t, const tsr_op *tiled) {
  size_t nests = 0, buffers = 0;
  for (const tsr_op *op = tsr_block_first(t->block); op; op = tsr_op_next(op)) {
    nests += tsr_op_is(op, TSR_OP_tile_parallel);
    buffers += tsr_op_is(op, TSR_OP_buffer_alloc);
  }
  tsr_pass_env_count(t->env, "nests", nests);
  tsr_pass_env_count(t->env, "buffers", buffers);
  tsr_pass_env_remark(
      t->env, TSR_REMARK_PASSED, "Tiled", tiled,
      "loop nests over tiles: {nests:%zu}, intermediate buffers "
      "between them: {buffers:%zu}",
      nests, buffers);
}

// in     `func`: checked, over tensors; its body becomes that of a reference
static void tile_function(tsr_pass_env *env, tsr_module *module, tsr_op *func) {
  make_reference(module, func);
  tsr_op *tiled = create_function(module, func, TSR_OP_func);
  tsr_op_insert_after(tiled, func);
  tsr_tiler t = {.env = env,
                 .module = module,
                 .context = tsr_module_get_context(module),
                 .block = tsr_op_block(tiled, 0)};
  t.header = tsr_builder_at_end(module, t.block, tsr_op_get_loc(func));
  t.block_tiles[0] = (uint32_t)tsr_pass_env_option(env, "block-m")->number;
  t.block_tiles[1] = (uint32_t)tsr_pass_env_option(env, "block-n")->number;
  tsr_map_init(&t.tensors_by_value);

  tsr_tile_collect(&t, tsr_op_block(tsr_op_prev(func), 0));
  warn_unused_arguments(&t, func);
  tsr_tile_join_sizes(&t);
  add_buffer_arguments(&t);
  choose_size_buffers(&t);
  tile_ops(&t);
  copy_returned_arguments(&t);
  report(&t, tiled);

  tsr_map_deinit(&t.tensors_by_value);
  tsr_op_erase(func);
}

tsr_result tsr_pass_tile(tsr_pass_env *env, tsr_module *module) {
  tsr_result result = TSR_OK;
  tsr_module_name_values(module);
  for (tsr_op *op = tsr_block_first(tsr_module_block(module)), *next; op;
       op = next) {
    next = tsr_op_next(op);
    if (check_purpose(env, op) != TSR_OK)
      result = TSR_FAILED;
    if (!tsr_is_over_tensors(op))
      continue;
    if (check_function(env, op) != TSR_OK)
      result = TSR_FAILED;
    else if (result == TSR_OK)
      tile_function(env, module, op);
  }
  return result;
}
