// What holds of any module: structure, scopes, attributes, symbols.

#include "verify.h"
#include "impl.h"
#include "tessera/print.h"
#include "tessera/support.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { MAX_SUGGESTED = 64 };

static size_t add_symbols(const tsr_block *block, tsr_op_kind kind,
                          const char **names, size_t count) {
  for (const tsr_op *op = tsr_block_first(block); op && count < MAX_SUGGESTED;
       op = tsr_op_next(op))
    if (tsr_op_is(op, kind))
      names[count++] = tsr_op_get_text(op, "name");
  return count;
}

const char *tsr_verify_symbol_hint(const tsr_op *from, tsr_op_kind kind,
                                   const char *name) {
  const char *names[MAX_SUGGESTED];
  size_t count = 0;
  for (const tsr_op *op = tsr_op_get_parent(from); op;
       op = tsr_op_get_parent(op))
    for (size_t i = 0; i < tsr_op_block_count(op); i++)
      count = add_symbols(tsr_op_block(op, i), kind, names, count);
  const char *near = tsr_closest(name, names, count);
  if (!near)
    return "";
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_buffer_printf(&text, "; did you mean @%s?", near);
  const char *hint =
      tsr_context_intern(from->module->context, tsr_buffer_str(&text));
  tsr_buffer_deinit(&text);
  return hint;
}

// -- attributes ---------------------------------------------------------------

static tsr_result check_known_attr(const tsr_op *op, tsr_diag *diag,
                                   const named_attr *attr) {
  tsr_op_kind kind = (tsr_op_kind)op->kind;
  const char *names[32];
  size_t count = tsr_op_kind_attr_count(kind);
  for (size_t i = 0; i < count; i++) {
    names[i] = tsr_op_kind_attr_name(kind, i);
    if (strcmp(names[i], attr->name) != 0)
      continue;
    tsr_attr_kind want = tsr_op_kind_attr_kind(kind, i);
    bool is_whole = want == TSR_ATTR_FLOAT && attr->value->kind == TSR_ATTR_INT;
    if (attr->value->kind == want || is_whole)
      return TSR_OK;
    return tsr_diag_error(diag, op, TSR_DIAG(attribute_wrong_kind), attr->name,
                          tsr_op_get_mnemonic(op), tsr_attr_kind_name(want),
                          tsr_attr_kind_name(attr->value->kind));
  }
  const char *near = tsr_closest(attr->name, names, count);
  if (near)
    return tsr_diag_error(diag, op, TSR_DIAG(attribute_unknown_near),
                          tsr_op_get_mnemonic(op), attr->name, near);
  return tsr_diag_error(diag, op, TSR_DIAG(attribute_unknown),
                        tsr_op_get_mnemonic(op), attr->name);
}

static tsr_result check_attrs(const tsr_op *op, tsr_diag *diag) {
  tsr_result result = TSR_OK;
  for (uint16_t i = 0; i < op->attr_count; i++)
    if (check_known_attr(op, diag, &op->attrs[i]) != TSR_OK)
      result = TSR_FAILED;
  tsr_op_kind kind = (tsr_op_kind)op->kind;
  for (size_t i = 0; i < tsr_op_kind_attr_count(kind); i++) {
    const char *name = tsr_op_kind_attr_name(kind, i);
    if (!tsr_op_kind_attr_is_optional(kind, i) && !tsr_op_get_attr(op, name))
      result = tsr_diag_error(diag, op, TSR_DIAG(attribute_missing),
                              tsr_op_get_mnemonic(op), name);
  }
  return result;
}

// -- operands -----------------------------------------------------------------

static const tsr_block *defining_block(const tsr_value *value) {
  if (value->kind == VALUE_RESULT)
    return value->def.op->parent;
  return value->def.block;
}

// `op` can see `value`: it is defined earlier in a block around `op`, with no
// isolated op in between.
static tsr_result check_scope(const tsr_op *op, tsr_diag *diag,
                              const tsr_value *value) {
  const tsr_block *home = defining_block(value);
  const tsr_op *at = op;
  while (at && at->parent != home) {
    at = tsr_op_get_parent(at);
    if (at && tsr_op_has_trait(at, TSR_TRAIT_ISOLATED))
      break;
  }
  const char *name = value->name ? value->name : "?";
  if (!at || at->parent != home)
    return tsr_diag_error(diag, op, TSR_DIAG(value_not_visible), name);
  if (value->kind == VALUE_RESULT && !tsr_op_is_before(value->def.op, at))
    return tsr_diag_error(diag, op, TSR_DIAG(value_used_before), name);
  return TSR_OK;
}

static tsr_result check_operands(const tsr_op *op, tsr_diag *diag) {
  for (uint32_t i = 0; i < op->operand_count; i++) {
    const tsr_value *value = op->operands[i].value;
    if (value->kind == VALUE_ALL && op->kind != TSR_OP_tile_contract)
      return tsr_diag_error(diag, op, TSR_DIAG(star_index));
    if (value->kind != VALUE_RESULT && value->kind != VALUE_ARG)
      continue;
    if (check_scope(op, diag, value) != TSR_OK)
      return TSR_FAILED;
  }
  return TSR_OK;
}

