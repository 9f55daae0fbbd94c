// Looking into runs of passes: options, and who is told what.

#include "watch_impl.h"

#include "json.h"

#include "tessera/support.h"

#include <inttypes.h>
#include <string.h>

static watch_options given = {.verify_each = true, .verify_stage = true};

// What is in the first category decides what passes do to a module, and is what
// reproducers repeat.
static const char running[] = "Running passes",
                  looking[] = "Looking into passes",
                  figures_category[] = "Figures",
                  failing[] = "When passes fail";

const tsr_cli_option tsr_watch_options[] = {
    {"verify-each", TSR_CLI_ON_OFF, NULL, running,
     "verify the module after each pass (default: on)", &given.verify_each},
    {"verify-stage", TSR_CLI_ON_OFF, NULL, running,
     "prove what the module's stage promises, beyond what ops ask for "
     "(default: on)",
     &given.verify_stage},
    {"verify-analyses", TSR_CLI_FLAG, NULL, running,
     "compute the analyses that passes say they preserve anew, and compare",
     &given.verify_analyses},
    {"print-ir-before", TSR_CLI_MAYBE_MANY, "PASS,...", looking,
     "print the IR before these passes, or before each", &given.print_before},
    {"print-ir-after", TSR_CLI_MAYBE_MANY, "PASS,...", looking,
     "print the IR after these passes, or after each", &given.print_after},
    {"print-ir-before-all", TSR_CLI_FLAG, NULL, looking,
     "print the IR before each pass", &given.print_before_all},
    {"print-ir-after-all", TSR_CLI_FLAG, NULL, looking,
     "print the IR after each pass", &given.print_after_all},
    {"print-ir-after-change", TSR_CLI_MAYBE, "diff", looking,
     "print the IR after each pass that changed it; diff: what changed",
     &given.print_after_change},
    {"print-ir-on-failure", TSR_CLI_FLAG, NULL, looking,
     "print the IR as a pass that fails leaves it", &given.print_on_failure},
    {"print-ir-tree-dir", TSR_CLI_OUTPUT, "DIR", looking,
     "print IR to numbered files in DIR; by itself: after each pass",
     &given.tree_dir},
    {"print-locations", TSR_CLI_FLAG, NULL, looking,
     "print loc(\"file\":line:column) behind each op", &given.locations},
    {"remarks", TSR_CLI_OUTPUT, "FILE", looking,
     "write what passes did, and what not and why: FILE.yaml, FILE.json, or - "
     "for messages",
     &given.remarks},
    {"remarks-filter", TSR_CLI_MANY, "WORD,...", looking,
     "only remarks of these passes and kinds (passed, missed, analysis)",
     &given.remarks_filter},
    {"debug-only", TSR_CLI_VALUE, "PASS,...", looking,
     "print what these passes say in a build for debugging", &given.debug_only},
    {"time-passes", TSR_CLI_MAYBE, "tree|table|json", figures_category,
     "print how long each step took (default: tree)", &given.time},
    {"stats", TSR_CLI_MAYBE, "table|json", figures_category,
     "print what passes counted (default: table)", &given.stats},
    {"mem-stats", TSR_CLI_MAYBE, "table|json", figures_category,
     "print the memory each pass took (default: table)", &given.memory},
    {"op-stats", TSR_CLI_MAYBE, "table|json", figures_category,
     "print how many ops of each kind remain (default: table)", &given.ops},
    {"info-output-file", TSR_CLI_OUTPUT, "FILE", figures_category,
     "where figures go (default: standard error)", &given.figures_file},
    {"opt-bisect-limit", TSR_CLI_VALUE, "N", failing,
     "run the first N passes only and say which; -1: all",
     &given.bisect_limit_text},
    {"reproducer", TSR_CLI_OUTPUT, "FILE", failing,
     "if a pass fails, or anything crashes, write the IR from before it, and "
     "the command",
     &given.reproducer},
};

enum { MAX_STRETCHES = 16 };

