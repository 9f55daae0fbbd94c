#include "grow.h"

#include <string.h>

enum { MAX_TENSORS = 16, MAX_SIZES = 3 };

typedef struct grower {
  choices *c;
  tsr_context *context;
  tsr_module *module;
  tsr_block *body;
  tsr_builder builder;
  tsr_value *tensors[MAX_TENSORS]; // arguments and results of ops
  size_t count;
  uint64_t sizes[MAX_SIZES]; // extents that shapes are made of
} grower;

static const tsr_type_desc *describe(const tsr_value *value) {
  return tsr_type_get_desc(tsr_value_get_type(value));
}

static const tsr_type *make_type(grower *g, uint32_t rank,
                                 const uint64_t *extents) {
  tsr_type_desc desc = {.kind = TSR_TYPE_TENSOR, .rank = rank};
  desc.element = chance(g->c, 35) ? TSR_ELEMENT_F32 : TSR_ELEMENT_BF16;
  memcpy(desc.extents, extents, rank * sizeof *extents);
  return tsr_type_get(g->context, &desc);
}

static tsr_value *add(grower *g, tsr_value *value) {
  if (g->count < MAX_TENSORS)
    g->tensors[g->count++] = value;
  return value;
}

static tsr_value *add_argument(grower *g, uint32_t rank,
                               const uint64_t *extents) {
  tsr_loc nowhere = {NULL, 0, 0};
  return add(
      g, tsr_block_add_arg(g->body, make_type(g, rank, extents), nowhere, "a"));
}

static bool has_shape(const tsr_value *value, uint32_t rank,
                      const uint64_t *extents) {
  const tsr_type_desc *desc = describe(value);
  return desc->rank == rank &&
         memcmp(desc->extents, extents, rank * sizeof *extents) == 0;
}

// A tensor of that shape: one that is there, or a new argument.
static tsr_value *find(grower *g, uint32_t rank, const uint64_t *extents) {
  tsr_value *found[MAX_TENSORS];
  uint32_t count = 0;
  for (size_t i = 0; i < g->count; i++)
    if (has_shape(g->tensors[i], rank, extents))
      found[count++] = g->tensors[i];
  if (count && (g->count == MAX_TENSORS || !chance(g->c, 30)))
    return found[choose(g->c, count)];
  return add_argument(g, rank, extents);
}

static const tsr_op_kind unary[] = {
#define TSR_TENSOR_UNARY(id, ...) TSR_OP_tensor_##id,
#include "tessera/ops.def"
};
static const tsr_op_kind binary[] = {
#define TSR_TENSOR_BINARY(id, ...) TSR_OP_tensor_##id,
#include "tessera/ops.def"
};
enum { UNARY = sizeof unary / sizeof *unary };
enum { BINARY = sizeof binary / sizeof *binary };

static void add_elementwise(grower *g, tsr_value *a, bool is_binary) {
  const tsr_type_desc *shape = describe(a);
  if (!is_binary) {
    const tsr_type *type = make_type(g, shape->rank, shape->extents);
    add(g, tsr_build_unary(&g->builder, unary[choose(g->c, UNARY)], type, a));
    return;
  }
  tsr_value *b = find(g, shape->rank, shape->extents);
  const tsr_type *type = make_type(g, shape->rank, shape->extents);
  add(g,
      tsr_build_binary(&g->builder, binary[choose(g->c, BINARY)], type, a, b));
}

static tsr_value *build_exp(grower *g, tsr_value *a) {
  const tsr_type_desc *shape = describe(a);
  const tsr_type *type = make_type(g, shape->rank, shape->extents);
  return tsr_build_unary(&g->builder, TSR_OP_tensor_exp, type, a);
}

