// What holds of any module: structure, scopes, attributes, symbols.

#include "verify.h"
#include "impl.h"
#include "tessera/print.h"
#include "tessera/support.h"
#include "tessera/vector.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { MAX_SUGGESTED = 64 };

// Going through the module. The ops around the one at hand, outermost first,
// and last the op itself.
typedef struct walk {
  tsr_diag *diag;
  const tsr_op **path;
  size_t size, capacity;
  size_t isolated;    // where the innermost isolated op around it is
  bool has_odd_types; // some value may be of one
  bool has_calls;
} walk;

static size_t add_symbols(const tsr_block *block, const tsr_op *from,
                          bool (*fits)(const tsr_op *op), const char **names,
                          size_t count) {
  for (const tsr_op *op = tsr_block_first(block); op && count < MAX_SUGGESTED;
       op = tsr_op_next(op))
    if (fits(op) && !tsr_op_contains(op, from) && tsr_op_get_text(op, "name"))
      names[count++] = tsr_op_get_text(op, "name");
  return count;
}

const char *tsr_verify_symbol_hint(const tsr_op *from,
                                   bool (*fits)(const tsr_op *op),
                                   const char *name) {
  const char *names[MAX_SUGGESTED];
  size_t count = 0;
  for (const tsr_op *op = tsr_op_get_parent(from); op;
       op = tsr_op_get_parent(op))
    for (size_t i = 0; i < tsr_op_block_count(op); i++)
      count = add_symbols(tsr_op_block(op, i), from, fits, names, count);
  const char *near = tsr_closest(name, names, count);
  if (!near)
    return "";
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_buffer_printf(&text, "; did you mean @%s?", near);
  const char *hint =
      tsr_context_intern(ir_context(from), tsr_buffer_str(&text));
  tsr_buffer_deinit(&text);
  return hint;
}

// -- attributes ---------------------------------------------------------------

// What in `attr` could not be read back; arrays are not too deep.
static const tsr_attr *find_odd(const tsr_attr *attr) {
  while (attr->kind == TSR_ATTR_ARRAY) {
    size_t i = 0;
    while (!attr->as.items[i]->is_no_text)
      i++;
    attr = attr->as.items[i];
  }
  return attr;
}

static tsr_result refuse_name(const tsr_op *op, tsr_diag *diag,
                              const char *name) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_string_print(name, '\'', &text);
  tsr_result result =
      tsr_diag_error(diag, op, TSR_DIAG(name_not_text), tsr_buffer_str(&text));
  tsr_buffer_deinit(&text);
  return result;
}

static tsr_result refuse_nesting(const tsr_op *op, tsr_diag *diag,
                                 const char *what) {
  return tsr_diag_error(diag, op, TSR_DIAG(nesting_too_deep), what,
                        TSR_MAX_NESTING);
}

static tsr_result check_type(const tsr_op *op, tsr_diag *diag,
                             const tsr_type *type) {
  return type->is_odd ? tsr_type_check(&type->desc, tsr_op_get_loc(op), diag)
                      : TSR_OK;
}

static tsr_result check_text(const tsr_op *op, tsr_diag *diag,
                             const tsr_attr *attr) {
  if (!attr->is_no_text)
    return TSR_OK;
  if (attr->depth > TSR_MAX_NESTING)
    return refuse_nesting(op, diag, "arrays");
  const tsr_attr *odd = find_odd(attr);
  return odd->kind == TSR_ATTR_TYPE ? check_type(op, diag, odd->as.type)
                                    : refuse_name(op, diag, odd->as.text);
}

