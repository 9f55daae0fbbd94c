// RUN: %unit/verify

// What the verifier says of IR that no text can hold: programs that build IR,
// and passes that are wrong, make such IR. Each case breaks one thing of a
// module that is right, and names the message that must come.

#include "tessera/buffer.h"
#include "tessera/diag.h"
#include "tessera/text.h"

#include "check.h"

static const char text[] =
    "module version(1) target(\"n150\") grid(1x1) {\n"
    "func @f(%a: tensor<64x64xbf16>) -> tensor<64x64xbf16> {\n"
    "  %b = tensor.relu %a : tensor<64x64xbf16>\n"
    "  %c = tensor.exp %b : tensor<64x64xbf16>\n"
    "  return %c\n"
    "}\n"
    "func @g(%a: tensor<64x64xbf16>) -> tensor<64x64xbf16> {\n"
    "  %b = tensor.relu %a : tensor<64x64xbf16>\n"
    "  return %b\n"
    "}\n"
    "func @h(%x: buffer<64x64xbf16, tiled, dram interleaved, pad = 0>) {\n"
    "  %n = buffer.dim %x, 0 : index\n"
    "  for %i in 0 to %n {\n"
    "    %c = cmp eq %i, 0 : bool\n"
    "    if %c {\n"
    "    }\n"
    "  }\n"
    "  tile.parallel (%i) in (%n) {\n"
    "  }\n"
    "  core.launch (%x1, %y1) on 1x1 {\n"
    "    %t = tile.fill 0.5 : tile<f32>\n"
    "    dst.section {\n"
    "    }\n"
    "  }\n"
    "}\n"
    "program @p() on 1x1 {\n"
    "  kernel @k {processor = dm0, noc = 0} on 1x1 {\n"
    "  }\n"
    "}\n"
    "}\n";

typedef struct bench {
  tsr_context *context;
  tsr_module *module;
} bench;

static bench set_up(void) {
  bench b = {.context = tsr_context_create()};
  tsr_diag *diag = tsr_diag_create();
  b.module = tsr_module_parse(b.context, "t", text, strlen(text), NULL, diag);
  CHECK(b.module && tsr_module_verify(b.module, diag) == TSR_OK);
  tsr_diag_destroy(diag);
  return b;
}

static bool has_id(const tsr_diag *diag, const char *id) {
  for (size_t i = 0; i < tsr_diag_count(diag); i++)
    if (strcmp(tsr_diag_get(diag, i)->id, id) == 0)
      return true;
  return false;
}

// Verifies what was broken, and takes it down. `note` may be NULL.
static void expect(bench b, const char *id, const char *note) {
  tsr_diag *diag = tsr_diag_create();
  CHECK(tsr_module_verify(b.module, diag) == TSR_FAILED);
  bool found = has_id(diag, id) && (!note || has_id(diag, note));
  CHECK(found);
  if (!found)
    printf("no %s\n", id);
  tsr_diag_destroy(diag);
  tsr_module_destroy(b.module);
  tsr_context_destroy(b.context);
}

static tsr_op *find_in(tsr_block *block, tsr_op_kind kind) {
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    if (tsr_op_is(op, kind))
      return op;
    for (size_t i = 0; i < tsr_op_block_count(op); i++) {
      tsr_op *inner = find_in(tsr_op_block(op, i), kind);
      if (inner)
        return inner;
    }
  }
  return NULL;
}

static tsr_op *find(bench b, tsr_op_kind kind) {
  return find_in(tsr_module_block(b.module), kind);
}

static tsr_op *symbol(bench b, const char *name) {
  return tsr_block_find_symbol(tsr_module_block(b.module), name);
}

static const tsr_attr *array_of(bench b, const tsr_attr *item) {
  return tsr_attr_array(b.context, &item, 1);
}

static void set_row(bench b, const char *kind, const char *place) {
  const tsr_attr *row[] = {tsr_attr_keyword(b.context, kind),
                           tsr_attr_keyword(b.context, place)};
  tsr_op_set_attr(find(b, TSR_OP_kernel), "args",
                  array_of(b, tsr_attr_array(b.context, row, 2)));
}

// -- Attributes ---------------------------------------------------------------