// Stretches of the tool's own work.
typedef struct work_info {
  const char *name;  // where time is shown
  const char *doing; // in what is said of a crash
} work_info;

static const work_info works[] = {
    [TSR_WATCH_READ] = {"read", "reading"},
    [TSR_WATCH_PREPARE] = {"prepare", "preparing"},
    [TSR_WATCH_RUN] = {"run", "running"},
    [TSR_WATCH_CHECK] = {"check", "checking"},
    [TSR_WATCH_PRINT] = {"print", "printing"}};

const size_t tsr_watch_option_count =
    sizeof(tsr_watch_options) / sizeof(tsr_watch_options[0]);

struct tsr_watch {
  const tsr_cli *cli;
  times times;
  figures figures;
  remarks remarks;
  ir_log log;
  tsr_buffer saved;   // the reproducer, but for what the tool read
  crash_piece source; // what it read
  tsr_buffer path;    // where it goes
  crash_context crash;
  // Names of the stretches that the pass is in, for the crash.
  const char *stretches[MAX_STRETCHES];
  size_t stretch_count;
  stretch *pass_time;
  int64_t bisect_limit, bisect_count;
  // Of the run that is watched.
  tsr_run_hooks hooks;
  tsr_diag *diag;
};

bool tsr_watch_wants_locations(void) { return given.locations; }

bool tsr_watch_verifies_stage(void) { return given.verify_stage; }

// -- Checking options ---------------------------------------------------------

static int check_form(const tsr_cli *cli, const char *option, const char *form,
                      const char *forms, const char *shown) {
  if (!form || form[0] == '\0' || watch_list_has(forms, form))
    return TSR_EXIT_OK;
  return tsr_cli_wrong(cli, TSR_DIAG(cli_form), option, shown, form);
}

// What a variable of a script that is not set leaves of --print-ir-tree-dir=$D.
static int check_tree_dir(const tsr_cli *cli) {
  static const char name[] = "print-ir-tree-dir";
  return given.tree_dir && !*given.tree_dir
             ? tsr_cli_wrong(cli, TSR_DIAG(cli_value_missing), "--", name,
                             "DIR")
             : TSR_EXIT_OK;
}

static int check_debug(const tsr_cli *cli) {
  if (!given.debug_only)
    return TSR_EXIT_OK;
#ifdef TESSERA_DEBUG
  return watch_check_list(cli, "debug-only", given.debug_only, "");
#else
  return tsr_cli_wrong(cli, TSR_DIAG(cli_debug_left_out));
#endif
}

static int check_limit(const tsr_cli *cli, int64_t *out) {
  const char *text = given.bisect_limit_text;
  *out = -1;
  if (!text || (tsr_parse_i64(text, strlen(text), out) && *out >= -1))
    return TSR_EXIT_OK;
  return tsr_cli_wrong(cli, TSR_DIAG(cli_bisect_limit), text);
}

static int check_options(const tsr_cli *cli, int64_t *out_limit) {
  int codes[] = {
      watch_check_lists(cli, "print-ir-before", &given.print_before, ""),
      watch_check_lists(cli, "print-ir-after", &given.print_after, ""),
      watch_check_lists(cli, "remarks-filter", &given.remarks_filter,
                        "passed,missed,analysis"),
      check_form(cli, "print-ir-after-change", given.print_after_change, "diff",
                 "diff or nothing"),
      check_form(cli, "time-passes", given.time, "tree,table,json",
                 "tree, table or json"),
      check_form(cli, "stats", given.stats, "table,json", "table or json"),
      check_form(cli, "mem-stats", given.memory, "table,json", "table or json"),
      check_form(cli, "op-stats", given.ops, "table,json", "table or json"),
      check_tree_dir(cli),
      check_debug(cli),
      check_limit(cli, out_limit),
  };
  for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
    if (codes[i] != TSR_EXIT_OK)
      return codes[i];
  return TSR_EXIT_OK;
}