static tsr_result check_known_attr(const tsr_op *op, tsr_diag *diag,
                                   size_t index) {
  const ir_row *row = ir_op_row(op);
  const char *name = ir_attr_name(op, index);
  tsr_attr_kind kind = ir_attr_value(op, index)->kind;
  for (size_t i = 0; i < row->attr_count; i++) {
    if (strcmp(row->attrs[i], name) != 0)
      continue;
    tsr_attr_kind want = row->attr_kinds[i];
    if (kind == want)
      return check_text(op, diag, ir_attr_value(op, index));
    return tsr_diag_error(diag, op, TSR_DIAG(attribute_wrong_kind), name,
                          tsr_op_get_mnemonic(op), tsr_attr_kind_name(want),
                          tsr_attr_kind_name(kind));
  }
  const char *near = tsr_closest(name, row->attrs, row->attr_count);
  if (near)
    return tsr_diag_error(diag, op, TSR_DIAG(attribute_unknown_near),
                          tsr_op_get_mnemonic(op), name, near);
  return tsr_diag_error(diag, op, TSR_DIAG(attribute_unknown),
                        tsr_op_get_mnemonic(op), name);
}

static tsr_result check_attrs(const tsr_op *op, tsr_diag *diag) {
  const ir_row *row = ir_op_row(op);
  tsr_result result = TSR_OK;
  for (uint16_t i = 0; i < op->attr_count; i++)
    if (check_known_attr(op, diag, i) != TSR_OK)
      result = TSR_FAILED;
  for (size_t i = 0; row->needs_attrs && i < row->attr_count; i++)
    if (!row->is_optional[i] && !tsr_op_get_attr(op, row->attrs[i]))
      result = tsr_diag_error(diag, op, TSR_DIAG(attribute_missing),
                              tsr_op_get_mnemonic(op), row->attrs[i]);
  return result;
}

// -- operands -----------------------------------------------------------------

static const tsr_block *defining_block(const tsr_value *value) {
  if (value->kind == IR_RESULT)
    return ir_parent_block(ir_value_op(value));
  return ir_value_block(value);
}

static const char *shown_name(const tsr_value *value) {
  return value->name ? ir_value_name(value) : "?";
}

// The op of the path that stands in `home`, within the isolated one, or NULL.
// Values come from nearby or from the start of the function, so both ends of
// the path are looked at.
static const tsr_op *find_around(const walk *w, const tsr_block *home) {
  size_t near = w->size;
  for (size_t far = w->isolated + 1; far < near; far++) {
    const tsr_op *inner = w->path[--near], *outer = w->path[far];
    if (ir_parent_block(inner) == home)
      return inner;
    if (ir_parent_block(outer) == home)
      return outer;
  }
  return NULL;
}

// `op` can see `value`: it is defined earlier in a block around `op`, with no
// isolated op in between.
static tsr_result check_scope(const walk *w, const tsr_op *op,
                              const tsr_value *value) {
  const tsr_op *at = find_around(w, defining_block(value));
  if (!at)
    return tsr_diag_error(w->diag, op, TSR_DIAG(value_not_visible),
                          shown_name(value));
  if (value->kind == IR_RESULT && !tsr_op_is_before(ir_value_op(value), at))
    return tsr_diag_error(w->diag, op, TSR_DIAG(value_used_before),
                          shown_name(value));
  return TSR_OK;
}

// Results of the op's own block, as most operands are.
static bool is_result_above(const tsr_op *op, const tsr_value *value) {
  return value->kind == IR_RESULT && op->parent &&
         ir_value_op(value)->parent == op->parent &&
         tsr_op_is_before(ir_value_op(value), op);
}

// In a program, which is what isolates kernels, numbers are words.
static bool is_too_large(const walk *w, const tsr_value *value) {
  return tsr_value_is_constant(value) &&
         tsr_value_get_constant(value) > UINT32_MAX &&
         w->path[w->isolated]->kind == TSR_OP_program;
}

