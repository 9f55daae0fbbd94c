// The table of passes, options and pipelines, from passes.def.
//
// It is here and not in lib/pass so that the pass manager depends on no pass.

#include "tessera/pass.h"

#include <string.h>
#include <threads.h>

static tsr_pass passes[] = {
#define TSR_PASS(id, text, ...)                                                \
  {.name = text, .run = tsr_pass_##id, __VA_ARGS__},
#include "tessera/passes.def"
};

enum { PASS_COUNT = sizeof(passes) / sizeof(passes[0]) };

// Options of one pass stand together in passes.def.
static const tsr_pass_option options[] = {
#define TSR_PASS_OPTION(pass, text, kind, default_text, choice_text,           \
                        help_text)                                             \
  {text, TSR_OPTION_##kind, default_text, choice_text, help_text},
#include "tessera/passes.def"
};

enum { OPTION_COUNT = sizeof(options) / sizeof(options[0]) };

// The pass each option belongs to.
static tsr_pass_fn *const option_owners[] = {
#define TSR_PASS_OPTION(pass, ...) tsr_pass_##pass,
#include "tessera/passes.def"
};

typedef struct pipeline_row {
  const char *pipeline, *run;
} pipeline_row;

static const pipeline_row pipeline_rows[] = {
#define TSR_PIPELINE_PASS(pipeline_name, run_text) {pipeline_name, run_text},
#include "tessera/passes.def"
};

enum { ROW_COUNT = sizeof(pipeline_rows) / sizeof(pipeline_rows[0]) };

static tsr_named_pipeline pipelines[ROW_COUNT];
static const char *pipeline_runs[ROW_COUNT];
static size_t pipeline_count;
static once_flag once = ONCE_FLAG_INIT;

static void give_options(tsr_pass *pass) {
  for (size_t i = 0; i < OPTION_COUNT; i++)
    if (option_owners[i] == pass->run) {
      if (pass->option_count == 0)
        pass->options = &options[i];
      pass->option_count++;
    }
}

static void make_pipelines(void) {
  for (size_t i = 0; i < ROW_COUNT; i++) {
    const char *name = pipeline_rows[i].pipeline;
    pipeline_runs[i] = pipeline_rows[i].run;
    if (i == 0 || strcmp(name, pipeline_rows[i - 1].pipeline) != 0)
      pipelines[pipeline_count++] =
          (tsr_named_pipeline){name, &pipeline_runs[i], 0};
    pipelines[pipeline_count - 1].run_count++;
  }
}

static void make_tables(void) {
  for (size_t i = 0; i < PASS_COUNT; i++)
    give_options(&passes[i]);
  make_pipelines();
}

const tsr_pass *tsr_passes(size_t *out_count) {
  call_once(&once, make_tables);
  *out_count = PASS_COUNT;
  return passes;
}

const tsr_named_pipeline *tsr_named_pipelines(size_t *out_count) {
  call_once(&once, make_tables);
  *out_count = pipeline_count;
  return pipelines;
}
