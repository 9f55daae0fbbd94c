// The rows of passes.def, put into a registry.
//
// It is here and not in lib/pass so that the pass manager depends on no pass.

#include "tessera/registry.h"

#include <assert.h>
#include <string.h>

static const tsr_pass passes[] = {
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

// Counters of one pass stand together, too.
static const tsr_pass_counter counters[] = {
#define TSR_PASS_COUNTER(pass, text, help_text) {text, help_text},
#include "tessera/passes.def"
};

enum { COUNTER_COUNT = sizeof(counters) / sizeof(counters[0]) };

static tsr_pass_fn *const counter_owners[] = {
#define TSR_PASS_COUNTER(pass, ...) tsr_pass_##pass,
#include "tessera/passes.def"
};

typedef struct pipeline_row {
  const char *pipeline, *run;
} pipeline_row;

static const pipeline_row pipeline_rows[] = {
#define TSR_PIPELINE_PASS(pipeline_name, run_text) {pipeline_name, run_text},
#include "tessera/passes.def"
};

// The runs alone, which a pipeline takes a stretch of.
static const char *const pipeline_runs[] = {
#define TSR_PIPELINE_PASS(pipeline_name, run_text) run_text,
#include "tessera/passes.def"
};

enum { RUN_COUNT = sizeof(pipeline_runs) / sizeof(pipeline_runs[0]) };

static void give_options(tsr_pass *pass) {
  for (size_t i = 0; i < OPTION_COUNT; i++)
    if (option_owners[i] == pass->run) {
      if (pass->option_count == 0)
        pass->options = &options[i];
      pass->option_count++;
    }
}

static void give_counters(tsr_pass *pass) {
  for (size_t i = 0; i < COUNTER_COUNT; i++)
    if (counter_owners[i] == pass->run) {
      if (pass->counter_count == 0)
        pass->counters = &counters[i];
      pass->counter_count++;
    }
}

// Options of one pipeline stand together.
static const char *const option_pipelines[] = {
#define TSR_PIPELINE_OPTION(pipeline, ...) pipeline,
#include "tessera/passes.def"
};

static const tsr_pipeline_option pipeline_options[] = {
#define TSR_PIPELINE_OPTION(pipeline, ...) {__VA_ARGS__},
#include "tessera/passes.def"
};

enum {
  PIPELINE_OPTION_COUNT = sizeof(pipeline_options) / sizeof(pipeline_options[0])
};

static void give_pipeline_options(tsr_named_pipeline *pipeline) {
  for (size_t i = 0; i < PIPELINE_OPTION_COUNT; i++)
    if (strcmp(option_pipelines[i], pipeline->name) == 0) {
      if (pipeline->option_count == 0)
        pipeline->options = &pipeline_options[i];
      pipeline->option_count++;
    }
}

// The pipeline whose first row is `first`.
static tsr_named_pipeline get_pipeline(size_t first) {
  const char *name = pipeline_rows[first].pipeline;
  size_t end = first;
  while (end < RUN_COUNT && strcmp(pipeline_rows[end].pipeline, name) == 0)
    end++;
  return (tsr_named_pipeline){
      .name = name, .runs = &pipeline_runs[first], .run_count = end - first};
}

void tsr_registry_add_builtin(tsr_registry *registry) {
  tsr_diag *diag = tsr_diag_create();
  tsr_result result = TSR_OK;
  for (size_t i = 0; i < PASS_COUNT && result == TSR_OK; i++) {
    tsr_pass pass = passes[i];
    give_options(&pass);
    give_counters(&pass);
    result = tsr_registry_add_pass(registry, &pass, diag);
  }
  for (size_t i = 0; i < RUN_COUNT && result == TSR_OK;) {
    tsr_named_pipeline pipeline = get_pipeline(i);
    give_pipeline_options(&pipeline);
    result = tsr_registry_add_pipeline(registry, &pipeline, diag);
    i += pipeline.run_count;
  }
  assert(result == TSR_OK && "a row of passes.def");
  (void)result;
  tsr_diag_destroy(diag);
}