static tsr_result check_operands(const walk *w, const tsr_op *op) {
  const tsr_use *uses = ir_operands(op);
  for (uint32_t i = 0; i < op->operand_count; i++) {
    const tsr_value *value = ir_use_value(&uses[i]);
    if (value->kind == IR_ALL && op->kind != TSR_OP_tile_contract)
      return tsr_diag_error(w->diag, op, TSR_DIAG(star_index));
    if (is_too_large(w, value))
      return tsr_diag_error(w->diag, op, TSR_DIAG(constant_not_word),
                            (long long)tsr_value_get_constant(value));
    if (value->kind != IR_RESULT && value->kind != IR_ARG)
      continue;
    if (!is_result_above(op, value) && check_scope(w, op, value) != TSR_OK)
      return TSR_FAILED;
  }
  return TSR_OK;
}

// -- structure ----------------------------------------------------------------

static tsr_result check_groups(const tsr_op *op, tsr_diag *diag) {
  const ir_row *row = ir_op_row(op);
  for (size_t g = 0; g < row->group_count; g++) {
    tsr_group_arity arity = row->arities[g];
    size_t size = ir_group_size(op, g);
    bool fits = arity == TSR_GROUP_VARIADIC ||
                (arity == TSR_GROUP_OPTIONAL && size <= 1) || size == 1;
    if (!fits)
      return tsr_diag_error(diag, op, TSR_DIAG(operand_group_size),
                            tsr_op_get_mnemonic(op), row->groups[g], size);
  }
  return TSR_OK;
}

static tsr_result check_counts(const tsr_op *op, tsr_diag *diag) {
  const tsr_op_info *info = ir_info(op);
  // One operand a group suits any row.
  if (op->has_groups && check_groups(op, diag) != TSR_OK)
    return TSR_FAILED;
  if (info->results != TSR_RESULTS_ANY && info->results != op->result_count)
    return tsr_diag_error(diag, op, TSR_DIAG(result_count), info->mnemonic,
                          info->results, op->result_count);
  if (info->has_block != (op->block_count > 0))
    return tsr_diag_error(diag, op, TSR_DIAG(block_count), info->mnemonic,
                          info->has_block ? "a" : "no");
  return TSR_OK;
}

static tsr_result check_symbols(const tsr_block *block, tsr_diag *diag) {
  tsr_map seen;
  tsr_map_init(&seen);
  tsr_result result = TSR_OK;
  for (const tsr_op *op = ir_first(block); op; op = ir_next(op)) {
    if (!(ir_info(op)->traits & TSR_TRAIT_SYMBOL))
      continue;
    const tsr_attr *name = tsr_op_get_attr(op, "name");
    if (!name || name->kind != TSR_ATTR_SYMBOL)
      continue; // reported with the attributes
    // A reference stands beside the function it describes, under its name.
    const char *key = name->as.text;
    if (op->kind == TSR_OP_reference)
      key = (const char *)name; // the attribute, not the text: another space
    const tsr_op *other = tsr_map_find(&seen, key);
    if (other) {
      result = tsr_diag_error(diag, op, TSR_DIAG(symbol_twice), name->as.text);
      tsr_diag_note(diag, other, TSR_DIAG(note_symbol_first));
    } else {
      tsr_map_set(&seen, key, (void *)op);
    }
  }
  tsr_map_deinit(&seen);
  return result;
}

// What the reader makes needs no look: few modules come here.
static tsr_result check_value(const tsr_op *op, tsr_diag *diag,
                              const tsr_value *value) {
  const char *name = ir_value_name(value);
  tsr_result result = check_type(op, diag, ir_type(value));
  return name && !ir_is_name(name) ? refuse_name(op, diag, name) : result;
}

static tsr_result check_values(const tsr_op *op, tsr_diag *diag) {
  tsr_result result = TSR_OK;
  for (uint32_t i = 0; i < op->result_count; i++)
    if (check_value(op, diag, ir_result(op, i)) != TSR_OK)
      result = TSR_FAILED;
  for (uint8_t b = 0; b < op->block_count; b++)
    for (uint32_t i = 0; i < ir_block(op, b)->arg_count; i++)
      if (check_value(op, diag, ir_block_arg(ir_block(op, b), i)) != TSR_OK)
        result = TSR_FAILED;
  // Where a value is defined it is reported, but no verifier of an op sees it.
  for (uint32_t i = 0; i < op->operand_count; i++)
    if (ir_type(ir_operand(op, i))->is_odd)
      result = TSR_FAILED;
  return result;
}

