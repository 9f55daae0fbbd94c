// A program that compiles: what the tools do, through the library.
//
// It builds C = relu(A B) by hand, lowers it with the passes of a pipeline (and
// of plug-ins, if any are named), follows the passes and the messages, prints
// the IR piece by piece, makes every file of the program, and runs it on the
// model of the chip against its reference.
//
//   cc gemm.c $(pkg-config --cflags --libs tessera) -o gemm
//   ./gemm [PIPELINE [PLUGIN.so ...]]

#include "tessera/compile.h"
#include "tessera/interp.h"
#include "tessera/pass_report.h"
#include "tessera/plugin.h"
#include "tessera/text.h"

#include <stdio.h>

// -- building -----------------------------------------------------------------

static const tsr_type *tensor(tsr_context *context, uint64_t rows,
                              uint64_t cols) {
  return tsr_type_get(context, &(tsr_type_desc){.kind = TSR_TYPE_TENSOR,
                                                .element = TSR_ELEMENT_BF16,
                                                .rank = 2,
                                                .extents = {rows, cols}});
}

// func @gemm(%a: tensor<96x64xbf16>, %b: tensor<64x80xbf16>)
static tsr_module *build(tsr_context *context) {
  const tsr_loc nowhere = {NULL, 0, 0};
  const tsr_type *type = tensor(context, 96, 80);
  tsr_module *module = tsr_module_create(context);
  tsr_builder top =
      tsr_builder_at_end(module, tsr_module_block(module), nowhere);
  tsr_op *func =
      tsr_build(&top, &(tsr_op_desc){.kind = TSR_OP_func, .block_count = 1});
  const tsr_attr *result = tsr_attr_type(context, type);
  tsr_op_set_symbol(func, "name", "gemm");
  tsr_op_set_attr(func, "results", tsr_attr_array(context, &result, 1));

  tsr_block *body = tsr_op_block(func, 0);
  tsr_value *a = tsr_block_add_arg(body, tensor(context, 96, 64), nowhere, "a");
  tsr_value *b = tsr_block_add_arg(body, tensor(context, 64, 80), nowhere, "b");
  tsr_builder at = tsr_builder_at_end(module, body, nowhere);
  tsr_value *product = tsr_build_binary(&at, TSR_OP_tensor_matmul, type, a, b);
  tsr_value *c = tsr_build_unary(&at, TSR_OP_tensor_relu, type, product);
  const uint32_t count = 1;
  tsr_build(&at, &(tsr_op_desc){.kind = TSR_OP_return_,
                                .operands = &c,
                                .operand_count = 1,
                                .groups = &count});
  return module;
}

// -- following ----------------------------------------------------------------

static void tell(void *user, const tsr_message *message) {
  (void)user;
  printf("message: %s\n", message->text);
}

static void follow(void *user, const tsr_pass_env *env, tsr_module *module,
                   tsr_result result) {
  (void)module;
  ++*(size_t *)user;
  if (result != TSR_OK)
    printf("pass '%s' failed\n", env->run->text);
}

static bool count_bytes(void *user, const char *text, size_t bytes) {
  (void)text;
  *(size_t *)user += bytes;
  return true;
}

static tsr_result lower(tsr_module *module, const tsr_registry *registry,
                        const char *pipeline_text, const tsr_target *target,
                        tsr_diag *diag) {
  tsr_arena arena;
  tsr_arena_init(&arena);
  tsr_pipeline pipeline = {NULL, 0};
  size_t passes = 0, bytes = 0;
  tsr_run_hooks hooks = {.user = &passes, .after = follow};
  tsr_run_options options = {.target = target, .hooks = &hooks};
  tsr_result result = tsr_pipeline_parse(registry, "pipeline", pipeline_text,
                                         &arena, diag, &pipeline);
  if (result == TSR_OK)
    result = tsr_pipeline_run(&pipeline, module, diag, &options);
  if (result == TSR_OK)
    result = tsr_module_write(module, NULL, count_bytes, &bytes);
  printf("%zu passes, %s of IR\n", passes, bytes > 1000 ? "a page" : "nothing");
  tsr_arena_deinit(&arena);
  return result;
}

