// RUN: %unit/pass

// Pipelines: one spelling for each run, and what is left of one for a module;
// remarks as JSON.

#include "tessera/buffer.h"
#include "tessera/json.h"
#include "tessera/pass_report.h"
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
  pass.name = "Tile";
  check_refused(&pass, "pass cannot be called 'Tile': a name is small letters, "
                       "digits and single dashes, a letter first");
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

static void check_counters_refused(tsr_pass_counter first,
                                   tsr_pass_counter second,
                                   const char *message) {
  tsr_pass_counter counters[] = {first, second};
  tsr_pass pass = {"p", do_nothing, .summary = "Do nothing",
                   .counters = counters, .counter_count = 2};
  check_refused(&pass, message);
}

static void test_refused_counters(void) {
  tsr_pass_counter fine = {"n", "all"}, nameless = {"N", "all"},
                   helpless = {"m", ""};
  check_counters_refused(nameless, fine,
                         "pass 'p': a counter cannot be called 'N'");
  check_counters_refused(fine, fine, "pass 'p' has counter 'n' twice");
  check_counters_refused(fine, helpless, "counter 'm' of pass 'p' has no help");
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
  tsr_named_pipeline pipeline = {
      .name = name, .runs = &run, .run_count = count};
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

// -- values of all kinds ------------------------------------------------------

static const tsr_pass_option kinds[] = {
    {"bytes", TSR_OPTION_BYTES, "64KiB", "1KiB..2MiB", "some"},
    {"list", TSR_OPTION_LIST, "", "", "words"},
    {"few", TSR_OPTION_LIST, "[a,b]", "a|b|c", "words of these"},
    {"text", TSR_OPTION_STRING, "", "", "anything"}};

static const tsr_pass kinds_pass = {.name = "kinds",
                                    .run = do_nothing,
                                    .summary = "Take all kinds",
                                    .options = kinds,
                                    .option_count = 4};

// The first message; NULL when there is none.
static const char *parse_kinds(const char *text, tsr_arena *arena,
                               tsr_pipeline *out) {
  tsr_registry *own = tsr_registry_create();
  tsr_diag *diag = tsr_diag_create();
  CHECK(tsr_registry_add_pass(own, &kinds_pass, diag) == TSR_OK);
  tsr_result result = tsr_pipeline_parse(own, "test", text, arena, diag, out);
  const char *message =
      result == TSR_OK ? NULL : tsr_arena_strdup(arena, first_message(diag));
  tsr_diag_destroy(diag);
  tsr_registry_destroy(own);
  return message;
}

static void test_kinds(void) {
  tsr_arena arena;
  tsr_arena_init(&arena);
  tsr_pipeline p = {NULL, 0};
  CHECK(!parse_kinds("kinds{bytes=2MiB, list=[x, y,z] ,text=\"a,b} \"},"
                     "kinds{list=x,text=plain,few=c,bytes=1024B}",
                     &arena, &p));
  const tsr_option_value *v = p.runs[0].values;
  CHECK(v[0].number == 2 << 20);
  CHECK(v[1].item_count == 3 && strcmp(v[1].items[1], "y") == 0 &&
        strcmp(v[1].items[2], "z") == 0);
  CHECK(v[2].item_count == 2 && strcmp(v[2].items[0], "a") == 0);
  CHECK_TEXT(v[3].text, "a,b} ");
  CHECK_TEXT(p.runs[0].text, "kinds{bytes=2MiB,list=[x, y,z],text=\"a,b} \"}");
  v = p.runs[1].values;
  CHECK(v[0].number == 1024);
  CHECK(v[1].item_count == 1 && strcmp(v[1].items[0], "x") == 0);
  CHECK_TEXT(v[3].text, "plain");
  CHECK(!parse_kinds("kinds{list=[]}", &arena, &p));
  CHECK(p.runs[2].values[1].is_set && p.runs[2].values[1].item_count == 0);
  CHECK(p.runs[2].values[0].number == 64 << 10);
  CHECK_TEXT(parse_kinds("kinds{bytes=3MiB}", &arena, &p),
             "option 'bytes' of 'kinds' wants a number of bytes in 1KiB..2MiB, "
             "such as 64KiB, not '3MiB'");
  CHECK(parse_kinds("kinds{bytes=9223372036854775807KiB}", &arena, &p));
  CHECK(parse_kinds("kinds{bytes=KiB}", &arena, &p));
  CHECK_TEXT(parse_kinds("kinds{few=[a,d]}", &arena, &p),
             "option 'few' of 'kinds' wants a list such as [a,b] of a|b|c, not "
             "'[a,d]'");
  CHECK_TEXT(parse_kinds("kinds{list=[a,,b]}", &arena, &p),
             "option 'list' of 'kinds' wants a list such as [a,b], not "
             "'[a,,b]'");
  CHECK_TEXT(parse_kinds("kinds{list=[a,b},kinds", &arena, &p),
             "option 'list' of 'kinds' wants a list such as [a,b], not "
             "'[a,b},kinds'");
  p.count = 0;
  CHECK(!parse_kinds("kinds{text=\"a\\\"}, b\\\\\" ,list=x},"
                     "kinds{text=\"\\t\\n\"}",
                     &arena, &p));
  CHECK_TEXT(p.runs[0].values[3].text, "a\"}, b\\");
  CHECK_TEXT(p.runs[0].text, "kinds{list=x,text=\"a\\\"}, b\\\\\"}");
  CHECK_TEXT(p.runs[1].values[3].text, "\\t\n");
  CHECK(parse_kinds("kinds{text=\"a\\\"}", &arena, &p));
  CHECK_TEXT(parse_kinds("kinds{text=\"a}", &arena, &p),
             "option 'text' of 'kinds' wants text that ends in a quote as it "
             "begins with one, not '\"a'");
  tsr_arena_deinit(&arena);
}

// Options of a pipeline reach the runs of their pass that say nothing
// themselves, through pipelines that are part of it.
static void test_pipeline_options(void) {
  tsr_registry *own = tsr_registry_create();
  tsr_diag *diag = tsr_diag_create();
  tsr_arena arena;
  tsr_arena_init(&arena);
  const char *inner_runs[] = {"kinds", "kinds{bytes=2KiB}"};
  const char *outer_runs[] = {"inner{text=in}", "inner", "kinds"};
  tsr_pipeline_option options[] = {{"size", "kinds", "bytes"},
                                   {"text", "kinds", "text"},
                                   {"stray", "kinds", "nothing"}};
  tsr_named_pipeline inner = {"inner", inner_runs, 2, options, 3};
  tsr_named_pipeline outer = {"outer", outer_runs, 3, options, 2};
  CHECK(tsr_registry_add_pass(own, &kinds_pass, diag) == TSR_OK);
  CHECK(tsr_registry_add_pipeline(own, &inner, diag) == TSR_OK);
  CHECK(tsr_registry_add_pipeline(own, &outer, diag) == TSR_OK);
  tsr_pipeline p = {NULL, 0};
  CHECK(tsr_pipeline_parse(own, "test", "outer{size=4KiB,text=out}", &arena,
                           diag, &p) == TSR_OK);
  tsr_buffer text;
  tsr_buffer_init(&text);
  CHECK_TEXT(spell(&p, &text),
             "kinds{bytes=4KiB,text=in},kinds{bytes=2KiB,text=in},"
             "kinds{bytes=4KiB,text=out},kinds{bytes=2KiB,text=out},"
             "kinds{bytes=4KiB,text=out}");
  tsr_diag_destroy(diag);
  diag = tsr_diag_create();
  tsr_named_pipeline bare = {
      .name = "bare", .runs = inner_runs, .run_count = 1};
  CHECK(tsr_registry_add_pipeline(own, &bare, diag) == TSR_OK);
  CHECK(tsr_pipeline_parse(own, "test", "bare{size=1}", &arena, diag, &p) ==
        TSR_FAILED);
  CHECK_TEXT(first_message(diag),
             "pipeline 'bare' has no options: name its passes; 'kinds' has "
             "'bytes', 'list', 'few', 'text'");
  tsr_diag_destroy(diag);
  diag = tsr_diag_create();
  CHECK(tsr_pipeline_parse(own, "test", "inner{stray=1}", &arena, diag, &p) ==
        TSR_FAILED);
  CHECK_TEXT(first_message(diag),
             "option 'stray' of pipeline 'inner' is for option 'nothing' of "
             "pass 'kinds', which there is not");
  tsr_buffer_deinit(&text);
  tsr_arena_deinit(&arena);
  tsr_diag_destroy(diag);
  tsr_registry_destroy(own);
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
  tsr_named_pipeline twice = {.name = "twice", .runs = runs, .run_count = 2};
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

// Names of files may be any bytes; what a remark becomes is UTF-8.
static void test_remarks(void) {
  const tsr_pass pass = {.name = "p"};
  const tsr_remark_part parts[] = {{NULL, "in "}, {"where", "\xff\t\xc3\xa9"}};
  const tsr_remark remark = {.kind = TSR_REMARK_MISSED,
                             .pass = &pass,
                             .name = "N",
                             .loc = {"a\xed\xa0\x80.tt", 3, 4},
                             .function = "f\xc3",
                             .text = "in \xff\t\xc3\xa9",
                             .parts = parts,
                             .part_count = 2};
  cJSON *json = tsr_remark_to_json(&remark);
  char *printed = cJSON_PrintUnformatted(json);
  CHECK_TEXT(printed, "{\"kind\":\"Missed\",\"pass\":\"p\",\"name\":\"N\","
                      "\"file\":\"a<ed><a0><80>.tt\",\"line\":3,\"column\":4,"
                      "\"function\":\"f<c3>\",\"text\":\"in <ff>\\t\xc3\xa9\","
                      "\"arguments\":{\"where\":\"<ff>\\t\xc3\xa9\"}}");
  cJSON_free(printed);
  cJSON_Delete(json);
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
  test_refused_counters();
  test_pipelines();
  test_added();
  test_kinds();
  test_pipeline_options();
  test_remarks();
  tsr_registry_destroy(registry);
  return report_checks();
}