static void check_attributes(void) {
  bench b = set_up();
  tsr_op_set_int(symbol(b, "f"), "results", 1);
  expect(b, "attribute-wrong-kind", NULL);
  b = set_up();
  tsr_op_set_int(find(b, TSR_OP_tile_fill), "value", 1);
  expect(b, "attribute-wrong-kind", NULL);
  b = set_up();
  tsr_op_set_int(find(b, TSR_OP_buffer_dim), "zzzzzzzz", 1);
  expect(b, "attribute-unknown", NULL);
  b = set_up();
  tsr_op_set_int(find(b, TSR_OP_buffer_dim), "axes", 1);
  expect(b, "attribute-unknown-near", NULL);
  b = set_up();
  tsr_op_remove_attr(find(b, TSR_OP_buffer_dim), "axis");
  expect(b, "attribute-missing", NULL);
  b = set_up();
  tsr_op_set_int(tsr_module_op(b.module), "version", 9);
  expect(b, "version-unknown", NULL);
  b = set_up();
  tsr_op_set_attr(symbol(b, "f"), "results",
                  array_of(b, tsr_attr_int(b.context, 1)));
  expect(b, "results-not-types", NULL);
  b = set_up();
  tsr_op_set_attr(find(b, TSR_OP_kernel), "cores",
                  tsr_attr_cores(b.context, NULL, 0));
  expect(b, "core-set-empty", NULL);
  b = set_up();
  const tsr_core_range same[] = {{0, 0, 1, 1}, {1, 1, 2, 2}};
  tsr_op_set_attr(find(b, TSR_OP_kernel), "cores",
                  tsr_attr_cores(b.context, same, 2));
  expect(b, "core-ranges-overlap", NULL);
  b = set_up();
  const tsr_core_range two[] = {{0, 0, 0, 0}, {1, 1, 1, 1}};
  tsr_op_set_attr(tsr_module_op(b.module), "grid",
                  tsr_attr_cores(b.context, two, 2));
  expect(b, "grid-not-rectangle", NULL);
  b = set_up();
  tsr_op_set_attr(tsr_module_op(b.module), "passes",
                  array_of(b, tsr_attr_int(b.context, 3)));
  expect(b, "passes-not-strings", NULL);
  b = set_up();
  tsr_op_set_symbol(symbol(b, "g"), "name", "f");
  expect(b, "symbol-twice", "note-symbol-first");
}

// -- What could not be read back ----------------------------------------------

static void check_names(void) {
  static const char *const odd[] = {"",    "a b",  "../x",         "x)",
                                    "a:b", "x\n}", "\xc3\xa4ther", "a.b"};
  for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
    bench b = set_up();
    tsr_op_set_symbol(symbol(b, "g"), "name", odd[i]);
    expect(b, "name-not-text", NULL);
    b = set_up();
    tsr_value_set_name(tsr_op_result(find(b, TSR_OP_tensor_relu), 0), odd[i]);
    expect(b, "name-not-text", NULL);
    b = set_up();
    tsr_value_set_name(tsr_block_arg(tsr_op_block(symbol(b, "h"), 0), 0),
                       odd[i]);
    tsr_module *copy = tsr_module_clone(b.module);
    tsr_module_destroy(b.module);
    b.module = copy;
    expect(b, "name-not-text", NULL);
  }
  bench b = set_up();
  tsr_op_set_keyword(find(b, TSR_OP_kernel), "processor", "dm 0");
  expect(b, "name-not-text", NULL);
  b = set_up();
  set_row(b, "const", "9");
  expect(b, "name-not-text", NULL);
}

// Loops in the loop of @h, until blocks are `levels` deep.
static void nest(bench b, size_t levels) {
  tsr_builder at = tsr_builder_at_end(
      b.module, tsr_op_block(find(b, TSR_OP_for_), 0), (tsr_loc){"deep", 7, 3});
  tsr_value *zero = tsr_module_index(b.module, 0);
  for (size_t level = 3; level < levels; level++) {
    tsr_builder body;
    (void)tsr_build_for(&at, zero, zero, NULL, 0, NULL, &body);
    at = body;
  }
}