static tsr_result verify_op(walk *w, const tsr_op *op);

// Tensors are values of whole functions: what is of a lower stage has nothing
// to do there, and would be taken for math by who evaluates a reference.
static tsr_result check_company(const tsr_block *block, const tsr_op *other,
                                tsr_diag *diag) {
  const tsr_op *function = tsr_block_get_parent(block);
  if (function->kind != TSR_OP_reference && !tsr_is_over_tensors(function))
    return TSR_OK;
  return tsr_diag_error(diag, other, TSR_DIAG(op_among_tensors),
                        tsr_op_get_mnemonic(other));
}

static tsr_result verify_block(walk *w, const tsr_block *block) {
  tsr_result result = TSR_OK;
  bool has_symbols = false;
  const tsr_op *other = NULL; // the first that is no tensor math
  for (const tsr_op *op = ir_first(block); op; op = ir_next(op)) {
    uint32_t traits = ir_info(op)->traits;
    // Calls say themselves where they may stand.
    if (!other && op->kind != TSR_OP_call &&
        !(traits & (TSR_TRAIT_TENSOR_MATH | TSR_TRAIT_TERMINATOR)))
      other = op;
    has_symbols = has_symbols || (traits & TSR_TRAIT_SYMBOL);
    if ((traits & TSR_TRAIT_TERMINATOR) && op->next)
      result = tsr_diag_error(w->diag, op, TSR_DIAG(terminator_not_last),
                              tsr_op_get_mnemonic(op));
    if (verify_op(w, op) != TSR_OK)
      result = TSR_FAILED;
  }
  if (has_symbols && check_symbols(block, w->diag) != TSR_OK)
    result = TSR_FAILED;
  if (other && check_company(block, other, w->diag) != TSR_OK)
    result = TSR_FAILED;
  return result;
}

static tsr_result verify_blocks(walk *w, const tsr_op *op) {
  if (w->size > TSR_MAX_NESTING)
    return refuse_nesting(op, w->diag, "blocks");
  tsr_result result = TSR_OK;
  size_t isolated = w->isolated;
  if (ir_info(op)->traits & TSR_TRAIT_ISOLATED)
    w->isolated = w->size - 1;
  for (uint8_t b = 0; b < op->block_count; b++)
    if (verify_block(w, ir_block(op, b)) != TSR_OK)
      result = TSR_FAILED;
  w->isolated = isolated;
  return result;
}

static tsr_result verify_op(walk *w, const tsr_op *op) {
  const tsr_op_info *info = ir_info(op);
  tsr_diag *diag = w->diag;
  tsr_result result = TSR_OK;
  if (w->size == w->capacity)
    w->path = tsr_array_grow(NULL, w->path, &w->capacity, w->size + 1,
                             sizeof *w->path);
  w->path[w->size++] = op;
  if ((op->attr_count || ir_op_row(op)->needs_attrs) &&
      check_attrs(op, diag) != TSR_OK)
    result = TSR_FAILED;
  if (check_counts(op, diag) != TSR_OK || check_operands(w, op) != TSR_OK)
    result = TSR_FAILED;
  if ((w->has_odd_types || ir_module(op)->has_odd_names) &&
      check_values(op, diag) != TSR_OK)
    result = TSR_FAILED;
  if (result == TSR_OK && info->verify)
    result = info->verify(op, diag);
  w->has_calls = w->has_calls || op->kind == TSR_OP_call;
  if (op->block_count > 0 && verify_blocks(w, op) != TSR_OK)
    result = TSR_FAILED;
  w->size--;
  return result;
}

