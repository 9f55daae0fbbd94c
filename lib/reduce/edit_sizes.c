// Edits that shrink: extents of shapes, sets of cores, numbers, attributes.

#include "impl.h"

#include <string.h>

// Numbers to try in the place of `value`, the smallest first, below it and not
// below `least`. Returns how many.
static size_t smaller(int64_t value, int64_t least, int64_t out[4]) {
  const int64_t tries[] = {least, 1, TSR_TILE_SIDE, value / 2};
  size_t count = 0;
  for (size_t i = 0; i < 4; i++) {
    bool is_new = tries[i] >= least && tries[i] < value;
    for (size_t k = 0; k < count; k++)
      is_new = is_new && out[k] != tries[i];
    if (is_new)
      out[count++] = tries[i];
  }
  return count;
}

// -- Extents ------------------------------------------------------------------

// One size means one thing in most modules, K of A and of B for one; so all
// extents that are equal shrink together, in every type of the module.
typedef struct size_change {
  int64_t from, to; // from 0: all that are larger than `to`
  spots *found;     // where sizes are listed, in place of a change
} size_change;

static bool is_meant(const size_change *change, uint64_t size) {
  return change->from == 0 ? size > (uint64_t)change->to
                           : size == (uint64_t)change->from;
}

static void list_size(spots *found, int64_t size) {
  for (size_t i = 0; i < found->count; i++)
    if (found->items[i].from == size)
      return;
  int64_t tries[4];
  size_t count = smaller(size, 1, tries);
  // From the back, the smallest comes first.
  for (size_t i = count; i-- > 0;)
    spots_add(found, (spot){.from = size, .to = tries[i]});
}

static const tsr_type *change_type(tsr_context *context, const tsr_type *type,
                                   const size_change *change) {
  tsr_type_desc desc = *tsr_type_get_desc(type);
  bool is_shaped = desc.kind == TSR_TYPE_TENSOR || desc.kind == TSR_TYPE_BUFFER;
  for (uint32_t i = 0; is_shaped && i < desc.rank; i++) {
    if (change->found)
      list_size(change->found, (int64_t)desc.extents[i]);
    else if (is_meant(change, desc.extents[i]))
      desc.extents[i] = (uint64_t)change->to;
  }
  uint32_t *const sides[] = {&desc.block_rows, &desc.block_cols};
  for (size_t i = 0; desc.kind == TSR_TYPE_TILE && i < 2; i++) {
    if (change->found && *sides[i] > 1)
      list_size(change->found, *sides[i]);
    else if (!change->found && is_meant(change, *sides[i]))
      *sides[i] = (uint32_t)change->to;
  }
  return change->found ? type : tsr_type_get(context, &desc);
}

static const tsr_attr *change_attr(scene *s, const tsr_attr *attr,
                                   const size_change *change) {
  tsr_context *context = tsr_module_get_context(s->module);
  if (tsr_attr_get_kind(attr) == TSR_ATTR_TYPE)
    return tsr_attr_type(context,
                         change_type(context, tsr_attr_get_type(attr), change));
  if (tsr_attr_get_kind(attr) != TSR_ATTR_ARRAY)
    return attr;
  size_t count = tsr_attr_count(attr);
  const tsr_attr **items =
      TSR_NEW_ARRAY(&s->arena, const tsr_attr *, count + 1);
  for (size_t i = 0; i < count; i++)
    items[i] = change_attr(s, tsr_attr_item(attr, i), change);
  return tsr_attr_array(context, items, count);
}

static void change_value(scene *s, tsr_value *value,
                         const size_change *change) {
  tsr_context *context = tsr_module_get_context(s->module);
  tsr_value_set_type(value,
                     change_type(context, tsr_value_get_type(value), change));
}

static void change_op(scene *s, tsr_op *op, const size_change *change) {
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    change_value(s, tsr_op_result(op, i), change);
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (size_t i = 0; i < tsr_block_arg_count(tsr_op_block(op, b)); i++)
      change_value(s, tsr_block_arg(tsr_op_block(op, b), i), change);
  for (size_t i = 0; i < tsr_op_attr_count(op); i++)
    tsr_op_set_attr(op, tsr_op_attr_name(op, i),
                    change_attr(s, tsr_op_attr_value(op, i), change));
}

static void find_extents(const scene *s, spots *out) {
  scene all = *s;
  tsr_arena_init(&all.arena);
  size_change change = {.found = out};
  for (size_t i = 0; i < s->count; i++)
    change_op(&all, s->ops[i], &change);
  tsr_arena_deinit(&all.arena);
}

static bool shrink_extent(scene *s, const spot *at) {
  size_change change = {at->from, at->to, NULL};
  for (size_t i = 0; i < s->count; i++)
    if (s->ops[i])
      change_op(s, s->ops[i], &change);
  return true;
}

const edit_kind edit_extents = {"shrink shapes", find_extents, shrink_extent};

