// RUN: %unit/pass

// Pipelines: one spelling for each run, and what is left of one for a module.

#include "tessera/pass.h"
#include "tessera/buffer.h"
#include "tessera/text.h"

#include "check.h"

static const char *spell(const tsr_pipeline *pipeline, tsr_buffer *out) {
  tsr_buffer_clear(out);
  for (size_t i = 0; i < pipeline->count; i++)
    tsr_buffer_printf(out, "%s%s", i ? "," : "", pipeline->runs[i].text);
  return tsr_buffer_str(out);
}

static tsr_pipeline parse(const char *text, tsr_arena *arena) {
  tsr_pipeline pipeline = {NULL, 0};
  tsr_diag *diag = tsr_diag_create();
  CHECK(tsr_pipeline_parse("test", text, arena, diag, &pipeline) == TSR_OK);
  tsr_diag_destroy(diag);
  return pipeline;
}

static void check_spelling(const char *written, const char *expected) {
  tsr_arena arena;
  tsr_buffer text;
  tsr_arena_init(&arena);
  tsr_buffer_init(&text);
  tsr_pipeline pipeline = parse(written, &arena);
  CHECK_TEXT(spell(&pipeline, &text), expected);
  tsr_buffer_deinit(&text);
  tsr_arena_deinit(&arena);
}

static void test_values(void) {
  tsr_arena arena;
  tsr_arena_init(&arena);
  tsr_pipeline pipeline = parse(
      "select-units{fidelity=lofi},distribute-cores{grid=2x3},allocate-cbs",
      &arena);
  CHECK(pipeline.count == 3);
  tsr_pass_env env = {.run = &pipeline.runs[0]};
  CHECK_TEXT(tsr_pass_env_option(&env, "fidelity")->text, "lofi");
  CHECK(tsr_pass_env_option(&env, "fp32-acc")->flag);
  CHECK(!tsr_pass_env_option(&env, "approx")->flag);
  env.run = &pipeline.runs[1];
  CHECK(tsr_pass_env_option(&env, "grid")->is_set);
  CHECK(tsr_pass_env_option(&env, "grid")->rows == 2);
  CHECK(tsr_pass_env_option(&env, "grid")->cols == 3);
  env.run = &pipeline.runs[2];
  CHECK(tsr_pass_env_option(&env, "depth")->number == 2);
  tsr_arena_deinit(&arena);
}

static void check_remaining(const char *module_text, const char *expected) {
  tsr_context *context = tsr_context_create();
  tsr_diag *diag = tsr_diag_create();
  tsr_module *module = tsr_module_parse(context, "test", module_text,
                                        strlen(module_text), NULL, diag);
  tsr_arena arena;
  tsr_buffer text;
  tsr_arena_init(&arena);
  tsr_buffer_init(&text);
  CHECK(module);
  if (module) {
    tsr_pipeline all = parse("tile,cse,insert-k-loop,cse,dce", &arena);
    tsr_pipeline left = tsr_pipeline_remaining(&all, module);
    CHECK_TEXT(spell(&left, &text), expected);
  }
  tsr_buffer_deinit(&text);
  tsr_arena_deinit(&arena);
  tsr_module_destroy(module);
  tsr_diag_destroy(diag);
  tsr_context_destroy(context);
}

static const char tensors[] =
    "func @f(%a: tensor<1xbf16>) -> tensor<1xbf16> { return %a }";
static const char contract[] =
    "func @f(%a: buffer<32x32xbf16>, %b: buffer<32x32xbf16> out) {\n"
    "  tile.parallel () in () {\n"
    "    %s = tile.contract %a[0, *], %a[*, 0] : tile<f32>\n"
    "  }\n"
    "}\n";

int main(void) {
  check_spelling("tile", "tile");
  check_spelling(" tile{ } , cse ", "tile,cse");
  check_spelling("select-units{ fidelity = lofi , fp32-acc=false}",
                 "select-units{fp32-acc=false,fidelity=lofi}");
  test_values();
  check_remaining(tensors, "tile,cse,insert-k-loop,cse,dce");
  // Nothing recorded: all of it, though some has nothing to do.
  check_remaining(contract, "tile,cse,insert-k-loop,cse,dce");
  // Recorded runs are found in turn, whatever their options.
  check_remaining("module passes = ['tile', 'cse'] {}",
                  "insert-k-loop,cse,dce");
  check_remaining("module passes = ['tile', 'cse', 'insert-k-loop', 'cse'] {}",
                  "dce");
  check_remaining("module passes = ['tile{x=1}', 'canonicalize'] {}",
                  "cse,insert-k-loop,cse,dce");
  return report_checks();
}
