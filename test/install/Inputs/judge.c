// A program of someone else's that judges passes: it makes a module small while
// a pass fails on it, compares messages with comments that expect them, and
// numbers before and after passes.
#include "tessera/compile.h"
#include "tessera/expect.h"
#include "tessera/pass_check.h"
#include "tessera/reduce.h"
#include "tessera/registry.h"
#include "tessera/text.h"

#include <stdio.h>
#include <string.h>

static const char text[] =
    "// expected-error@below {{run 'tile' first}}\n"
    "func @gemm(%a: tensor<96x64xbf16>) -> tensor<96x64xbf16> {\n"
    "  %b = tensor.exp %a : tensor<96x64xbf16>\n"
    "  return %b\n"
    "}\n"
    "func @other(%a: tensor<32x32xbf16>) -> tensor<32x32xbf16> {\n"
    "  return %a\n"
    "}\n";

typedef struct judge {
  const tsr_target *target;
  tsr_pipeline pipeline; // a pass that fails
  size_t asked;
} judge;

static tsr_result run(const judge *j, const tsr_module *module,
                      tsr_diag *diag) {
  tsr_module *copy = tsr_module_clone(module);
  tsr_run_options options = {.target = j->target};
  tsr_result result = tsr_pipeline_run(&j->pipeline, copy, diag, &options);
  tsr_module_destroy(copy);
  return result;
}

// Keeps what the pass fails on, and an exp.
static bool is_interesting(void *user, const tsr_module *module,
                           const char *printed, size_t bytes) {
  judge *j = user;
  j->asked++;
  tsr_diag *diag = tsr_diag_create();
  bool fails = run(j, module, diag) != TSR_OK;
  tsr_diag_destroy(diag);
  return fails && strlen(printed) == bytes && strstr(printed, "tensor.exp");
}

static void report(void *user, const tsr_reduce_step *step) {
  (void)user;
  printf("%s: %zu ops\n", step->what, step->ops);
}

static void print(const tsr_diag *diag) {
  tsr_buffer out;
  tsr_buffer_init(&out);
  tsr_diag_print(diag, &out);
  fputs(tsr_buffer_str(&out), stdout);
  tsr_buffer_deinit(&out);
}

static void reduce(judge *j, const tsr_module *module) {
  tsr_reduce_options options = {.target = j->target,
                                .is_interesting = is_interesting,
                                .report = report,
                                .user = j};
  tsr_module *least = tsr_module_reduce(module, &options);
  if (!least)
    return;
  tsr_buffer out;
  tsr_buffer_init(&out);
  tsr_module_print(least, NULL, &out);
  printf("%s%zu asked\n", tsr_buffer_str(&out), j->asked);
  tsr_buffer_deinit(&out);
  tsr_module_destroy(least);
}

// As expected, and once more with a comment that is not met.
static void expect(const tsr_diag *said) {
  for (int i = 0; i < 2; i++) {
    tsr_expect_text from = {"j.tt", text, sizeof text - 1, 0};
    from.text += i;
    from.bytes -= (size_t)i;
    tsr_diag *wrong = tsr_diag_create();
    tsr_result result = tsr_diag_expect(said, &from, wrong);
    printf("%s\n", result == TSR_OK ? "as expected" : "not as expected");
    print(wrong);
    tsr_diag_destroy(wrong);
  }
}

// The numbers before and after passes that are right, with inputs of our own.
static tsr_result bring_in(void *user, const tsr_op *function,
                           tsr_run_values *inputs) {
  (void)user;
  printf("%s: %zu values\n", tsr_op_get_text(function, "name"), inputs->count);
  for (uint64_t i = 0; i < inputs->items[0].elems; i++)
    inputs->items[0].values[i] = 0.5f;
  return TSR_OK;
}

static void say_step(void *user, const tsr_pass_check_step *step) {
  (void)user;
  printf("%s: %s%s\n", step->run ? step->run->text : "as given", step->numbers,
         step->is_bad ? ", which is wrong" : "");
}

static void check(const judge *j, const tsr_registry *registry,
                  const tsr_module *module, tsr_diag *diag) {
  tsr_arena arena;
  tsr_arena_init(&arena);
  tsr_module *copy = tsr_module_clone(module);
  tsr_pipeline pipeline = {NULL, 0};
  tsr_pass_check_options options = {.func = "gemm",
                                    .request = {.target = j->target},
                                    .passes = {.target = j->target},
                                    .bring_in = bring_in,
                                    .report = say_step};
  bool is_bad;
  if (tsr_pipeline_parse(registry, "pipeline", "tile,cse", &arena, diag,
                         &pipeline) == TSR_OK &&
      tsr_pipeline_check(&pipeline, copy, diag, &options, &is_bad) == TSR_OK)
    printf("numbers stay\n");
  tsr_module_destroy(copy);
  tsr_arena_deinit(&arena);
}

int main(void) {
  tsr_context *context = tsr_context_create();
  tsr_diag *diag = tsr_diag_create(), *said = tsr_diag_create();
  tsr_registry *registry = tsr_registry_create();
  tsr_registry_add_builtin(registry);
  tsr_arena arena;
  tsr_arena_init(&arena);
  tsr_target target;
  judge j = {.target = &target};
  tsr_load_options load = {.grid = "2x2"};
  tsr_module *module = tsr_module_load(context, "j.tt", text, sizeof text - 1,
                                       &load, diag, &target, NULL);
  if (module && tsr_pipeline_parse(registry, "pipeline", "insert-k-loop",
                                   &arena, diag, &j.pipeline) == TSR_OK) {
    tsr_result failed = run(&j, module, said);
    printf("%s\n", failed == TSR_OK ? "runs" : "fails");
    expect(said);
    reduce(&j, module);
    check(&j, registry, module, diag);
  }
  print(diag);
  tsr_module_destroy(module);
  tsr_arena_deinit(&arena);
  tsr_registry_destroy(registry);
  tsr_diag_destroy(said);
  tsr_diag_destroy(diag);
  tsr_context_destroy(context);
  return 0;
}