// -- Cores --------------------------------------------------------------------

// Rows and columns of the module's grid.
static void grid_of(const scene *s, uint32_t *rows, uint32_t *cols) {
  const tsr_attr *grid = tsr_op_get_attr(tsr_module_op(s->module), "grid");
  *rows = *cols = 0;
  for (size_t i = 0; grid && i < tsr_attr_count(grid); i++) {
    const tsr_core_range *range = &tsr_attr_core_ranges(grid)[i];
    *rows = range->y1 + 1 > *rows ? range->y1 + 1 : *rows;
    *cols = range->x1 + 1 > *cols ? range->x1 + 1 : *cols;
  }
}

static void find_cores(const scene *s, spots *out) {
  uint32_t rows, cols;
  grid_of(s, &rows, &cols);
  if (rows > 1 && cols > 1)
    spots_add(out, (spot){.from = 1, .to = cols});
  if (rows > 1)
    spots_add(out, (spot){.from = rows / 2, .to = cols});
  if (cols > 1)
    spots_add(out, (spot){.from = rows, .to = cols / 2});
  if (rows > 1 || cols > 1)
    spots_add(out, (spot){.from = 1, .to = 1});
}

// The cores of `set` that a grid of these rows and columns has; its first
// core where it has none of them.
static const tsr_attr *cut_cores(scene *s, const tsr_attr *set, int64_t rows,
                                 int64_t cols) {
  size_t count = tsr_attr_count(set), kept = 0;
  tsr_core_range *ranges = TSR_NEW_ARRAY(&s->arena, tsr_core_range, count + 1);
  for (size_t i = 0; i < count; i++) {
    tsr_core_range range = tsr_attr_core_ranges(set)[i];
    if (range.x0 >= cols || range.y0 >= rows)
      continue;
    range.x1 = range.x1 < cols ? range.x1 : (uint32_t)cols - 1;
    range.y1 = range.y1 < rows ? range.y1 : (uint32_t)rows - 1;
    ranges[kept++] = range;
  }
  if (kept == 0)
    ranges[kept++] = (tsr_core_range){0, 0, 0, 0};
  return tsr_attr_cores(tsr_module_get_context(s->module), ranges, kept);
}

// As many numbers as there are cores now, the first ones.
static const tsr_attr *cut_runs(scene *s, const tsr_attr *runs,
                                uint64_t count) {
  size_t total = tsr_attr_count(runs), kept = 0;
  tsr_run *list = TSR_NEW_ARRAY(&s->arena, tsr_run, total + 1);
  for (; kept < total && count > 0; kept++) {
    list[kept] = tsr_attr_run_list(runs)[kept];
    list[kept].count = list[kept].count < count ? list[kept].count : count;
    count -= list[kept].count;
  }
  return tsr_attr_runs(tsr_module_get_context(s->module), list, kept);
}

static const tsr_attr *cores_around(const tsr_op *op) {
  const tsr_attr *cores = tsr_op_get_attr(op, "cores");
  for (; !cores && op; op = tsr_op_get_parent(op))
    cores = tsr_op_get_attr(op, "cores");
  return cores;
}

static const tsr_attr *cut_params(scene *s, const tsr_attr *attr,
                                  uint64_t count) {
  if (tsr_attr_get_kind(attr) == TSR_ATTR_RUNS)
    return cut_runs(s, attr, count);
  if (tsr_attr_get_kind(attr) != TSR_ATTR_ARRAY)
    return attr;
  size_t size = tsr_attr_count(attr);
  const tsr_attr **items = TSR_NEW_ARRAY(&s->arena, const tsr_attr *, size + 1);
  for (size_t i = 0; i < size; i++)
    items[i] = cut_params(s, tsr_attr_item(attr, i), count);
  return tsr_attr_array(tsr_module_get_context(s->module), items, size);
}

static void cut_op(scene *s, tsr_op *op, const spot *at) {
  for (size_t i = 0; i < tsr_op_attr_count(op); i++) {
    const tsr_attr *attr = tsr_op_attr_value(op, i);
    if (tsr_attr_get_kind(attr) == TSR_ATTR_CORES)
      tsr_op_set_attr(op, tsr_op_attr_name(op, i),
                      cut_cores(s, attr, at->from, at->to));
  }
  const tsr_attr *cores = cores_around(op);
  for (size_t i = 0; cores && i < tsr_op_attr_count(op); i++)
    tsr_op_set_attr(
        op, tsr_op_attr_name(op, i),
        cut_params(s, tsr_op_attr_value(op, i), tsr_cores_count(cores)));
}

static bool shrink_cores(scene *s, const spot *at) {
  for (size_t i = 0; i < s->count; i++)
    if (s->ops[i])
      cut_op(s, s->ops[i], at);
  return true;
}

const edit_kind edit_cores = {"shrink grids", find_cores, shrink_cores};

// -- Work ---------------------------------------------------------------------

