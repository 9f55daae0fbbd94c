// select-units: decide where each tile op runs and what it rounds to.
//
// The FPU takes its operands from circular buffers through source registers
// that hold at most 19 bits an element; the SFPU works on DST, which keeps
// whole floats when it is 32 bits wide. So a product or sum of two loaded
// 16-bit tiles, and every matrix product, goes to the FPU, and all the rest to
// the SFPU, where it is as exact as f32 is: a residual added to a matmul, a
// difference of nearly equal numbers.
//
// After this pass types are exact: the element type of a value is what its
// place holds. With a 32-bit DST that is f32, and where a program says bf16 in
// the middle of a chain a tile.cast says so too. With a 16-bit DST it is bf16.

#include "tessera/hash.h"
#include "tessera/pass_report.h"
#include "tessera/vector.h"

#include <assert.h>
#include <string.h>

// One tile.parallel or core.launch, and what was decided for it.
typedef struct nest {
  tsr_pass_env *env;
  tsr_module *module;
  tsr_context *context;
  tsr_op *op;
  bool is_32bit; // width of DST
  tsr_vec masks; // tile.generate ops at the top of the body
  tsr_result result;
} nest;

// -- questions ----------------------------------------------------------------

static bool is_tile(const tsr_value *value) {
  return tsr_type_get_kind(tsr_value_get_type(value)) == TSR_TYPE_TILE;
}

static tsr_element get_element(const tsr_value *value) {
  return tsr_type_get_element(tsr_value_get_type(value));
}

// Reaches the FPU whole: what a source register holds is what was loaded.
static bool is_16bit(const tsr_value *value) {
  return tsr_element_get_info(get_element(value))->tile_bytes <=
         tsr_element_get_info(TSR_ELEMENT_BF16)->tile_bytes;
}

// Comes out of a circular buffer, not out of DST.
static bool is_loaded(const tsr_value *value) {
  const tsr_op *def = tsr_value_get_def(value);
  while (tsr_op_is(def, TSR_OP_tile_extract))
    def = tsr_value_get_def(tsr_op_operand(def, 0));
  return tsr_op_is(def, TSR_OP_tile_load) ||
         tsr_op_is(def, TSR_OP_tile_generate);
}

// A loop that carries tiles around `op`, within the nest. Such a loop may stay
// in one DST section, and there mul on the FPU would add to what the iteration
// before left in its slot.
static bool is_in_carrying_loop(const tsr_op *op) {
  for (op = tsr_op_get_parent(op); op; op = tsr_op_get_parent(op))
    if (tsr_op_is(op, TSR_OP_for_))
      for (size_t i = 0; i < tsr_op_result_count(op); i++)
        if (is_tile(tsr_op_result(op, i)))
          return true;
  return false;
}

static bool is_stored_only(const tsr_value *value) {
  for (const tsr_use *u = tsr_value_first_use(value); u; u = tsr_use_next(u))
    if (!tsr_op_is(tsr_use_get_op(u), TSR_OP_tile_store))
      return false;
  return true;
}

static const char *value_name(const tsr_value *value) {
  const char *name = tsr_value_get_name(value);
  return name ? name : "?";
}

// -- walking ------------------------------------------------------------------

typedef void visit_fn(nest *n, tsr_op *op);

// Visits what each op holds, then the op, which may replace itself.
static void visit_block(nest *n, tsr_block *block, visit_fn *visit) {
  for (tsr_op *op = tsr_block_first(block), *next; op; op = next) {
    next = tsr_op_next(op);
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      visit_block(n, tsr_op_block(op, b), visit);
    visit(n, op);
  }
}

static void visit_nest(nest *n, visit_fn *visit) {
  visit_block(n, tsr_op_block(n->op, 0), visit);
}

static void replace_and_erase(tsr_op *op, tsr_value *with) {
  tsr_value_replace_uses(tsr_op_result(op, 0), with);
  tsr_op_erase(op);
}