// -- Reproducers --------------------------------------------------------------

// The text of a file that fails as this pass is about to.
static void save_reproducer(tsr_watch *w, const tsr_pass_run *run,
                            const tsr_module *module) {
  tsr_buffer_clear(&w->saved);
  reproducer_append_command(w->cli, running, module, run,
                            tsr_buffer_str(&w->path), &w->saved);
  tsr_buffer_append(&w->saved, tsr_buffer_str(&w->log.before),
                    w->log.before.size);
}

// The first line of a file that goes on with what the tool read.
static void save_command(tsr_watch *w) {
  tsr_buffer_clear(&w->saved);
  reproducer_append_own_command(w->cli, tsr_buffer_str(&w->path), &w->saved);
}

static crash_piece as_piece(const tsr_buffer *buffer) {
  return (crash_piece){tsr_buffer_str(buffer), buffer->size};
}

static void write_reproducer(tsr_watch *w, const tsr_pass_run *run) {
  tsr_buffer message;
  tsr_loc nowhere = {NULL, 0, 0};
  tsr_buffer_init(&message);
  const char *path = tsr_buffer_str(&w->path);
  if (tsr_buffer_write_file(&w->saved, path, &message) == TSR_OK)
    tsr_diag_note_at(w->diag, nowhere, TSR_DIAG(note_reproducer), run->text,
                     path);
  else
    tsr_tool_error(w->cli->tool, TSR_DIAG(path_failed), "--reproducer",
                   tsr_buffer_str(&message));
  tsr_buffer_deinit(&message);
}

// -- Hooks --------------------------------------------------------------------

static bool may_run(tsr_watch *w, const tsr_pass_run *run,
                    const tsr_module *module) {
  if (!given.bisect_limit_text)
    return true;
  bool runs = w->bisect_limit < 0 || w->bisect_count < w->bisect_limit;
  const char *name = tsr_op_get_text(tsr_module_op(module), "name");
  fprintf(stderr, "BISECT: %s pass (%" PRId64 ") %s on module%s%s\n",
          runs ? "running" : "NOT running", ++w->bisect_count, run->text,
          name ? " @" : "", name ? name : "");
  return runs;
}

static bool before_pass(void *user, const tsr_pass_env *env,
                        tsr_module *module) {
  tsr_watch *w = user;
  if (!may_run(w, env->run, module))
    return false;
  ir_log_before(&w->log, env->run, module);
  if (given.reproducer)
    save_reproducer(w, env->run, module);
  if (given.stats)
    figures_note_pass(&w->figures, env->run->pass);
  if (given.memory)
    figures_before(&w->figures, module);
  w->crash.env = env;
  w->crash.saved[0] = as_piece(&w->saved);
  w->crash.saved[1] = (crash_piece){NULL, 0};
  crash_arm(&w->crash);
  if (given.time) {
    times_enter(&w->times, env->run->text, env->run, true);
    w->pass_time = w->times.now;
  }
  return true;
}

static void after_pass(void *user, const tsr_pass_env *env, tsr_module *module,
                       tsr_result result) {
  tsr_watch *w = user;
  crash_disarm();
  // A pass that fails may do so within a stretch.
  while (given.time && w->times.now != w->pass_time->outer)
    times_leave(&w->times);
  w->stretch_count = 0;
  w->crash.stretch = NULL;
  w->crash.env = NULL;
  if (given.memory)
    figures_after(&w->figures, env, module);
  ir_log_after(&w->log, env->run, module, result);
  if (result != TSR_OK && given.reproducer)
    write_reproducer(w, env->run);
}

static void note_stretch(void *user, const char *name) {
  tsr_watch *w = user;
  if (name && w->stretch_count < MAX_STRETCHES)
    w->stretches[w->stretch_count++] = name;
  else if (!name && w->stretch_count > 0)
    w->stretch_count--;
  w->crash.stretch =
      w->stretch_count > 0 ? w->stretches[w->stretch_count - 1] : NULL;
  if (!given.time)
    return;
  if (name)
    times_enter(&w->times, name, NULL, false);
  else
    times_leave(&w->times);
}