// Shapes, grid and what each core does depend on each other once work is given
// to cores: all of them at once, down to one tile on one core.
static void find_work(const scene *s, spots *out) {
  (void)s;
  spots_add(out, (spot){.to = TSR_TILE_SIDE});
  spots_add(out, (spot){.to = 1});
}

static const tsr_attr *clamp_runs(scene *s, const tsr_attr *attr) {
  if (tsr_attr_get_kind(attr) != TSR_ATTR_RUNS)
    return attr;
  int64_t first = tsr_runs_at(attr, 0);
  tsr_run one = {first < 1 ? first : 1, 0, 1};
  return tsr_attr_runs(tsr_module_get_context(s->module), &one, 1);
}

static void clamp_op(scene *s, tsr_op *op) {
  for (size_t i = 0; i < tsr_op_attr_count(op); i++) {
    const tsr_attr *attr = tsr_op_attr_value(op, i);
    if (tsr_attr_get_kind(attr) == TSR_ATTR_ARRAY) {
      size_t count = tsr_attr_count(attr);
      const tsr_attr **items =
          TSR_NEW_ARRAY(&s->arena, const tsr_attr *, count + 1);
      for (size_t k = 0; k < count; k++)
        items[k] = clamp_runs(s, tsr_attr_item(attr, k));
      attr = tsr_attr_array(tsr_module_get_context(s->module), items, count);
    }
    tsr_op_set_attr(op, tsr_op_attr_name(op, i), clamp_runs(s, attr));
  }
}

static bool shrink_work(scene *s, const spot *at) {
  size_change change = {.to = at->to};
  spot grid = {.from = 1, .to = 1};
  for (size_t i = 0; i < s->count; i++) {
    if (!s->ops[i])
      continue;
    change_op(s, s->ops[i], &change);
    cut_op(s, s->ops[i], &grid);
    clamp_op(s, s->ops[i]);
  }
  return true;
}

const edit_kind edit_work = {"shrink work", find_work, shrink_work};

// -- Attributes ---------------------------------------------------------------

static bool is_optional(const tsr_op *op, const char *name) {
  tsr_op_kind kind = tsr_op_get_kind(op);
  for (size_t i = 0; i < tsr_op_kind_attr_count(kind); i++)
    if (strcmp(tsr_op_kind_attr_name(kind, i), name) == 0)
      return tsr_op_kind_attr_is_optional(kind, i);
  return false;
}

static void find_attributes(const scene *s, spots *out) {
  for (size_t i = 0; i < s->count; i++)
    for (size_t k = 0; k < tsr_op_attr_count(s->ops[i]); k++)
      if (is_optional(s->ops[i], tsr_op_attr_name(s->ops[i], k)))
        spots_add(out, (spot){.op = i, .part = k});
}

static bool drop_attribute(scene *s, const spot *at) {
  tsr_op *op = s->ops[at->op];
  if (at->part >= tsr_op_attr_count(op))
    return false;
  tsr_op_remove_attr(op, tsr_op_attr_name(op, at->part));
  return true;
}

const edit_kind edit_attributes = {"drop attributes", find_attributes,
                                   drop_attribute};

// -- Numbers ------------------------------------------------------------------

// Constants among the operands come first, then integer attributes.
static bool get_number(const tsr_op *op, size_t part, int64_t *out) {
  size_t operands = tsr_op_operand_count(op);
  if (part < operands)
    return tsr_value_is_index(tsr_op_operand(op, part), out);
  const tsr_attr *attr = tsr_op_attr_value(op, part - operands);
  if (tsr_attr_get_kind(attr) != TSR_ATTR_INT)
    return false;
  *out = tsr_attr_get_int(attr);
  return true;
}

static void find_numbers(const scene *s, spots *out) {
  for (size_t i = 1; i < s->count; i++) {
    size_t parts =
        tsr_op_operand_count(s->ops[i]) + tsr_op_attr_count(s->ops[i]);
    for (size_t k = 0; k < parts; k++) {
      int64_t number, tries[4];
      size_t count =
          get_number(s->ops[i], k, &number) ? smaller(number, 0, tries) : 0;
      for (size_t t = count; t-- > 0;)
        spots_add(out, (spot){i, k, number, tries[t]});
    }
  }
}

static bool shrink_number(scene *s, const spot *at) {
  tsr_op *op = s->ops[at->op];
  size_t operands = tsr_op_operand_count(op);
  int64_t now;
  if (at->part >= operands + tsr_op_attr_count(op) ||
      !get_number(op, at->part, &now) || now <= at->to)
    return false;
  if (at->part < operands)
    tsr_op_set_operand(op, at->part, tsr_module_index(s->module, at->to));
  else
    tsr_op_set_int(op, tsr_op_attr_name(op, at->part - operands), at->to);
  return true;
}

const edit_kind edit_numbers = {"shrink numbers", find_numbers, shrink_number};