static tsr_value *build_cast(tsr_builder *builder, tsr_value *value,
                             tsr_element element) {
  const tsr_type *type =
      tsr_type_with_element(tsr_module_get_context(builder->module),
                            tsr_value_get_type(value), element);
  tsr_value *cast = tsr_build_unary(builder, TSR_OP_tile_cast, type, value);
  tsr_value_set_name(cast, tsr_value_get_name(value));
  return cast;
}

// -- one form to start from ---------------------------------------------------

// A copy says nothing before there are slots: a cast says all of it.
static void drop_copy(nest *n, tsr_op *op) {
  (void)n;
  if (!tsr_op_is(op, TSR_OP_tile_copy))
    return;
  tsr_builder builder = tsr_builder_before(op);
  tsr_value *value = tsr_op_operand(op, 0);
  tsr_element element = get_element(tsr_op_result(op, 0));
  if (get_element(value) != element)
    value = build_cast(&builder, value, element);
  replace_and_erase(op, value);
}

static tsr_value *build_mask(tsr_builder *builder, tsr_value *rows,
                             tsr_value *cols) {
  tsr_context *context = tsr_module_get_context(builder->module);
  const tsr_type *type = tsr_type_tile(context, TSR_ELEMENT_BF16, 1, 1);
  tsr_value *sizes[] = {rows, cols};
  uint32_t groups[] = {2};
  tsr_op_desc desc = {.kind = TSR_OP_tile_generate,
                      .operands = sizes,
                      .operand_count = 2,
                      .groups = groups,
                      .result_types = &type,
                      .result_count = 1};
  tsr_op *op = tsr_build(builder, &desc);
  tsr_op_set_keyword(op, "kind", "mask");
  tsr_value_set_name(tsr_op_result(op, 0), "mask");
  return tsr_op_result(op, 0);
}

// The mask tile for `rows` and `cols`. One with constant sizes is the same for
// the whole nest: it stands at the top, once.
static tsr_value *get_mask(nest *n, tsr_builder *builder, tsr_value *rows,
                           tsr_value *cols) {
  if (!tsr_value_is_constant(rows) || !tsr_value_is_constant(cols))
    return build_mask(builder, rows, cols);
  for (size_t i = 0; i < n->masks.size; i++) {
    tsr_op *mask = n->masks.data[i];
    if (tsr_op_operand(mask, 0) == rows && tsr_op_operand(mask, 1) == cols)
      return tsr_op_result(mask, 0);
  }
  tsr_builder top = tsr_builder_before(tsr_block_first(tsr_op_block(n->op, 0)));
  top.loc = builder->loc;
  tsr_value *mask = build_mask(&top, rows, cols);
  tsr_vec_append(&n->masks, tsr_value_get_def(mask));
  return mask;
}

static void lower_mask(nest *n, tsr_op *op) {
  if (!tsr_op_is(op, TSR_OP_tile_mask))
    return;
  const tsr_type *type = tsr_value_get_type(tsr_op_result(op, 0));
  if (tsr_type_block_tiles(type) != 1) {
    n->result = tsr_diag_error(n->env->diag, op, TSR_DIAG(mask_of_block),
                               tsr_type_block_tiles(type));
    return;
  }
  tsr_builder builder = tsr_builder_before(op);
  tsr_value *mask =
      get_mask(n, &builder, tsr_op_operand(op, 1), tsr_op_operand(op, 2));
  tsr_op *fill = tsr_build_op(&builder, TSR_OP_tile_fill, type, 0, NULL);
  tsr_op_set_attr(fill, "value", tsr_op_get_attr(op, "fill"));
  tsr_value_set_name(tsr_op_result(fill, 0), "fill");
  tsr_value *operands[] = {mask, tsr_op_operand(op, 0), tsr_op_result(fill, 0)};
  tsr_op *where = tsr_build_op(&builder, TSR_OP_tile_where, type, 3, operands);
  tsr_value *result = tsr_op_result(where, 0);
  tsr_value_set_name(result, tsr_value_get_name(tsr_op_result(op, 0)));
  replace_and_erase(op, result);
}