// -- structure ----------------------------------------------------------------

static tsr_result check_counts(const tsr_op *op, tsr_diag *diag) {
  const tsr_op_info *info = tsr_op_get_info(op);
  size_t groups = tsr_op_kind_group_count((tsr_op_kind)op->kind);
  for (size_t g = 0; g < groups; g++) {
    tsr_group_arity arity = tsr_op_kind_group_arity((tsr_op_kind)op->kind, g);
    size_t size = tsr_op_group_size(op, g);
    bool fits = arity == TSR_GROUP_VARIADIC ||
                (arity == TSR_GROUP_OPTIONAL && size <= 1) || size == 1;
    if (!fits)
      return tsr_diag_error(
          diag, op, TSR_DIAG(operand_group_size), info->mnemonic,
          tsr_op_kind_group_name((tsr_op_kind)op->kind, g), size);
  }
  if (info->results != TSR_RESULTS_ANY && info->results != op->result_count)
    return tsr_diag_error(diag, op, TSR_DIAG(result_count), info->mnemonic,
                          info->results, op->result_count);
  if (info->has_block != (op->block_count > 0))
    return tsr_diag_error(diag, op, TSR_DIAG(block_count), info->mnemonic,
                          info->has_block ? "a" : "no");
  return TSR_OK;
}

static tsr_result check_terminators(const tsr_block *block, tsr_diag *diag) {
  for (const tsr_op *op = block->first; op; op = op->next)
    if (op->next && tsr_op_has_trait(op, TSR_TRAIT_TERMINATOR))
      return tsr_diag_error(diag, op, TSR_DIAG(terminator_not_last),
                            tsr_op_get_mnemonic(op));
  return TSR_OK;
}

static tsr_result check_symbols(const tsr_block *block, tsr_diag *diag) {
  tsr_map seen;
  tsr_map_init(&seen);
  tsr_result result = TSR_OK;
  for (const tsr_op *op = block->first; op; op = op->next) {
    if (!tsr_op_has_trait(op, TSR_TRAIT_SYMBOL))
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

static tsr_result verify_op(const tsr_op *op, tsr_diag *diag);

static tsr_result verify_block(const tsr_block *block, tsr_diag *diag) {
  tsr_result result = check_terminators(block, diag);
  if (check_symbols(block, diag) != TSR_OK)
    result = TSR_FAILED;
  for (const tsr_op *op = block->first; op; op = op->next)
    if (verify_op(op, diag) != TSR_OK)
      result = TSR_FAILED;
  return result;
}

static tsr_result verify_op(const tsr_op *op, tsr_diag *diag) {
  const tsr_op_info *info = tsr_op_get_info(op);
  tsr_result result = check_attrs(op, diag);
  if (check_counts(op, diag) != TSR_OK || check_operands(op, diag) != TSR_OK)
    result = TSR_FAILED;
  if (result == TSR_OK && info->verify)
    result = info->verify(op, diag);
  for (uint32_t b = 0; b < op->block_count; b++)
    if (verify_block(&op->blocks[b], diag) != TSR_OK)
      result = TSR_FAILED;
  return result;
}

tsr_result tsr_module_verify(const tsr_module *module, tsr_diag *diag) {
  return verify_op(module->op, diag);
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
                                     tsr_type_text(value->type));
  if (value->kind == VALUE_RESULT && value->def.op != op)
    tsr_diag_note(diag, value->def.op, TSR_DIAG(note_type_here),
                  value->name ? value->name : "?");
  return result;
}

// The name of the group that operand `i` belongs to.
static const char *operand_name(const tsr_op *op, size_t i) {
  tsr_op_kind kind = (tsr_op_kind)op->kind;
  size_t group = 0;
  while (group + 1 < tsr_op_kind_group_count(kind) &&
         i >= tsr_op_group_start(op, group) + tsr_op_group_size(op, group))
    group++;
  return tsr_op_kind_group_name(kind, group);
}

tsr_result tsr_verify_operand_kind(const tsr_op *op, tsr_diag *diag, size_t i,
                                   tsr_type_kind kind) {
  const tsr_value *value = tsr_op_operand(op, i);
  if (value->type->desc.kind == kind)
    return TSR_OK;
  char what[64];
  snprintf(what, sizeof what, "operand '%.40s'", operand_name(op, i));
  return wrong_kind(op, diag, value, kind, what);
}

tsr_result tsr_verify_group_kind(const tsr_op *op, tsr_diag *diag, size_t group,
                                 tsr_type_kind kind) {
  size_t start = tsr_op_group_start(op, group);
  for (size_t i = 0; i < tsr_op_group_size(op, group); i++)
    if (tsr_verify_operand_kind(op, diag, start + i, kind) != TSR_OK)
      return TSR_FAILED;
  return TSR_OK;
}

tsr_result tsr_verify_result_kind(const tsr_op *op, tsr_diag *diag, size_t i,
                                  tsr_type_kind kind) {
  const tsr_value *value = tsr_op_result(op, i);
  return value->type->desc.kind == kind
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
