// RUN: %unit/print

// The printer prints any IR, whatever the verifier would say of it: what a pass
// left behind is shown when the pass fails.

#include "tessera/buffer.h"
#include "tessera/text.h"

#include "check.h"

static const tsr_loc nowhere = {NULL, 0, 0};

typedef struct bench {
  tsr_context *context;
  tsr_module *module;
  tsr_op *op; // the only one
} bench;

// A module that holds one op with nothing but its blocks.
static bench set_up(tsr_op_kind kind, size_t block_count) {
  static const uint32_t no_operands[TSR_MAX_GROUPS];
  bench b = {.context = tsr_context_create()};
  b.module = tsr_module_create(b.context);
  tsr_builder at =
      tsr_builder_at_end(b.module, tsr_module_block(b.module), nowhere);
  b.op = tsr_build(&at, &(tsr_op_desc){.kind = kind,
                                       .groups = no_operands,
                                       .block_count = block_count});
  return b;
}

// Prints what was made, and takes it down; `part` must be in it.
static void expect(bench b, const char *part) {
  tsr_buffer out;
  tsr_buffer_init(&out);
  tsr_module_print(b.module, NULL, &out);
  bool found = strstr(tsr_buffer_str(&out), part) != NULL;
  CHECK(found);
  if (!found)
    printf("no '%s' in\n%s", part, tsr_buffer_str(&out));
  tsr_buffer_clear(&out);
  tsr_op_print(b.op, &out);
  CHECK(strstr(tsr_buffer_str(&out), tsr_op_get_mnemonic(b.op)));
  tsr_buffer_deinit(&out);
  tsr_module_destroy(b.module);
  tsr_context_destroy(b.context);
}

static void check_bare_ops(void) {
  for (int kind = TSR_OP_none + 1; kind < TSR_OP_COUNT; kind++)
    for (size_t blocks = 0; blocks <= 2; blocks++)
      expect(set_up((tsr_op_kind)kind, blocks),
             tsr_op_kind_get_info((tsr_op_kind)kind)->mnemonic);
}

// -- Attributes of any kind ---------------------------------------------------

enum { ATTR_COUNT = 8 };

static const tsr_attr *make_attr(tsr_context *context, size_t i) {
  const tsr_attr *one = tsr_attr_int(context, 1);
  const tsr_attr *list = tsr_attr_array(context, &one, 1);
  const tsr_attr *attrs[ATTR_COUNT] = {
      one,
      list,
      tsr_attr_array(context, &list, 1),
      tsr_attr_array(context, NULL, 0),
      tsr_attr_string(context, "a\"b"),
      tsr_attr_cores(context, NULL, 0),
      tsr_attr_runs(context, NULL, 0),
      tsr_attr_type(context, tsr_type_index(context))};
  return attrs[i];
}

static void check_attributes_of(tsr_op_kind kind, size_t blocks) {
  for (size_t a = 0; a < tsr_op_kind_attr_count(kind); a++)
    for (size_t i = 0; i < ATTR_COUNT; i++) {
      bench b = set_up(kind, blocks);
      tsr_op_set_attr(b.op, tsr_op_kind_attr_name(kind, a),
                      make_attr(b.context, i));
      expect(b, tsr_op_get_mnemonic(b.op));
    }
}

static void check_attributes(void) {
  for (int kind = TSR_OP_none + 1; kind < TSR_OP_COUNT; kind++)
    for (size_t blocks = 0; blocks <= 2; blocks++)
      check_attributes_of((tsr_op_kind)kind, blocks);
}

// -- What does not fit its syntax is all there --------------------------------

static void check_shown(void) {
  bench b = set_up(TSR_OP_func, 0);
  tsr_op_set_symbol(b.op, "name", "f");
  tsr_op_set_int(b.op, "results", 7);
  expect(b, "func {name = @f, results = 7}\n");
  b = set_up(TSR_OP_for_, 2);
  tsr_value *bounds[] = {tsr_module_index(b.module, 2),
                         tsr_module_index(b.module, 3)};
  tsr_op_set_operands(b.op, bounds, 2, (uint32_t[]){1, 1, 0, 0});
  tsr_block_add_arg(tsr_op_block(b.op, 1), tsr_type_index(b.context), nowhere,
                    "i");
  expect(b, "for 2, 3 () {\n  } (%i) {\n  }\n");
}

int main(void) {
  check_bare_ops();
  check_attributes();
  check_shown();
  return report_checks();
}