static void add_product(grower *g, tsr_value *a) {
  const tsr_type_desc *shape = describe(a);
  uint32_t rank = shape->rank;
  uint64_t extents[TSR_MAX_RANK], other[TSR_MAX_RANK];
  memcpy(extents, shape->extents, sizeof extents);
  memcpy(other, extents, sizeof other);
  uint64_t k = extents[rank - 1], n = g->sizes[choose(g->c, MAX_SIZES)];
  extents[rank - 1] = n;
  // A B without batch is shared by all.
  uint32_t other_rank = chance(g->c, 50) ? rank : 2;
  other[other_rank - 2] = k;
  other[other_rank - 1] = n;
  tsr_value *b = find(g, other_rank, other);
  // As in attention without softmax: no zero stays one, padding included.
  if (chance(g->c, 25)) {
    a = build_exp(g, a);
    b = build_exp(g, b);
  }
  add(g, tsr_build_binary(&g->builder, TSR_OP_tensor_matmul,
                          make_type(g, rank, extents), a, b));
}

static void grow_op(grower *g) {
  tsr_value *a = g->tensors[choose(g->c, (uint32_t)g->count)];
  uint32_t kind = choose(g->c, 10);
  if (kind >= 7 && describe(a)->rank >= 2)
    add_product(g, a);
  else
    add_elementwise(g, a, kind >= 3);
}

static void add_return(grower *g, tsr_op *func, size_t arguments) {
  tsr_value *values[MAX_SIZES];
  const tsr_attr *types[MAX_SIZES];
  uint32_t made = (uint32_t)(g->count - arguments);
  uint32_t count = made > 1 && chance(g->c, 40) ? 1 + choose(g->c, 3) : 1;
  for (uint32_t i = 0; i < count; i++) {
    values[i] =
        g->tensors[i == 0 ? g->count - 1 : arguments + choose(g->c, made)];
    types[i] = tsr_attr_type(g->context, tsr_value_get_type(values[i]));
  }
  tsr_op_set_attr(func, "results", tsr_attr_array(g->context, types, count));
  tsr_op_desc desc = {.kind = TSR_OP_return_,
                      .operands = values,
                      .operand_count = count,
                      .groups = &count};
  tsr_build(&g->builder, &desc);
}

tsr_module *grow_tensors(choices *c, tsr_context *context) {
  static const uint64_t sizes[] = {32, 1, 5, 31, 33, 40, 64, 65, 96};
  tsr_module *module = grow_module(context, 1 + choose(c, 3), 1 + choose(c, 3));
  tsr_builder top =
      tsr_builder_at_end(module, tsr_module_block(module), (tsr_loc){0});
  tsr_op_desc desc = {.kind = TSR_OP_func, .block_count = 1};
  tsr_op *func = tsr_build(&top, &desc);
  tsr_op_set_symbol(func, "name", "f");
  grower g = {.c = c,
              .context = context,
              .module = module,
              .body = tsr_op_block(func, 0)};
  g.builder = tsr_builder_at_end(module, g.body, (tsr_loc){0});
  for (size_t i = 0; i < MAX_SIZES; i++)
    g.sizes[i] = sizes[choose(c, sizeof sizes / sizeof sizes[0])];
  uint32_t rank = 1 + (choose(c, 4) + 1) % TSR_MAX_RANK;
  uint64_t extents[TSR_MAX_RANK];
  for (uint32_t i = 0; i < rank; i++)
    extents[i] =
        i + 2 < rank ? 1 + choose(c, 3) : g.sizes[choose(c, MAX_SIZES)];
  add_argument(&g, rank, extents);
  // Results follow arguments; an op may bring an argument along.
  uint32_t ops = 1 + choose(c, 7);
  for (uint32_t i = 0; i < ops && g.count + 2 < MAX_TENSORS; i++)
    grow_op(&g);
  size_t first_made = 0;
  while (!tsr_value_get_def(g.tensors[first_made]))
    first_made++;
  add_return(&g, func, first_made);
  if (chance(c, 40))
    grow_calls(c, module, func);
  return module;
}