// What the verifier takes is read back, and no depth is too much for it, nor
// for the printer.
static void check_nesting(void) {
  bench b = set_up();
  nest(b, TSR_MAX_NESTING);
  tsr_diag *diag = tsr_diag_create();
  CHECK(tsr_module_verify(b.module, diag) == TSR_OK);
  tsr_buffer out;
  tsr_buffer_init(&out);
  tsr_module_print(b.module, NULL, &out);
  tsr_module *again =
      tsr_module_parse(b.context, "again", out.data, out.size, NULL, diag);
  CHECK(again && tsr_diag_count(diag) == 0);
  tsr_module_destroy(again);
  tsr_buffer_deinit(&out);
  tsr_diag_destroy(diag);
  tsr_module_destroy(b.module);
  tsr_context_destroy(b.context);
  b = set_up();
  nest(b, TSR_MAX_NESTING + 1);
  expect(b, "nesting-too-deep", NULL);
  b = set_up();
  nest(b, 60000);
  tsr_buffer_init(&out);
  tsr_module_print(b.module, NULL, &out);
  CHECK(strstr(tsr_buffer_str(&out), "{...}") && out.size < 1000000);
  tsr_buffer_deinit(&out);
  expect(b, "nesting-too-deep", NULL);
}

static void check_deep_arrays(void) {
  bench b = set_up();
  const tsr_attr *deep = tsr_attr_int(b.context, 1);
  for (size_t level = 0; level < 60000; level++)
    deep = array_of(b, deep);
  tsr_op_set_attr(symbol(b, "f"), "results", deep);
  tsr_buffer out;
  tsr_buffer_init(&out);
  tsr_module_print(b.module, NULL, &out);
  CHECK(strstr(tsr_buffer_str(&out), "[...]"));
  tsr_buffer_deinit(&out);
  expect(b, "nesting-too-deep", NULL);
}

// -- Values -------------------------------------------------------------------

static void check_values(void) {
  bench b = set_up();
  tsr_op *relu = find(b, TSR_OP_tensor_relu), *exp = find(b, TSR_OP_tensor_exp);
  tsr_op_set_operand(relu, 0, tsr_op_result(exp, 0));
  expect(b, "value-used-before", NULL);
  b = set_up();
  relu = find_in(tsr_op_block(symbol(b, "g"), 0), TSR_OP_tensor_relu);
  tsr_op_set_operand(relu, 0,
                     tsr_block_arg(tsr_op_block(symbol(b, "f"), 0), 0));
  expect(b, "value-not-visible", NULL);
  b = set_up();
  tsr_op *fill = find(b, TSR_OP_tile_fill);
  tsr_op_remove(fill);
  tsr_op_insert_before(fill, symbol(b, "f"));
  tsr_op_set_operand(find(b, TSR_OP_tensor_relu), 0, tsr_op_result(fill, 0));
  expect(b, "value-not-visible", NULL);
  b = set_up();
  relu = find(b, TSR_OP_tensor_relu);
  tsr_value *twice[] = {tsr_op_operand(relu, 0), tsr_op_operand(relu, 0)};
  tsr_op_set_operands(relu, twice, 2, (uint32_t[]){2});
  expect(b, "operand-group-size", NULL);
  b = set_up();
  tsr_value_set_modifier(tsr_block_arg(tsr_op_block(symbol(b, "h"), 0), 0),
                         "inn");
  expect(b, "modifier-unknown", NULL);
}

// An op that is one more of its kind in front of the first.
static void add_op(bench b, tsr_op_desc desc) {
  tsr_op *first = find(b, desc.kind);
  tsr_value *operand = tsr_op_operand(first, 0);
  desc.operands = &operand;
  desc.operand_count = 1;
  tsr_op_insert_before(tsr_op_create(b.module, &desc), first);
}

static void check_counts(void) {
  bench b = set_up();
  const tsr_type *type =
      tsr_value_get_type(tsr_op_result(find(b, TSR_OP_tensor_relu), 0));
  const tsr_type *types[] = {type, type};
  add_op(b, (tsr_op_desc){.kind = TSR_OP_tensor_relu,
                          .result_types = types,
                          .result_count = 2});
  expect(b, "result-count", NULL);
  b = set_up();
  type = tsr_value_get_type(tsr_op_result(find(b, TSR_OP_tensor_relu), 0));
  add_op(b, (tsr_op_desc){.kind = TSR_OP_tensor_relu,
                          .result_types = &type,
                          .result_count = 1,
                          .block_count = 1});
  expect(b, "block-count", NULL);
}

