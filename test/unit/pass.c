// RUN: %unit/pass

// Pipelines: one spelling for each run, and what is left of one for a module.

#include "tessera/buffer.h"
#include "tessera/registry.h"
#include "tessera/text.h"

#include "check.h"

#include <stdio.h>

static const char *spell(const tsr_pipeline *pipeline, tsr_buffer *out) {
  tsr_buffer_clear(out);
  for (size_t i = 0; i < pipeline->count; i++)
    tsr_buffer_printf(out, "%s%s", i ? "," : "", pipeline->runs[i].text);
  return tsr_buffer_str(out);
}

// All that these tests parse with.
static tsr_registry *registry;

static tsr_pipeline parse(const char *text, tsr_arena *arena) {
  tsr_pipeline pipeline = {NULL, 0};
  tsr_diag *diag = tsr_diag_create();
  CHECK(tsr_pipeline_parse(registry, "test", text, arena, diag, &pipeline) ==
        TSR_OK);
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

// -- The registry -------------------------------------------------------------

static tsr_result do_nothing(tsr_pass_env *env, tsr_module *module) {
  (void)env;
  (void)module;
  return TSR_OK;
}

static void count_end(void *user) { ++*(int *)user; }

static const char *first_message(const tsr_diag *diag) {
  return tsr_diag_count(diag) ? tsr_diag_get(diag, 0)->text : "";
}

// Adding `pass` fails with `message`, and ends its data.
static void check_refused(const tsr_pass *pass, const char *message) {
  tsr_diag *diag = tsr_diag_create();
  int ends = 0;
  tsr_pass copy = *pass;
  copy.user = &ends;
  copy.destroy = count_end;
  size_t count = tsr_registry_pass_count(registry);
  CHECK(tsr_registry_add_pass(registry, &copy, diag) == TSR_FAILED);
  CHECK_TEXT(first_message(diag), message);
  CHECK(ends == 1);
  CHECK(tsr_registry_pass_count(registry) == count);
  tsr_diag_destroy(diag);
}

static void check_option_refused(tsr_pass_option first, tsr_pass_option second,
                                 const char *message) {
  tsr_pass_option options[] = {first, second};
  tsr_pass pass = {"p", do_nothing, .summary = "Do nothing", .options = options,
                   .option_count = second.name ? 2 : 1};
  check_refused(&pass, message);
}

static void test_refused_passes(void) {
  static const char bad_name[] =
      ": a name is small letters, digits and single dashes, a letter first";
  tsr_pass pass = {.run = do_nothing, .summary = "Do nothing"};
  static const char *const names[] = {"", "A", "1a", "a--b", "a-", "a_b"};
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    char message[160];
    snprintf(message, sizeof(message), "pass cannot be called '%s'%s", names[i],
             bad_name);
    pass.name = names[i];
    check_refused(&pass, message);
  }
  pass.name = "tile";
  check_refused(&pass, "pass 'tile': there is a pass of that name");
  pass.name = "default";
  check_refused(&pass, "pass 'default': there is a pipeline of that name");
  check_refused(&(tsr_pass){"p", .summary = "Do nothing"},
                "pass 'p' has no function to run");
  check_refused(&(tsr_pass){.name = "p", .run = do_nothing},
                "pass 'p' has no summary");
  check_refused(&(tsr_pass){"p", do_nothing, .summary = "Do nothing",
                            .needs = 1u << TSR_STATE_COUNT},
                "pass 'p' names a state that there is not");
}