tsr_result tsr_module_verify(const tsr_module *module, tsr_diag *diag) {
  walk w = {.diag = diag, .has_odd_types = module->context->has_odd_types};
  tsr_result result = verify_op(&w, module->op);
  tsr_mem_resize(w.path, 0);
  if (w.has_calls && tsr_verify_calls(module, diag) != TSR_OK)
    result = TSR_FAILED;
  return result;
}

// -- shared checks ------------------------------------------------------------

static tsr_result wrong_kind(const tsr_op *op, tsr_diag *diag,
                             const tsr_value *value, tsr_type_kind kind,
                             const char *what) {
  static const char *const kind_names[] = {
#define TSR_TYPE(id, keyword, ...) [TSR_TYPE_##id] = keyword,
#include "tessera/types.def"
  };
  tsr_result result = tsr_diag_error(diag, op, TSR_DIAG(value_wrong_kind), what,
                                     tsr_op_get_mnemonic(op), kind_names[kind],
                                     tsr_type_text(ir_type(value)));
  if (value->kind == IR_RESULT && ir_value_op(value) != op)
    tsr_diag_note(diag, ir_value_op(value), TSR_DIAG(note_type_here),
                  shown_name(value));
  return result;
}

// The name of the group that operand `i` belongs to.
static const char *operand_name(const tsr_op *op, size_t i) {
  tsr_op_kind kind = (tsr_op_kind)op->kind;
  size_t group = 0;
  while (group + 1 < tsr_op_kind_group_count(kind) &&
         i >= ir_group_start(op, group) + ir_group_size(op, group))
    group++;
  return tsr_op_kind_group_name(kind, group);
}

tsr_result tsr_verify_operand_kind(const tsr_op *op, tsr_diag *diag, size_t i,
                                   tsr_type_kind kind) {
  const tsr_value *value = ir_operand(op, i);
  if (ir_type(value)->desc.kind == kind)
    return TSR_OK;
  char what[64];
  snprintf(what, sizeof what, "operand '%.40s'", operand_name(op, i));
  return wrong_kind(op, diag, value, kind, what);
}

tsr_result tsr_verify_group_kind(const tsr_op *op, tsr_diag *diag, size_t group,
                                 tsr_type_kind kind) {
  size_t start = ir_group_start(op, group);
  for (size_t i = 0; i < ir_group_size(op, group); i++)
    if (tsr_verify_operand_kind(op, diag, start + i, kind) != TSR_OK)
      return TSR_FAILED;
  return TSR_OK;
}

tsr_result tsr_verify_result_kind(const tsr_op *op, tsr_diag *diag, size_t i,
                                  tsr_type_kind kind) {
  const tsr_value *value = tsr_op_result(op, i);
  return ir_type(value)->desc.kind == kind
             ? TSR_OK
             : wrong_kind(op, diag, value, kind, "result");
}

static bool has_choice(const char *choices, const char *word) {
  size_t length = strlen(word);
  while (*choices) {
    size_t span = strcspn(choices, "|");
    if (span == length && memcmp(choices, word, span) == 0)
      return true;
    choices += span + (choices[span] == '|');
  }
  return false;
}

tsr_result tsr_verify_choice(const tsr_op *op, tsr_diag *diag, const char *name,
                             const char *choices) {
  const char *text = tsr_op_get_text(op, name);
  if (!text || has_choice(choices, text))
    return TSR_OK;
  return tsr_diag_error(diag, op, TSR_DIAG(attribute_choice), name, choices,
                        text);
}

tsr_result tsr_verify_range(const tsr_op *op, tsr_diag *diag, const char *name,
                            int64_t low, int64_t high) {
  int64_t value = tsr_op_get_int(op, name, low);
  if (value >= low && value <= high)
    return TSR_OK;
  return tsr_diag_error(diag, op, TSR_DIAG(attribute_range), name,
                        (long long)low, (long long)high, (long long)value);
}
