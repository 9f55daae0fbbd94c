// Passes, pipelines and the pass manager.
#ifndef TESSERA_PASS_H
#define TESSERA_PASS_H

#include "tessera/analyses.h"
#include "tessera/arena.h"
#include "tessera/diag.h"
#include "tessera/ir.h"
#include "tessera/target.h"

TSR_BEGIN_DECLS

// What holds of a module. Each is re-derived from the IR by
// tsr_module_derive_state, never recorded.
typedef enum tsr_state {
#define TSR_STATE(id, ...) TSR_STATE_##id,
#include "tessera/passes.def"
  TSR_STATE_COUNT
} tsr_state;

typedef enum tsr_option_kind {
  TSR_OPTION_INT,     // non-negative integer
  TSR_OPTION_BYTES,   // the same with a unit: 512, 64KiB, 2MiB
  TSR_OPTION_BOOL,    // true, false; on, off; 1, 0
  TSR_OPTION_KEYWORD, // one of a list
  TSR_OPTION_GRID,    // RxC, rows x columns
  TSR_OPTION_LIST,    // words: a, or [a,b,c]
  TSR_OPTION_STRING,  // any text; in quotes where it has a comma or brace;
                      // in them, `\"` is a quote, `\\` a backslash, `\n` and
                      // `\r` ends of lines
} tsr_option_kind;

typedef struct tsr_pass_option {
  const char *name;
  tsr_option_kind kind;
  const char *fallback; // default, as text; "" means unset
  // Keywords and words of lists: "column|row"; numbers: "1..64"; bytes:
  // "1KiB..1MiB"; "": any.
  const char *choices;
  const char *help;
} tsr_pass_option;

// The value a run has for each option of its pass.
typedef struct tsr_option_value {
  bool is_set; // given, or has a default
  int64_t number;
  bool flag;
  const char *text;
  uint32_t rows, cols;
  const char *const *items; // words of a list
  size_t item_count;
} tsr_option_value;

// Who watches a pipeline run: see tessera/pass_report.h.
typedef struct tsr_run_hooks tsr_run_hooks;

// What every pass needs, and no more. What it says goes through
// tessera/pass_report.h.
typedef struct tsr_pass_env {
  const tsr_target *target;
  tsr_diag *diag;
  tsr_arena *scratch;             // emptied after the pass
  const struct tsr_pass_run *run; // this run's options
  tsr_analyses *analyses;         // facts about the module, kept while true
  const tsr_run_hooks *hooks;     // NULL: nobody watches
  // The op that the pass is at. Handlers of signals read it.
  const tsr_op *volatile at;
} tsr_pass_env;

// By name as in passes.def; asking for one that is not there is our bug.
const tsr_option_value *tsr_pass_env_option(const tsr_pass_env *env,
                                            const char *name);

typedef tsr_result tsr_pass_fn(tsr_pass_env *env, tsr_module *module);

// Something a pass counts, for --stats.
typedef struct tsr_pass_counter {
  const char *name; // "removed"
  const char *help; // "ops that nothing uses"
} tsr_pass_counter;

// One row of passes.def, or a pass that somebody else adds to a registry.
typedef struct tsr_pass {
  const char *name;
  tsr_pass_fn *run;
  uint32_t needs; // bit set of 1u << TSR_STATE_*
  uint32_t gives;
  uint32_t breaks;
  uint32_t preserves;    // analyses that stay true: TSR_PRESERVES(...)
  bool changes_rounding; // numbers after it may differ within the bound
  const char *summary;
  const char *docs; // more of it, as Markdown paragraphs; may be NULL
  const tsr_pass_option *options;
  size_t option_count;
  const tsr_pass_counter *counters;
  size_t counter_count;
  void *user;                  // what the pass keeps between runs
  void (*destroy)(void *user); // its end, with the registry's; may be NULL
} tsr_pass;

// A pass with its options, as in `fuse{max-ops=8}`.
typedef struct tsr_pass_run {
  const tsr_pass *pass;
  tsr_option_value *values; // one for each option of the pass
  const char *text;         // canonical: name, and options that were given
} tsr_pass_run;

typedef struct tsr_pipeline {
  tsr_pass_run *runs;
  size_t count;
} tsr_pipeline;

