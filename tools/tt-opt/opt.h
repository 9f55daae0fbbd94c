// What the files of tt-opt share.
#ifndef TESSERA_TOOLS_TT_OPT_H
#define TESSERA_TOOLS_TT_OPT_H

#include "tessera/buffer.h"
#include "tessera/diag.h"
#include "tessera/registry.h"

// -- Watching the passes (watch.c) --------------------------------------------

typedef struct watch_options {
  const char *print_before; // pass name, "" for every pass, NULL for none
  const char *print_after;
  bool print_after_all, print_after_change;
  bool time, stats;
  bool locations;
  const char *reproducer; // file, or NULL
} watch_options;

typedef struct watch {
  const watch_options *options;
  const tsr_pipeline *pipeline;
  const char *input; // for the reproducer
  tsr_buffer before; // IR before the pass that is running, if anyone asked
  double *seconds;   // per run of the pipeline, added up over modules
  double started;
  size_t failed_at; // index of the run that failed, or the pipeline's count
} watch;

void watch_init(watch *w, const watch_options *options,
                const tsr_pipeline *pipeline, const char *input);
void watch_deinit(watch *w);
// Sets the callbacks of the next run.
void watch_attach(watch *w, tsr_run_options *run);
// Writes the IR from before the pass that failed in the last run, if asked to.
void watch_write_reproducer(const watch *w);
void watch_print_times(const watch *w);
void watch_print_stats(const tsr_module *module);

// -- Expected messages (expect.c) ---------------------------------------------

// Compares what was reported with the comments `// expected-error {{...}}` of
// the text. What differs is said on stderr; returns whether nothing did.
bool expect_check(const char *file, const char *text, size_t bytes,
                  uint32_t first_line, const tsr_diag *diag);

// -- Documentation (docs.c, docs_diags.c)
// ---------------------------------------------------

void docs_list_passes(const tsr_registry *registry, tsr_buffer *out);
void docs_passes(const tsr_registry *registry, tsr_buffer *out); // Markdown
void docs_ops(tsr_buffer *out);                                  // Markdown
void docs_list_diagnostics(tsr_buffer *out);
void docs_diagnostics(tsr_buffer *out); // Markdown

#endif
