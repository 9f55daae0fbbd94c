// What the files of the watch share.
#ifndef TESSERA_TOOLS_WATCH_IMPL_H
#define TESSERA_TOOLS_WATCH_IMPL_H

#include "crash.h"
#include "watch.h"

#include "tessera/buffer.h"
#include "tessera/hash.h"
#include "tessera/pass_report.h"
#include "tessera/vector.h"

#include <cjson/cJSON.h>
#include <stdio.h>

// What the command line says.
typedef struct watch_options {
  bool locations;
  bool verify_each, verify_stage, verify_analyses;
  tsr_cli_values print_before, print_after; // lists of passes; "": every pass
  bool print_before_all, print_after_all, print_on_failure;
  const char *print_after_change; // "", "diff", or NULL
  const char *tree_dir;
  const char *time, *stats, *memory, *ops; // form, or NULL
  const char *figures_file;
  const char *bisect_limit_text;
  const char *debug_only; // list of passes, or NULL
  const char *remarks;    // file, or NULL
  tsr_cli_values remarks_filter;
  const char *reproducer; // file, or NULL
} watch_options;

// -- Lists of passes (watch_lists.c) ------------------------------------------

// The item of a list "a,b,c" that starts at `*at`, moving behind it; false at
// the end.
bool watch_next_word(const char **at, const char **out_word, size_t *out_size);
// `name` is an item of `list`.
bool watch_list_has(const char *list, const char *name);
// Every item is a pass, or one of the words in `others`, "a,b,c", in either
// case. Returns an exit code, after saying on stderr what is wrong.
int watch_check_list(const tsr_cli *cli, const char *option, const char *list,
                     const char *others);
int watch_check_lists(const tsr_cli *cli, const char *option,
                      const tsr_cli_values *lists, const char *others);

// -- Time (times.c) -----------------------------------------------------------

// A stretch of time, in those it was part of.
typedef struct stretch {
  const char *name;
  const void *key; // tells stretches of one name apart: a run of a pass
  bool is_pass;
  struct stretch *outer, *first, *last, *next;
  double seconds, started;
  uint64_t count;
} stretch;

typedef struct times {
  tsr_arena arena;
  stretch root;
  stretch *now;
} times;

void times_init(times *t);
void times_deinit(times *t);
void times_enter(times *t, const char *name, const void *key, bool is_pass);
void times_leave(times *t);
// `form`: "tree", "table". What of the whole is in no stretch is a row, too.
void times_print(times *t, const char *form, tsr_buffer *out);
cJSON *times_json(times *t);

// -- Counters, memory, ops (figures.c) ----------------------------------------

typedef struct pass_counts {
  const tsr_pass *pass;
  uint64_t *counts; // one for each counter of the pass
} pass_counts;

typedef struct memory_row {
  const tsr_pass_run *run;
  size_t module_bytes, context_bytes, scratch_bytes; // that the pass took
} memory_row;

typedef struct figures {
  tsr_arena arena;
  pass_counts *passes; // those that ran, in that order
  size_t pass_count, pass_capacity;
  memory_row *rows;
  size_t row_count, row_capacity;
  size_t module_bytes, context_bytes; // before the pass that runs
  size_t peak_bytes;                  // of arenas, behind any pass
  uint64_t *ops;                      // one for each kind of op
} figures;

void figures_init(figures *f);
void figures_deinit(figures *f);
void figures_note_pass(figures *f, const tsr_pass *pass);
void figures_count(figures *f, const tsr_pass *pass, size_t counter,
                   uint64_t more);
void figures_before(figures *f, const tsr_module *module);
void figures_after(figures *f, const tsr_pass_env *env,
                   const tsr_module *module);
void figures_count_ops(figures *f, const tsr_module *module);
void figures_print_stats(const figures *f, tsr_buffer *out);
cJSON *figures_stats_json(const figures *f);
void figures_print_memory(const figures *f, tsr_buffer *out);
cJSON *figures_memory_json(const figures *f);
void figures_print_ops(const figures *f, tsr_buffer *out);
cJSON *figures_ops_json(const figures *f);

// -- Remarks (remarks.c) ------------------------------------------------------

typedef enum remarks_form {
  REMARKS_NONE,
  REMARKS_MESSAGES, // to the diag, as messages
  REMARKS_YAML,
  REMARKS_JSON,
} remarks_form;

typedef struct remarks {
  remarks_form form;
  const tsr_cli_values *filter;
  tsr_buffer yaml;
  cJSON *json;
} remarks;

// fails  the file's name does not say which form; said on stderr
int remarks_init(remarks *r, const tsr_cli *cli, const watch_options *options);
void remarks_deinit(remarks *r);
void remarks_add(remarks *r, const tsr_remark *remark, tsr_diag *diag);
// The file's whole text.
void remarks_finish(remarks *r, tsr_buffer *out);

// -- IR (watch_ir.c) ----------------------------------------------------------

typedef struct ir_log {
  const char *tool;
  const watch_options *options;
  bool wants_before; // `before` holds the text before the pass that runs
  tsr_buffer before;
  size_t written;   // files in the folder of --print-ir-tree-dir
  tsr_buffer names; // theirs, each with a '/' before and behind it
  bool failed;      // to write one of them; said on stderr
} ir_log;

void ir_log_init(ir_log *log, const char *tool, const watch_options *options);
void ir_log_deinit(ir_log *log);
// Warns of files that another run wrote into the folder.
void ir_log_finish(const ir_log *log);
void ir_log_before(ir_log *log, const tsr_pass_run *run, tsr_module *module);
void ir_log_after(ir_log *log, const tsr_pass_run *run, tsr_module *module,
                  tsr_result result);

// -- Reproducers (reproducer.c) -----------------------------------------------

// The line that does again all that the tool does, with the file as its input.
void reproducer_append_own_command(const tsr_cli *cli, const char *path,
                                   tsr_buffer *out);

// The line that does again what `run` is about to do to `module`.
//
// in     `category`: of the options that were given and that it repeats;
//        `path`: where the reproducer will be
void reproducer_append_command(const tsr_cli *cli, const char *category,
                               const tsr_module *module,
                               const tsr_pass_run *run, const char *path,
                               tsr_buffer *out);

// The file for a piece of the input: "dir/a.tt" becomes "dir/a-2.tt"; 0: the
// input was not taken apart.
void reproducer_name_piece(const char *path, size_t piece, tsr_buffer *out);

#endif