static void note_remark(void *user, const tsr_remark *remark) {
  tsr_watch *w = user;
  remarks_add(&w->remarks, remark, w->diag);
}

static void note_count(void *user, const tsr_pass *pass, size_t counter,
                       uint64_t more) {
  tsr_watch *w = user;
  figures_count(&w->figures, pass, counter, more);
}

static void note_debug(void *user, const tsr_pass *pass, const char *text) {
  (void)user;
  if (watch_list_has(given.debug_only, pass->name))
    fprintf(stderr, "%s: %s\n", pass->name, text);
}

// -- Interface ----------------------------------------------------------------

tsr_watch *tsr_watch_create(const tsr_cli *cli, int *out_exit_code) {
  int64_t limit;
  remarks sink;
  *out_exit_code = check_options(cli, &limit);
  if (*out_exit_code != TSR_EXIT_OK)
    return NULL;
  *out_exit_code = remarks_init(&sink, cli, &given);
  if (*out_exit_code != TSR_EXIT_OK) {
    remarks_deinit(&sink);
    return NULL;
  }
  tsr_watch *w = tsr_mem_resize(NULL, sizeof(*w));
  *w = (tsr_watch){.cli = cli,
                   .remarks = sink,
                   .crash = {.tool = cli->tool},
                   .bisect_limit = limit};
  times_init(&w->times);
  figures_init(&w->figures);
  ir_log_init(&w->log, cli->tool, &given);
  tsr_buffer_init(&w->saved);
  tsr_buffer_init(&w->path);
  *out_exit_code = tsr_watch_set_piece(w, 0);
  w->hooks = (tsr_run_hooks){
      .user = w,
      .before = before_pass,
      .after = after_pass,
      .stretch = note_stretch,
      .remark = w->remarks.form == REMARKS_NONE ? NULL : note_remark,
      .count = given.stats ? note_count : NULL,
      .debug = given.debug_only ? note_debug : NULL};
  return w;
}

int tsr_watch_set_piece(tsr_watch *w, size_t piece) {
  if (!given.reproducer)
    return TSR_EXIT_OK;
  reproducer_name_piece(given.reproducer, piece, &w->path);
  // Seen here, since who writes of a crash looks at nothing.
  tsr_buffer message;
  tsr_buffer_init(&message);
  tsr_result result = tsr_check_replace(tsr_buffer_str(&w->path), &message);
  if (result != TSR_OK)
    tsr_tool_error(w->cli->tool, TSR_DIAG(path_failed), "--reproducer",
                   tsr_buffer_str(&message));
  tsr_buffer_deinit(&message);
  w->crash.path = result == TSR_OK ? tsr_buffer_str(&w->path) : NULL;
  return result == TSR_OK ? TSR_EXIT_OK : TSR_EXIT_INPUT;
}

void tsr_watch_attach(tsr_watch *w, tsr_diag *diag, tsr_run_options *run) {
  w->diag = diag;
  run->hooks = &w->hooks;
  run->skip_verify = !given.verify_each;
  run->skip_stage = !given.verify_stage;
  run->verify_analyses = given.verify_analyses;
}

void tsr_watch_source(tsr_watch *w, const char *file, const char *text,
                      size_t bytes) {
  w->crash.file = file;
  w->source = (crash_piece){text, bytes};
}

tsr_load_progress *tsr_watch_progress(tsr_watch *w) {
  return &w->crash.progress;
}

void tsr_watch_set_place(tsr_watch *w, void (*place)(void (*)(const char *))) {
  w->crash.place = place;
}