// An option of a pipeline stands for that of a pass, in every run of the pass
// that does not give it itself.
typedef struct tsr_pipeline_option {
  const char *name;
  const char *pass_name;
  const char *pass_option;
} tsr_pipeline_option;

// A pipeline that has a name: its runs as text, "fuse" or "fuse{max-ops=8}".
typedef struct tsr_named_pipeline {
  const char *name;
  const char *const *runs;
  size_t run_count;
  const tsr_pipeline_option *options;
  size_t option_count;
} tsr_named_pipeline;

// The passes and pipelines there are; see tessera/registry.h.
typedef struct tsr_registry tsr_registry;

// -- pipelines ----------------------------------------------------------------

// Reads `a,b{opt=v,opt2=v},c`; the name of a pipeline stands for its passes.
//
// in     `registry`: the passes there are, which must outlive the pipeline;
//        `source`: what messages call the text, say "--passes"; it and `text`
//        must outlive `diag`
// out    runs are added to `*out`, which starts as {NULL, 0}
// fails  unknown pass or option, value of the wrong kind; located in `text`
// owns   everything in `*out` is in `arena`
TSR_MUST_USE tsr_result tsr_pipeline_parse(const tsr_registry *registry,
                                           const char *source, const char *text,
                                           tsr_arena *arena, tsr_diag *diag,
                                           tsr_pipeline *out);

// Adds one run of `pass`, with options as in `opt=v,opt2=v` ("" for none).
TSR_MUST_USE tsr_result tsr_pipeline_append(const char *source,
                                            const tsr_pass *pass,
                                            const char *options,
                                            tsr_arena *arena, tsr_diag *diag,
                                            tsr_pipeline *out);

// Adds the runs of a named pipeline, with its options as in `opt=v,opt2=v` (""
// for none).
TSR_MUST_USE tsr_result
tsr_pipeline_append_named(const tsr_registry *registry, const char *source,
                          const tsr_named_pipeline *named, const char *options,
                          tsr_arena *arena, tsr_diag *diag, tsr_pipeline *out);

// What of `pipeline` is left to do for `module`: what follows the last pass
// the module records, all of it where nothing is recorded.
tsr_pipeline tsr_pipeline_remaining(const tsr_pipeline *pipeline,
                                    const tsr_module *module);

typedef struct tsr_run_options {
  const tsr_target *target; // required
  bool skip_verify;         // do not verify after each pass
  bool skip_stage;          // verify ops, but not what the stage promises
  bool leave_rules;         // as in tsr_module_verify_stage
  // Compute what passes say they preserve anew, and compare; a build with
  // sanitizers does so in any case.
  bool verify_analyses;
  const tsr_run_hooks *hooks; // NULL: nobody watches
} tsr_run_options;

// Runs the passes in order. After each, values are named, the run is
// recorded in the module's attribute `passes`, and the module is verified.
//
// A pass whose promise holds finds nothing to do, so a module written by hand
// at any stage may go through a whole pipeline.
//
// fails  at the first pass that fails or reports an error, whose needs are not
//        met, or whose result the verifiers refuse; a note names the pass, and
//        the module is left as it then is
TSR_MUST_USE tsr_result tsr_pipeline_run(const tsr_pipeline *pipeline,
                                         tsr_module *module, tsr_diag *diag,
                                         const tsr_run_options *options);

// -- states -------------------------------------------------------------------

// What holds of the module, read off its IR: bit set of 1u << TSR_STATE_*. A
// state holds only where all that its pass needs holds as well.
uint32_t tsr_module_derive_state(const tsr_module *module);

// The first op that stands against `state`; NULL when there is none.
const tsr_op *tsr_module_find_violation(const tsr_module *module,
                                        tsr_state state);

typedef struct tsr_state_info {
  const char *promise;   // "functions work on buffers of tiles, not tensors"
  const char *pass_name; // the pass that gives it
} tsr_state_info;

// The row of a state; lasts for ever.
const tsr_state_info *tsr_state_get_info(tsr_state state);

// What the pass that gives `state` needs: bit set of 1u << TSR_STATE_*.
uint32_t tsr_state_get_needs(tsr_state state);

TSR_END_DECLS

// The rows' functions are the library's own.
#define TSR_PASS(id, ...) tsr_pass_fn tsr_pass_##id;
#include "tessera/passes.def"

#endif