// -- Blocks -------------------------------------------------------------------

static void add_arg(bench b, tsr_op_kind kind) {
  tsr_block_add_arg(tsr_op_block(find(b, kind), 0), tsr_type_index(b.context),
                    (tsr_loc){NULL, 0, 0}, "more");
}

static void check_blocks(void) {
  bench b = set_up();
  add_arg(b, TSR_OP_for_);
  expect(b, "loop-carry-count", NULL);
  b = set_up();
  tsr_value_set_type(tsr_block_arg(tsr_op_block(find(b, TSR_OP_for_), 0), 0),
                     tsr_type_bool(b.context));
  expect(b, "loop-variable-type", NULL);
  b = set_up();
  add_arg(b, TSR_OP_tile_parallel);
  expect(b, "parallel-axis-count", NULL);
  b = set_up();
  add_arg(b, TSR_OP_core_launch);
  expect(b, "launch-block-args", NULL);
  b = set_up();
  add_arg(b, TSR_OP_if_);
  expect(b, "block-takes-no-arguments", NULL);
  b = set_up();
  add_arg(b, TSR_OP_dst_section);
  expect(b, "block-takes-no-arguments", NULL);
  b = set_up();
  tsr_block_add_arg(tsr_module_block(b.module), tsr_type_bool(b.context),
                    (tsr_loc){NULL, 0, 0}, NULL);
  expect(b, "block-takes-no-arguments", NULL);
}

// A section that packs one tile to what is no stream.
static void check_section(void) {
  bench b = set_up();
  const tsr_type *type = tsr_type_tile(b.context, TSR_ELEMENT_BF16, 1, 1);
  tsr_op *old = find(b, TSR_OP_dst_section);
  tsr_op *made =
      tsr_op_create(b.module, &(tsr_op_desc){.kind = TSR_OP_dst_section,
                                             .result_types = &type,
                                             .result_count = 1,
                                             .block_count = 1});
  tsr_op_set_attr(made, "streams", array_of(b, tsr_attr_int(b.context, 1)));
  tsr_op_insert_before(made, old);
  expect(b, "section-symbols", NULL);
}

// -- Tables of kernels --------------------------------------------------------

static void check_tables(void) {
  bench b = set_up();
  tsr_op_set_attr(find(b, TSR_OP_kernel), "args",
                  array_of(b, tsr_attr_int(b.context, 1)));
  expect(b, "argument-row-shape", NULL);
  b = set_up();
  set_row(b, "constant", "runtime");
  expect(b, "argument-kind-unknown", NULL);
  b = set_up();
  set_row(b, "const", "anywhere");
  expect(b, "argument-place-unknown", NULL);
  b = set_up();
  set_row(b, "cb", "runtime");
  expect(b, "argument-symbol", NULL);
  b = set_up();
  set_row(b, "const", "runtime");
  expect(b, "kernel-table-size", NULL);
}

// -- Types --------------------------------------------------------------------

static void refuse_type(const tsr_type_desc *desc, const char *id) {
  tsr_diag *diag = tsr_diag_create();
  tsr_loc nowhere = {NULL, 0, 0};
  CHECK(tsr_type_check(desc, nowhere, diag) == TSR_FAILED);
  CHECK(has_id(diag, id));
  tsr_diag_destroy(diag);
}

static void check_types(void) {
  tsr_type_desc tile = {.kind = TSR_TYPE_TILE, .element = TSR_ELEMENT_BF16};
  refuse_type(&tile, "type-block-empty");
  tile.block_rows = tile.block_cols = 256;
  refuse_type(&tile, "type-block-size");
  tsr_type_desc tensor = {.kind = TSR_TYPE_TENSOR, .element = TSR_ELEMENT_BF16};
  refuse_type(&tensor, "type-rank");
  tensor.rank = 1;
  refuse_type(&tensor, "type-extent");
  tensor.extents[0] = UINT64_MAX;
  refuse_type(&tensor, "type-too-large");
  tensor.element = TSR_ELEMENT_TF32;
  refuse_type(&tensor, "type-register-element");
  tsr_type_desc buffer = {.kind = TSR_TYPE_BUFFER,
                          .element = TSR_ELEMENT_BF16,
                          .rank = 1,
                          .extents = {32},
                          .sharding = {.sharded = true}};
  refuse_type(&buffer, "type-shard");
}