// -- exact types, 32-bit DST --------------------------------------------------

// The accumulator has the type of the result.
static void widen_accumulator(tsr_op *op) {
  if (!tsr_op_is(op, TSR_OP_tile_mma) ||
      get_element(tsr_op_operand(op, 2)) == TSR_ELEMENT_F32)
    return;
  tsr_builder builder = tsr_builder_before(op);
  tsr_op_set_operand(
      op, 2, build_cast(&builder, tsr_op_operand(op, 2), TSR_ELEMENT_F32));
}

// Tile math gives f32; a narrower result was rounded, which a cast now says.
static void widen_result(nest *n, tsr_op *op) {
  if (!tsr_op_has_trait(op, TSR_TRAIT_TILE_MATH) ||
      tsr_op_is(op, TSR_OP_tile_cast))
    return;
  tsr_value *result = tsr_op_result(op, 0);
  tsr_element element = get_element(result);
  if (element == TSR_ELEMENT_F32)
    return;
  widen_accumulator(op);
  tsr_value_set_type(result, tsr_type_with_element(n->context,
                                                   tsr_value_get_type(result),
                                                   TSR_ELEMENT_F32));
  tsr_builder builder = tsr_builder_before(op);
  builder.before = tsr_op_next(op);
  tsr_value *cast = build_cast(&builder, result, element);
  tsr_value_replace_uses(result, cast);
  tsr_op_set_operand(tsr_value_get_def(cast), 0, result);
}

// Widening is exact and tile math does it anyway: `op` can take the narrow
// value itself. Not the accumulator, whose type is the result's.
static bool takes_narrow(const tsr_op *op, size_t operand) {
  if (!tsr_op_has_trait(op, TSR_TRAIT_TILE_MATH))
    return false;
  return !tsr_op_is(op, TSR_OP_tile_mma) || operand != 2;
}

static void fold_cast(nest *n, tsr_op *op) {
  (void)n;
  if (!tsr_op_is(op, TSR_OP_tile_cast))
    return;
  tsr_value *from = tsr_op_operand(op, 0), *to = tsr_op_result(op, 0);
  if (get_element(from) == get_element(to)) {
    replace_and_erase(op, from);
    return;
  }
  if (tsr_element_get_info(get_element(from))->mantissa_bits >
      tsr_element_get_info(get_element(to))->mantissa_bits)
    return;
  for (const tsr_use *u = tsr_value_first_use(to), *next; u; u = next) {
    next = tsr_use_next(u);
    if (takes_narrow(tsr_use_get_op(u), tsr_use_get_index(u)))
      tsr_op_set_operand(tsr_use_get_op(u), tsr_use_get_index(u), from);
  }
  if (!tsr_value_has_uses(to))
    tsr_op_erase(op);
}

// -- exact types, 16-bit DST --------------------------------------------------

static void narrow_value(nest *n, tsr_value *value) {
  if (is_tile(value) && get_element(value) == TSR_ELEMENT_F32)
    tsr_value_set_type(value, tsr_type_with_element(n->context,
                                                    tsr_value_get_type(value),
                                                    TSR_ELEMENT_BF16));
}

static void check_is_16bit(nest *n, tsr_op *op, const tsr_value *value,
                           const char *what) {
  if (get_element(value) != TSR_ELEMENT_F32)
    return;
  n->result = tsr_diag_error(n->env->diag, op, TSR_DIAG(f32_in_16_bit),
                             value_name(value), what);
}

