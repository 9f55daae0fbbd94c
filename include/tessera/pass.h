// Passes, pipelines and the pass manager.
#ifndef TESSERA_PASS_H
#define TESSERA_PASS_H

#include "tessera/arena.h"
#include "tessera/diag.h"
#include "tessera/ir.h"
#include "tessera/target.h"

// What holds of a module. Each is re-derived from the IR by
// tsr_module_derive_state, never recorded.
typedef enum tsr_state {
#define TSR_STATE(id, ...) TSR_STATE_##id,
#include "tessera/passes.def"
  TSR_STATE_COUNT
} tsr_state;

typedef enum tsr_option_kind {
  TSR_OPTION_INT,     // non-negative integer
  TSR_OPTION_BOOL,    // true, false
  TSR_OPTION_KEYWORD, // one of a list
  TSR_OPTION_GRID,    // RxC, rows x columns
} tsr_option_kind;

typedef struct tsr_pass_option {
  const char *name;
  tsr_option_kind kind;
  const char *fallback; // default, as text; "" means unset
  const char *choices;  // keywords: "column|row"; integers: "1..64"
  const char *help;
} tsr_pass_option;

// The value a run has for each option of its pass.
typedef struct tsr_option_value {
  bool is_set; // given, or has a default
  int64_t number;
  bool flag;
  const char *text;
  uint32_t rows, cols;
} tsr_option_value;

// What every pass needs, and no more.
typedef struct tsr_pass_env {
  const tsr_target *target;
  tsr_diag *diag;
  tsr_arena *scratch;             // emptied after the pass
  const struct tsr_pass_run *run; // this run's options
} tsr_pass_env;

// By name as in passes.def; asking for one that is not there is our bug.
const tsr_option_value *tsr_pass_env_option(const tsr_pass_env *env,
                                            const char *name);

typedef tsr_result tsr_pass_fn(tsr_pass_env *env, tsr_module *module);

// One row of passes.def.
typedef struct tsr_pass {
  const char *name;
  tsr_pass_fn *run;
  uint32_t needs; // bit set of 1u << TSR_STATE_*
  uint32_t gives;
  uint32_t breaks;
  bool changes_rounding; // numbers after it may differ within the bound
  const char *summary;
  const tsr_pass_option *options;
  size_t option_count;
} tsr_pass;

// A pass with its options, as in `tile{block-m=2}`.
typedef struct tsr_pass_run {
  const tsr_pass *pass;
  tsr_option_value *values; // one for each option of the pass
  const char *text;         // canonical: name, and options that were given
} tsr_pass_run;

typedef struct tsr_pipeline {
  tsr_pass_run *runs;
  size_t count;
} tsr_pipeline;

// All passes, in the order of passes.def.
const tsr_pass *tsr_passes(size_t *out_count);
const tsr_pass *tsr_pass_find(const char *name); // or NULL

#define TSR_PASS(id, ...) tsr_pass_fn tsr_pass_##id;
#include "tessera/passes.def"

#endif
