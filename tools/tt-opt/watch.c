// Prints IR around passes, times them, and keeps what a reproducer needs.

#include "opt.h"

#include "common/cli.h"

#include "tessera/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static double now_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void print(const watch *w, tsr_module *module, tsr_buffer *out) {
  tsr_print_options options = {.locations = w->options->locations};
  tsr_buffer_clear(out);
  tsr_module_print(module, &options, out);
}

static void show(const char *when, const tsr_pass_run *run,
                 const tsr_buffer *text) {
  fprintf(stderr, "// ---- IR %s '%s' ----\n", when, run->text);
  fwrite(tsr_buffer_str(text), 1, text->size, stderr);
}

static bool asked_for(const char *name, const tsr_pass_run *run) {
  return name && (name[0] == '\0' || strcmp(name, run->pass->name) == 0);
}

static void before_pass(void *user, const tsr_pass_run *run, size_t index,
                        tsr_module *module) {
  watch *w = user;
  (void)index;
  bool wanted = asked_for(w->options->print_before, run);
  if (wanted || w->options->reproducer || w->options->print_after_change)
    print(w, module, &w->before);
  if (wanted)
    show("before", run, &w->before);
  w->started = now_seconds();
}

// The text behind the module's head, which records each pass.
static const char *body_of(const tsr_buffer *text) {
  const char *end = strchr(tsr_buffer_str(text), '\n');
  return end ? end : "";
}

static void show_after(watch *w, const tsr_pass_run *run, tsr_module *module) {
  const watch_options *options = w->options;
  bool always =
      options->print_after_all || asked_for(options->print_after, run);
  if (!always && !options->print_after_change)
    return;
  tsr_buffer text;
  tsr_buffer_init(&text);
  print(w, module, &text);
  if (always || strcmp(body_of(&text), body_of(&w->before)) != 0)
    show("after", run, &text);
  tsr_buffer_deinit(&text);
}

static void after_pass(void *user, const tsr_pass_run *run, size_t index,
                       tsr_module *module, tsr_result result) {
  watch *w = user;
  w->seconds[index] += now_seconds() - w->started;
  if (result == TSR_OK)
    show_after(w, run, module);
  else
    w->failed_at = index;
}

void watch_init(watch *w, const watch_options *options,
                const tsr_pipeline *pipeline, const char *input) {
  *w = (watch){.options = options, .pipeline = pipeline, .input = input};
  size_t bytes = (pipeline->count + 1) * sizeof(*w->seconds);
  w->seconds = tsr_mem_resize(NULL, bytes);
  memset(w->seconds, 0, bytes);
  w->failed_at = pipeline->count;
  tsr_buffer_init(&w->before);
}

void watch_deinit(watch *w) {
  tsr_mem_resize(w->seconds, 0);
  tsr_buffer_deinit(&w->before);
}

void watch_attach(watch *w, tsr_run_options *run) {
  w->failed_at = w->pipeline->count;
  run->before = before_pass;
  run->after = after_pass;
  run->user = w;
}

void watch_write_reproducer(const watch *w) {
  tsr_buffer text, message;
  if (!w->options->reproducer || w->failed_at == w->pipeline->count)
    return;
  tsr_buffer_init(&text);
  tsr_buffer_init(&message);
  tsr_buffer_append_str(&text, "// RUN: tt-opt %s --passes='");
  for (size_t i = w->failed_at; i < w->pipeline->count; i++)
    tsr_buffer_printf(&text, "%s%s", i > w->failed_at ? "," : "",
                      w->pipeline->runs[i].text);
  tsr_buffer_append_str(&text, "'\n");
  tsr_buffer_append(&text, tsr_buffer_str(&w->before), w->before.size);
  tsr_result result =
      tsr_buffer_write_file(&text, w->options->reproducer, &message);
  if (result == TSR_OK)
    fprintf(stderr, "tt-opt: the IR before '%s' is in '%s'\n",
            w->pipeline->runs[w->failed_at].text, w->options->reproducer);
  else
    tsr_tool_error("tt-opt", TSR_DIAG(file_failed), tsr_buffer_str(&message));
  tsr_buffer_deinit(&text);
  tsr_buffer_deinit(&message);
}

// -- Figures ------------------------------------------------------------------

void watch_print_times(const watch *w) {
  double sum = 0;
  for (size_t i = 0; i < w->pipeline->count; i++)
    sum += w->seconds[i];
  fprintf(stderr, "seconds    share  pass (verification included)\n");
  for (size_t i = 0; i < w->pipeline->count; i++)
    fprintf(stderr, "%8.6f  %5.1f %%  %s\n", w->seconds[i],
            sum > 0 ? 100 * w->seconds[i] / sum : 0.0,
            w->pipeline->runs[i].text);
  fprintf(stderr, "%8.6f  100.0 %%  all\n", sum);
}

static void count_ops(const tsr_block *block, size_t *counts) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    counts[tsr_op_get_kind(op)]++;
    for (size_t i = 0; i < tsr_op_block_count(op); i++)
      count_ops(tsr_op_block(op, i), counts);
  }
}

void watch_print_stats(const tsr_module *module) {
  size_t counts[TSR_OP_COUNT] = {0};
  size_t sum = 0;
  count_ops(tsr_module_block(module), counts);
  fprintf(stderr, "   ops  kind\n");
  for (size_t i = 0; i < TSR_OP_COUNT; i++) {
    sum += counts[i];
    if (counts[i] > 0)
      fprintf(stderr, "%6zu  %s\n", counts[i],
              tsr_op_kind_get_info((tsr_op_kind)i)->mnemonic);
  }
  fprintf(stderr, "%6zu  all\n", sum);
}