void tsr_watch_enter(tsr_watch *w, tsr_watch_work work) {
  if (given.reproducer)
    save_command(w);
  w->crash.progress = (tsr_load_progress){0};
  w->crash.doing = works[work].doing;
  w->crash.saved[0] = as_piece(&w->saved);
  w->crash.saved[1] = w->source;
  crash_arm(&w->crash);
  if (given.time)
    times_enter(&w->times, works[work].name, NULL, false);
}

void tsr_watch_leave(tsr_watch *w) {
  crash_disarm();
  // A module may have named it as its target.
  if (w->crash.path && tsr_find_kept_file(w->crash.path))
    w->crash.path = NULL;
  if (given.time)
    times_leave(&w->times);
}

void tsr_watch_count_ops(tsr_watch *w, const tsr_module *module) {
  if (given.ops)
    figures_count_ops(&w->figures, module);
}

// -- The end ------------------------------------------------------------------

static bool is_json(const char *form) {
  return form && strcmp(form, "json") == 0;
}

static bool is_text(const char *form) { return form && !is_json(form); }

// Figures in JSON are one object, whichever were asked for.
static void append_json(tsr_watch *w, tsr_buffer *out) {
  cJSON *root = cJSON_CreateObject();
  if (is_json(given.ops))
    cJSON_AddItemToObject(root, "ops", figures_ops_json(&w->figures));
  if (is_json(given.stats))
    cJSON_AddItemToObject(root, "stats", figures_stats_json(&w->figures));
  if (is_json(given.memory))
    cJSON_AddItemToObject(root, "memory", figures_memory_json(&w->figures));
  if (is_json(given.time))
    cJSON_AddItemToObject(root, "time", times_json(&w->times));
  tsr_append_json(root, out);
  cJSON_Delete(root);
}

static void append_figures(tsr_watch *w, tsr_buffer *out) {
  if (is_text(given.ops))
    figures_print_ops(&w->figures, out);
  if (is_text(given.stats))
    figures_print_stats(&w->figures, out);
  if (is_text(given.memory))
    figures_print_memory(&w->figures, out);
  if (is_text(given.time))
    times_print(&w->times, given.time, out);
  if (is_json(given.ops) || is_json(given.stats) || is_json(given.memory) ||
      is_json(given.time))
    append_json(w, out);
}

static int write_report(const tsr_watch *w, const tsr_buffer *text,
                        const char *option, const char *path) {
  tsr_buffer message;
  tsr_buffer_init(&message);
  tsr_result result = tsr_buffer_write_file(text, path, &message);
  if (result != TSR_OK)
    tsr_tool_error(w->cli->tool, TSR_DIAG(path_failed), option,
                   tsr_buffer_str(&message));
  tsr_buffer_deinit(&message);
  return result == TSR_OK ? TSR_EXIT_OK : TSR_EXIT_INPUT;
}

static int write_reports(tsr_watch *w) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  int code = w->log.failed ? TSR_EXIT_INPUT : TSR_EXIT_OK;
  append_figures(w, &text);
  if (given.figures_file)
    code |= write_report(w, &text, "--info-output-file", given.figures_file);
  else
    fwrite(tsr_buffer_str(&text), 1, text.size, stderr);
  tsr_buffer_clear(&text);
  if (w->remarks.form == REMARKS_YAML || w->remarks.form == REMARKS_JSON) {
    remarks_finish(&w->remarks, &text);
    code |= write_report(w, &text, "--remarks", given.remarks);
  }
  tsr_buffer_deinit(&text);
  return code;
}

int tsr_watch_finish(tsr_watch *w, int exit_code) {
  if (!w)
    return exit_code;
  int code = exit_code == TSR_EXIT_COMMAND ? exit_code : write_reports(w);
  ir_log_finish(&w->log);
  ir_log_deinit(&w->log);
  remarks_deinit(&w->remarks);
  figures_deinit(&w->figures);
  times_deinit(&w->times);
  tsr_buffer_deinit(&w->saved);
  tsr_buffer_deinit(&w->path);
  tsr_mem_resize(w, 0);
  return exit_code != TSR_EXIT_OK ? exit_code : code;
}