static size_t count_id(const tsr_diag *diag, const char *id) {
  size_t count = 0;
  for (size_t i = 0; i < tsr_diag_count(diag); i++)
    count += strcmp(tsr_diag_get(diag, i)->id, id) == 0;
  return count;
}

// @g over tensors of that type: an argument, a result, and what it returns.
static void set_types(bench b, const tsr_type *type) {
  tsr_op *g = symbol(b, "g");
  tsr_block *block = tsr_op_block(g, 0);
  tsr_value_set_type(tsr_block_arg(block, 0), type);
  tsr_value_set_type(tsr_op_result(tsr_block_first(block), 0), type);
  tsr_op_set_attr(g, "results", array_of(b, tsr_attr_type(b.context, type)));
}

static void expect_types(const tsr_type_desc *desc, const char *id) {
  bench b = set_up();
  set_types(b, tsr_type_get(b.context, desc));
  tsr_diag *diag = tsr_diag_create();
  CHECK(tsr_module_verify(b.module, diag) == TSR_FAILED);
  CHECK(tsr_diag_count(diag) == 3 && count_id(diag, id) == 3);
  // The function is in line 7 of the text, its op in line 8.
  CHECK(tsr_diag_get(diag, 0)->loc.line == 7);
  CHECK(tsr_diag_get(diag, 2)->loc.line == 8);
  tsr_diag_destroy(diag);
  tsr_module *copy = tsr_module_clone(b.module);
  tsr_module_destroy(b.module);
  b.module = copy;
  expect(b, id, NULL);
}

// A program that builds IR asks for any type, and only the verifier stands
// between that and the passes.
static void check_odd_types(void) {
  tsr_type_desc tensor = {.kind = TSR_TYPE_TENSOR, .element = TSR_ELEMENT_BF16};
  expect_types(&tensor, "type-rank");
  tensor.rank = 2;
  tensor.extents[1] = 4;
  expect_types(&tensor, "type-extent");
  tensor.extents[0] = tensor.extents[1] = UINT64_C(1) << 40;
  expect_types(&tensor, "type-too-large");
  tensor.extents[0] = 4;
  tensor.element = TSR_ELEMENT_TF32;
  expect_types(&tensor, "type-register-element");
}

// No verifier of an op sees a value of such a type, which is defined elsewhere.
static void check_odd_operands(void) {
  tsr_type_desc buffer = {.kind = TSR_TYPE_BUFFER, .element = TSR_ELEMENT_BF16};
  bench b = set_up();
  tsr_value_set_type(tsr_op_operand(find(b, TSR_OP_buffer_dim), 0),
                     tsr_type_get(b.context, &buffer));
  tsr_op_set_int(find(b, TSR_OP_buffer_dim), "axis", 1 << 30);
  tsr_diag *diag = tsr_diag_create();
  CHECK(tsr_module_verify(b.module, diag) == TSR_FAILED);
  CHECK(tsr_diag_count(diag) == 1 && has_id(diag, "type-rank"));
  tsr_diag_destroy(diag);
  expect(b, "type-rank", NULL);
  // Whoever has such a type without using it is not told of it.
  b = set_up();
  CHECK(tsr_type_get(b.context, &buffer));
  diag = tsr_diag_create();
  CHECK(tsr_module_verify(b.module, diag) == TSR_OK);
  tsr_diag_destroy(diag);
  tsr_op_set_operand(find(b, TSR_OP_tensor_exp), 0,
                     tsr_op_result(find(b, TSR_OP_tensor_exp), 0));
  expect(b, "value-used-before", NULL);
}

int main(void) {
  check_attributes();
  check_names();
  check_nesting();
  check_deep_arrays();
  check_values();
  check_counts();
  check_blocks();
  check_section();
  check_tables();
  check_types();
  check_odd_types();
  check_odd_operands();
  return report_checks();
}
