// RUN: tt-opt %root/examples/two_outputs.tt --passes=inline,tile,insert-k-loop,select-units,distribute-cores,allocate-dst -o %t.streams
// RUN: tt-opt %root/examples/two_outputs.tt --passes=default -o %t.kernels
// RUN: tt-opt %root/test/passes/inline.tt -o %t.calls
// RUN: %unit/attributes %root/examples/two_outputs.tt %t.calls %t.streams %t.kernels

// Each attribute of each op in turn is of each wrong kind, and missing: the
// verifier says so, whoever looks at the op from elsewhere.

#include "tessera/buffer.h"
#include "tessera/diag.h"
#include "tessera/text.h"

#include "check.h"

typedef struct bench {
  tsr_context *context;
  tsr_module *module;
  size_t tried;
} bench;

static bool is_right(bench *b) {
  tsr_diag *diag = tsr_diag_create();
  bool result = tsr_module_verify(b->module, diag) == TSR_OK;
  CHECK(result == (tsr_diag_error_count(diag) == 0));
  tsr_diag_destroy(diag);
  b->tried++;
  return result;
}

static void try_kinds(bench *b, tsr_op *op, const char *name) {
  const tsr_attr *right = tsr_op_get_attr(op, name);
  static const tsr_core_range core = {0, 0, 0, 0};
  const tsr_run run = {.first = 3, .step = 1, .count = 2};
  const tsr_attr *number = tsr_attr_int(b->context, 1);
  const tsr_attr *wrong[] = {
      number,
      tsr_attr_float(b->context, 0.5),
      tsr_attr_bool(b->context, true),
      tsr_attr_string(b->context, "s"),
      tsr_attr_keyword(b->context, "k"),
      tsr_attr_symbol(b->context, "s"),
      tsr_attr_type(b->context, tsr_type_bool(b->context)),
      tsr_attr_array(b->context, &number, 1),
      tsr_attr_cores(b->context, &core, 1),
      tsr_attr_runs(b->context, &run, 1)};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    tsr_op_set_attr(op, name, wrong[i]);
    bool is_accepted = is_right(b);
    bool is_of_kind = tsr_attr_get_kind(wrong[i]) == tsr_attr_get_kind(right);
    CHECK(!is_accepted || is_of_kind);
  }
  tsr_op_remove_attr(op, name);
  (void)is_right(b);
  tsr_op_set_attr(op, name, right);
}

static void try_op(bench *b, tsr_op *op) {
  for (size_t i = tsr_op_attr_count(op); i-- > 0;)
    try_kinds(b, op, tsr_op_attr_name(op, i));
  for (size_t i = 0; i < tsr_op_block_count(op); i++)
    for (tsr_op *in = tsr_block_first(tsr_op_block(op, i)); in;
         in = tsr_op_next(in))
      try_op(b, in);
}

static void try_file(const char *path) {
  tsr_buffer text, message;
  tsr_buffer_init(&text);
  tsr_buffer_init(&message);
  CHECK(tsr_buffer_read_file(&text, path, &message) == TSR_OK);
  bench b = {.context = tsr_context_create()};
  tsr_diag *diag = tsr_diag_create();
  b.module = tsr_module_parse(b.context, path, tsr_buffer_str(&text), text.size,
                              NULL, diag);
  CHECK(b.module != NULL);
  if (b.module) {
    CHECK(is_right(&b));
    try_op(&b, tsr_module_op(b.module));
    CHECK(is_right(&b));
    CHECK(b.tried > 50);
    tsr_module_destroy(b.module);
  }
  tsr_diag_destroy(diag);
  tsr_context_destroy(b.context);
  tsr_buffer_deinit(&message);
  tsr_buffer_deinit(&text);
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++)
    try_file(argv[i]);
  return report_checks();
}