static void test_refused_options(void) {
  static const tsr_pass_option none = {NULL, TSR_OPTION_INT, NULL, NULL, NULL};
  tsr_pass_option fine = {"n", TSR_OPTION_INT, "1", "1..4", "a number"};
  tsr_pass_option bad = fine;
  bad.name = "N";
  check_option_refused(bad, none, "pass 'p': an option cannot be called 'N'");
  check_option_refused(fine, fine, "pass 'p' has option 'n' twice");
  bad = fine;
  bad.help = "";
  check_option_refused(bad, none, "option 'n' of pass 'p' has no help");
  bad = fine;
  bad.choices = "4..1";
  check_option_refused(
      bad, none, "option 'n' of pass 'p': its range is not of the form 1..64");
  bad.choices = NULL;
  check_option_refused(bad, none,
                       "option 'n' of pass 'p': its default and its choices "
                       "must be text, \"\" for none");
  bad = fine;
  bad.fallback = "5";
  check_option_refused(
      bad, none,
      "option 'n' of pass 'p': its default is not one of its values");
  bad = (tsr_pass_option){"n", TSR_OPTION_KEYWORD, "", "a||b", "a word"};
  check_option_refused(
      bad, none, "option 'n' of pass 'p': its words are not of the form a|b|c");
  bad = (tsr_pass_option){"n", TSR_OPTION_BOOL, "", "a|b", "a flag"};
  check_option_refused(bad, none,
                       "option 'n' of pass 'p': a value of its kind is not "
                       "chosen from a list");
  bad.kind = (tsr_option_kind)99;
  check_option_refused(
      bad, none, "option 'n' of pass 'p': there is no such kind of option");
}

static void check_pipeline_refused(const char *name, const char *run,
                                   size_t count, const char *message) {
  tsr_diag *diag = tsr_diag_create();
  tsr_registry *own = tsr_registry_create();
  tsr_registry_add_builtin(own);
  tsr_named_pipeline pipeline = {name, &run, count};
  if (tsr_registry_add_pipeline(own, &pipeline, diag) == TSR_OK)
    CHECK(tsr_registry_check(own, diag) == TSR_FAILED);
  CHECK_TEXT(first_message(diag), message);
  tsr_registry_destroy(own);
  tsr_diag_destroy(diag);
}

static void test_pipelines(void) {
  check_pipeline_refused("cse", "dce", 1,
                         "pipeline 'cse': there is a pass of that name");
  check_pipeline_refused("naive", "dce", 1,
                         "pipeline 'naive': there is a pipeline of that name");
  check_pipeline_refused("p", "dce", 0, "pipeline 'p' has no passes");
  check_pipeline_refused("p", "dco", 1,
                         "unknown pass 'dco' (did you mean 'dce'?)");
  check_pipeline_refused("p", "dce,p", 1, "pipeline 'p' contains itself");
}

// What is added works like the rest, and ends with its registry.
static void test_added(void) {
  tsr_registry *own = tsr_registry_create();
  tsr_diag *diag = tsr_diag_create();
  tsr_arena arena;
  tsr_arena_init(&arena);
  int ends = 0;
  tsr_pass pass = {"p", do_nothing, .summary = "Do nothing", .user = &ends,
                   .destroy = count_end};
  const char *runs[] = {"p", "p"};
  tsr_named_pipeline twice = {"twice", runs, 2};
  CHECK(tsr_registry_add_pass(own, &pass, diag) == TSR_OK);
  CHECK(tsr_registry_add_pipeline(own, &twice, diag) == TSR_OK);
  CHECK(tsr_registry_check(own, diag) == TSR_OK);
  tsr_pipeline pipeline = {NULL, 0};
  CHECK(tsr_pipeline_parse(own, "test", "twice,p", &arena, diag, &pipeline) ==
        TSR_OK);
  CHECK(pipeline.count == 3);
  CHECK(pipeline.runs[2].pass->user == &ends);
  // The other registry knows nothing of it.
  CHECK(!tsr_registry_find_pass(registry, "p"));
  tsr_registry_destroy(own);
  CHECK(ends == 1);
  tsr_arena_deinit(&arena);
  tsr_diag_destroy(diag);
}

int main(void) {
  registry = tsr_registry_create();
  tsr_registry_add_builtin(registry);
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
  test_refused_passes();
  test_refused_options();
  test_pipelines();
  test_added();
  tsr_registry_destroy(registry);
  return report_checks();
}
