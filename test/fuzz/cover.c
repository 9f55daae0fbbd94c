#include "cover.h"

static void note_type(fuzz_cover *cover, const tsr_type *type) {
  tsr_type_kind kind = tsr_type_get_kind(type);
  cover->has_type[kind] = true;
  cover->has_element[kind][tsr_type_get_desc(type)->element] = true;
}

static void note_block(fuzz_cover *cover, const tsr_block *block);

static void note_op(fuzz_cover *cover, const tsr_op *op) {
  tsr_op_kind kind = tsr_op_get_kind(op);
  cover->has_op[kind] = true;
  for (size_t i = 0; i < tsr_op_kind_attr_count(kind); i++)
    if (tsr_op_get_attr(op, tsr_op_kind_attr_name(kind, i)))
      cover->attrs[kind] |= 1u << i;
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    note_type(cover, tsr_value_get_type(tsr_op_result(op, i)));
  for (size_t i = 0; i < tsr_op_block_count(op); i++)
    note_block(cover, tsr_op_block(op, i));
}

static void note_block(fuzz_cover *cover, const tsr_block *block) {
  for (size_t i = 0; i < tsr_block_arg_count(block); i++)
    note_type(cover, tsr_value_get_type(tsr_block_arg(block, i)));
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    note_op(cover, op);
}

void fuzz_cover_module(fuzz_cover *cover, const tsr_module *module) {
  note_op(cover, tsr_block_get_parent(tsr_module_block(module)));
}

static void print_missing_op(const fuzz_cover *cover, tsr_op_kind kind,
                             tsr_buffer *out) {
  const char *name = tsr_op_kind_get_info(kind)->mnemonic;
  if (!cover->has_op[kind]) {
    tsr_buffer_printf(out, " %s", name);
    return;
  }
  for (size_t i = 0; i < tsr_op_kind_attr_count(kind); i++)
    if (!(cover->attrs[kind] & 1u << i))
      tsr_buffer_printf(out, " %s{%s}", name, tsr_op_kind_attr_name(kind, i));
}

static bool has_formats(tsr_type_kind kind) {
  return kind == TSR_TYPE_TENSOR || kind == TSR_TYPE_TILE ||
         kind == TSR_TYPE_BUFFER;
}

static void print_missing_type(const fuzz_cover *cover, tsr_type_kind kind,
                               tsr_buffer *out) {
  static const char *const names[] = {
#define TSR_TYPE(id, keyword, ...) keyword,
#include "tessera/types.def"
  };
  if (!cover->has_type[kind])
    tsr_buffer_printf(out, " %s", names[kind]);
  for (tsr_element e = 0; has_formats(kind) && e < TSR_ELEMENT_COUNT; e++) {
    const tsr_element_info *info = tsr_element_get_info(e);
    if (info->supported && !cover->has_element[kind][e])
      tsr_buffer_printf(out, " %s<%s>", names[kind], info->name);
  }
}

void fuzz_cover_print_missing(const fuzz_cover *cover, tsr_buffer *out) {
  for (tsr_op_kind kind = TSR_OP_none + 1; kind < TSR_OP_COUNT; kind++)
    print_missing_op(cover, kind, out);
  for (tsr_type_kind kind = 0; kind < TSR_TYPE_COUNT; kind++)
    print_missing_type(cover, kind, out);
}