// -- files --------------------------------------------------------------------

static tsr_result emit(tsr_module *module, const tsr_target *target,
                       tsr_diag *diag) {
  const tsr_backend *all = tsr_backend_find("all");
  tsr_emit_options options = {.target = target,
                              .backends = &all,
                              .backend_count = 1,
                              .metalium = TSR_METALIUM_2026_08};
  tsr_artifacts files;
  tsr_artifacts_init(&files);
  tsr_result result = tsr_module_emit(module, &options, diag, &files);
  for (size_t i = 0; i < files.count; i++)
    printf("file: %s\n", files.items[i].path);
  tsr_artifacts_deinit(&files);
  return result;
}

// -- running ------------------------------------------------------------------

static tsr_run_values copy_values(const tsr_run_values *from,
                                  tsr_arena *arena) {
  tsr_run_values copy = {TSR_NEW_ARRAY(arena, tsr_run_value, from->count),
                         from->count};
  for (size_t i = 0; i < from->count; i++) {
    copy.items[i] = from->items[i];
    copy.items[i].values = TSR_NEW_ARRAY(arena, float, from->items[i].elems);
    memcpy(copy.items[i].values, from->items[i].values,
           from->items[i].elems * sizeof(float));
  }
  return copy;
}

static tsr_result run(const tsr_op *function, const tsr_target *target,
                      tsr_arena *arena, tsr_diag *diag) {
  tsr_run_request request = {.function = function,
                             .target = target,
                             .engine = TSR_ENGINE_INTERPRET,
                             .is_generated = true};
  tsr_run_values values;
  tsr_check_result *checks;
  size_t count;
  if (tsr_run_values_create(function, arena, diag, &values) != TSR_OK)
    return TSR_FAILED;
  for (size_t i = 0; i < values.count; i++)
    if (values.items[i].input)
      tsr_run_values_draw(&values, i, 1);
  tsr_run_values inputs = copy_values(&values, arena);
  if (tsr_function_run(&request, &values, diag) != TSR_OK ||
      tsr_function_check(function, &inputs, &values, 1, arena, diag, &checks,
                         &count) != TSR_OK)
    return TSR_FAILED;
  for (size_t i = 0; i < count; i++)
    printf("%s: %s\n", values.items[checks[i].value].output,
           checks[i].passed ? "as the reference" : "wrong");
  return count > 0 && checks[0].passed ? TSR_OK : TSR_FAILED;
}

static tsr_result run_all(tsr_module *module, const tsr_target *target,
                          tsr_diag *diag) {
  tsr_arena arena;
  tsr_arena_init(&arena);
  tsr_result result = TSR_OK;
  for (const tsr_op *op = tsr_block_first(tsr_module_block(module)); op;
       op = tsr_op_next(op))
    if (tsr_is_runnable(op) && result == TSR_OK)
      result = run(op, target, &arena, diag);
  tsr_arena_deinit(&arena);
  return result;
}

int main(int argc, char **argv) {
  tsr_context *context = tsr_context_create();
  tsr_diag *diag = tsr_diag_create();
  tsr_registry *registry = tsr_registry_create();
  tsr_diag_set_handler(diag, tell, NULL);
  tsr_registry_add_builtin(registry);
  tsr_result result = TSR_OK;
  for (int i = 2; i < argc && result == TSR_OK; i++)
    result = tsr_registry_load(registry, argv[i], diag);

  tsr_target target;
  tsr_module *module = build(context);
  if (result == TSR_OK)
    result = tsr_module_settle(module, NULL, diag, &target, NULL);
  if (result == TSR_OK)
    result =
        lower(module, registry, argc > 1 ? argv[1] : "default", &target, diag);
  if (result == TSR_OK)
    result = emit(module, &target, diag);
  if (result == TSR_OK)
    result = run_all(module, &target, diag);

  tsr_module_destroy(module);
  tsr_registry_destroy(registry);
  tsr_diag_destroy(diag);
  tsr_context_destroy(context);
  return result == TSR_OK ? 0 : 1;
}
