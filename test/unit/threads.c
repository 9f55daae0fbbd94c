// RUN: %unit/threads

// Nothing is shared: threads with contexts of their own compile and run at the
// same time, and each gets what one alone gets.

#include "tessera/compile.h"
#include "tessera/interp.h"
#include "tessera/registry.h"
#include "tessera/text.h"

#include "check.h"

#include <pthread.h>

enum { THREADS = 4, ROUNDS = 2 };

static const char text[] =
    "func @f(%a: tensor<40x64xbf16>, %b: tensor<64x33xbf16>)\n"
    "    -> tensor<40x33xbf16> {\n"
    "  %c = tensor.matmul %a, %b : tensor<40x33xbf16>\n"
    "  %d = tensor.exp %c : tensor<40x33xbf16>\n"
    "  return %d\n"
    "}\n";

// Appends the IR after the default pipeline, and every file made of it.
static tsr_result compile(tsr_module *module, const tsr_target *target,
                          tsr_arena *arena, tsr_diag *diag, tsr_buffer *out) {
  tsr_registry *registry = tsr_registry_create();
  tsr_registry_add_builtin(registry);
  tsr_pipeline pipeline = {NULL, 0};
  tsr_run_options run = {.target = target};
  const tsr_backend *all = tsr_backend_find("all");
  tsr_emit_options emit = {.target = target,
                           .backends = &all,
                           .backend_count = 1,
                           .metalium = TSR_METALIUM_2026_08};
  tsr_artifacts files;
  tsr_artifacts_init(&files);
  tsr_result result =
      tsr_pipeline_parse(registry, "test", "default", arena, diag, &pipeline);
  if (result == TSR_OK)
    result = tsr_pipeline_run(&pipeline, module, diag, &run);
  tsr_module_print(module, NULL, out);
  if (result == TSR_OK)
    result = tsr_module_emit(module, &emit, diag, &files);
  for (size_t i = 0; i < files.count; i++)
    tsr_buffer_append(out, files.items[i].text.data, files.items[i].text.size);
  tsr_artifacts_deinit(&files);
  tsr_registry_destroy(registry);
  return result;
}

// Appends the bits of the results of every function.
static tsr_result run(const tsr_module *module, const tsr_target *target,
                      tsr_arena *arena, tsr_diag *diag, tsr_buffer *out) {
  for (const tsr_op *op = tsr_block_first(tsr_module_block(module)); op;
       op = tsr_op_next(op)) {
    tsr_run_request request = {.function = op,
                               .target = target,
                               .engine = TSR_ENGINE_INTERPRET,
                               .threads = 1};
    tsr_run_values values;
    if (!tsr_is_runnable(op))
      continue;
    if (tsr_run_values_create(op, arena, diag, &values) != TSR_OK)
      return TSR_FAILED;
    for (size_t i = 0; i < values.count; i++)
      if (values.items[i].input)
        tsr_run_values_draw(&values, i, 1);
    if (tsr_function_run(&request, &values, diag) != TSR_OK)
      return TSR_FAILED;
    for (size_t i = 0; i < values.count; i++)
      if (values.items[i].output)
        tsr_buffer_append(out, values.items[i].values,
                          values.items[i].elems * sizeof(float));
  }
  return TSR_OK;
}

static tsr_result compile_and_run(tsr_buffer *out) {
  tsr_context *context = tsr_context_create();
  tsr_diag *diag = tsr_diag_create();
  tsr_arena arena;
  tsr_arena_init(&arena);
  tsr_target target;
  tsr_module *module = tsr_module_load(context, "test.tt", text, strlen(text),
                                       NULL, diag, &target, NULL);
  tsr_result result =
      module ? run(module, &target, &arena, diag, out) : TSR_FAILED;
  if (result == TSR_OK)
    result = compile(module, &target, &arena, diag, out);
  if (result == TSR_OK)
    result = run(module, &target, &arena, diag, out);
  if (result != TSR_OK) {
    tsr_buffer_clear(out);
    tsr_diag_print(diag, out);
    printf("%s", tsr_buffer_str(out));
  }
  tsr_module_destroy(module);
  tsr_arena_deinit(&arena);
  tsr_diag_destroy(diag);
  tsr_context_destroy(context);
  return result;
}

typedef struct job {
  pthread_t thread;
  tsr_buffer out;
  tsr_result result;
} job;

static void *work(void *user) {
  job *own = user;
  own->result = TSR_OK;
  for (size_t i = 0; i < ROUNDS && own->result == TSR_OK; i++) {
    tsr_buffer_clear(&own->out);
    own->result = compile_and_run(&own->out);
  }
  return NULL;
}

int main(void) {
  tsr_buffer alone;
  job jobs[THREADS];
  for (size_t i = 0; i < THREADS; i++) {
    tsr_buffer_init(&jobs[i].out);
    CHECK(pthread_create(&jobs[i].thread, NULL, work, &jobs[i]) == 0);
  }
  for (size_t i = 0; i < THREADS; i++)
    pthread_join(jobs[i].thread, NULL);
  // Only now, so that what is made once is made by several threads at once.
  tsr_buffer_init(&alone);
  CHECK(compile_and_run(&alone) == TSR_OK);
  CHECK(alone.size > 10000);
  for (size_t i = 0; i < THREADS; i++) {
    CHECK(jobs[i].result == TSR_OK);
    CHECK(jobs[i].out.size == alone.size);
    CHECK(jobs[i].out.size == alone.size &&
          memcmp(jobs[i].out.data, alone.data, alone.size) == 0);
    tsr_buffer_deinit(&jobs[i].out);
  }
  tsr_buffer_deinit(&alone);
  return report_checks();
}