static void narrow_op(nest *n, tsr_op *op) {
  if (tsr_op_is(op, TSR_OP_tile_load))
    check_is_16bit(n, op, tsr_op_operand(op, 0), "holds");
  else if (tsr_op_is(op, TSR_OP_tile_store))
    check_is_16bit(n, op, tsr_op_operand(op, 1), "holds");
  else if (tsr_op_is(op, TSR_OP_tile_generate))
    check_is_16bit(n, op, tsr_op_result(op, 0), "is made of");
  else
    for (size_t i = 0; i < tsr_op_result_count(op); i++)
      narrow_value(n, tsr_op_result(op, i));
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (size_t i = 0; i < tsr_block_arg_count(tsr_op_block(op, b)); i++)
      narrow_value(n, tsr_block_arg(tsr_op_block(op, b), i));
}

// -- units --------------------------------------------------------------------

static const char *choose_cast_unit(const tsr_op *op) {
  const tsr_value *from = tsr_op_operand(op, 0), *to = tsr_op_result(op, 0);
  bool widens = tsr_element_get_info(get_element(from))->mantissa_bits <
                tsr_element_get_info(get_element(to))->mantissa_bits;
  if (widens && is_loaded(from))
    return "unpack";
  return is_stored_only(to) ? "pack" : "sfpu";
}

static const char *choose_unit(const tsr_op *op) {
  if (tsr_op_is(op, TSR_OP_tile_cast))
    return choose_cast_unit(op);
  const tsr_op_info *info = tsr_op_get_info(op);
  if (info->fpu == TSR_OP_none)
    return "sfpu";
  if (info->sfpu == TSR_OP_none)
    return "fpu";
  for (size_t i = 0; i < tsr_op_operand_count(op); i++)
    if (!is_loaded(tsr_op_operand(op, i)) || !is_16bit(tsr_op_operand(op, i)))
      return "sfpu";
  if (tsr_op_is(op, TSR_OP_tile_mul) && is_in_carrying_loop(op))
    return "sfpu";
  return "fpu";
}

// Says where the op runs, and what keeps it from the faster unit.
static void report(const nest *n, const tsr_op *op, const char *unit) {
  const tsr_op_info *info = tsr_op_get_info(op);
  bool is_fpu = strcmp(unit, "fpu") == 0, is_sfpu = strcmp(unit, "sfpu") == 0;
  tsr_pass_env_count(n->env,
                     is_fpu    ? "fpu"
                     : is_sfpu ? "sfpu"
                               : "converters",
                     1);
  tsr_pass_env_remark(n->env, TSR_REMARK_ANALYSIS, "Unit", op,
                      "'{op:%s}' runs on the {unit:%s}", info->mnemonic, unit);
  if (!is_sfpu || tsr_op_is(op, TSR_OP_tile_cast) || info->fpu == TSR_OP_none)
    return;
  const char *reason = "a loop carries tiles around it";
  for (size_t i = 0; i < tsr_op_operand_count(op); i++)
    if (!is_loaded(tsr_op_operand(op, i)))
      reason = "an operand is in DST already";
    else if (!is_16bit(tsr_op_operand(op, i)))
      reason = "an operand has more than 16 bits an element";
  tsr_pass_env_remark(n->env, TSR_REMARK_MISSED, "NotOnFpu", op,
                      "'{op:%s}' is not for the FPU: {reason:%s}",
                      info->mnemonic, reason);
}

// True when the op has a form on `unit`.
static bool runs_on(const tsr_op *op, const char *unit) {
  const tsr_op_info *info = tsr_op_get_info(op);
  return (!strcmp(unit, "fpu") && info->fpu != TSR_OP_none) ||
         (!strcmp(unit, "sfpu") && info->sfpu != TSR_OP_none);
}

// A unit chosen by hand stays. What a cast is follows from where its result
// goes, so that is always found out here.
static void select_unit(nest *n, tsr_op *op) {
  if (!tsr_op_has_trait(op, TSR_TRAIT_TILE_MATH))
    return;
  tsr_pass_env_at(n->env, op);
  const char *unit = tsr_op_get_text(op, "unit");
  if (!unit || tsr_op_is(op, TSR_OP_tile_cast))
    tsr_op_set_keyword(op, "unit", choose_unit(op));
  else if (!runs_on(op, unit))
    n->result = tsr_diag_error(n->env->diag, op, TSR_DIAG(unit_not_for_op),
                               tsr_op_get_mnemonic(op), unit, choose_unit(op));
  report(n, op, tsr_op_get_text(op, "unit"));
}

static const char *list_units(const tsr_op *op) {
  if (tsr_op_is(op, TSR_OP_tile_cast))
    return "unpack, sfpu or pack";
  if (runs_on(op, "fpu"))
    return runs_on(op, "sfpu") ? "fpu or sfpu" : "fpu";
  return "sfpu";
}

// Units say which operands are in DST. Where sections have been made that is
// settled, and an op that somebody wrote there must say it as well.
static void require_unit(nest *n, tsr_op *op) {
  if (!tsr_op_has_trait(op, TSR_TRAIT_TILE_MATH) || tsr_op_get_attr(op, "unit"))
    return;
  n->result = tsr_diag_error(n->env->diag, op, TSR_DIAG(unit_missing),
                             tsr_op_get_mnemonic(op), list_units(op));
}

// -- nests --------------------------------------------------------------------

// What an op already says about its numerics was written on purpose.
static void set_numerics(nest *n) {
  tsr_pass_env *env = n->env;
  if (!tsr_op_get_attr(n->op, "fidelity"))
    tsr_op_set_keyword(n->op, "fidelity",
                       tsr_pass_env_option(env, "fidelity")->text);
  if (!tsr_op_get_attr(n->op, "fp32_acc"))
    tsr_op_set_bool(n->op, "fp32_acc",
                    tsr_pass_env_option(env, "fp32-acc")->flag);
  if (!tsr_op_get_attr(n->op, "approx"))
    tsr_op_set_bool(n->op, "approx", tsr_pass_env_option(env, "approx")->flag);
  n->is_32bit = tsr_op_get_bool(n->op, "fp32_acc", true);
}

static tsr_result select_nest(tsr_pass_env *env, tsr_module *module,
                              tsr_op *op) {
  nest n = {.env = env,
            .module = module,
            .context = tsr_module_get_context(module),
            .op = op,
            .result = TSR_OK};
  tsr_vec_init(&n.masks, env->scratch);
  if (tsr_op_contains_kind(op, TSR_OP_dst_section)) {
    visit_nest(&n, require_unit);
    return n.result;
  }
  set_numerics(&n);
  visit_nest(&n, drop_copy);
  visit_nest(&n, lower_mask);
  visit_nest(&n, n.is_32bit ? widen_result : narrow_op);
  if (n.result != TSR_OK)
    return TSR_FAILED;
  visit_nest(&n, fold_cast);
  visit_nest(&n, select_unit);
  return n.result;
}

static tsr_result select_block(tsr_pass_env *env, tsr_module *module,
                               tsr_block *block) {
  tsr_result result = TSR_OK;
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    bool is_nest = tsr_op_is(op, TSR_OP_tile_parallel) ||
                   tsr_op_is(op, TSR_OP_core_launch);
    if (is_nest && select_nest(env, module, op) != TSR_OK)
      result = TSR_FAILED;
    for (size_t b = 0; !is_nest && b < tsr_op_block_count(op); b++)
      if (select_block(env, module, tsr_op_block(op, b)) != TSR_OK)
        result = TSR_FAILED;
  }
  return result;
}

tsr_result tsr_pass_select_units(tsr_pass_env *env, tsr_module *module) {
  tsr_result result = TSR_OK;
  tsr_block *block = tsr_module_block(module);
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_func) &&
        select_block(env, module, tsr_op_block(op, 0)) != TSR_OK)
      result = TSR_FAILED;
  return result;
}
