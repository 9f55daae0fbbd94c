// Pipelines: from text to runs with typed options.

#include "tessera/pass.h"

#include "tessera/buffer.h"
#include "tessera/support.h"
#include "tessera/vector.h"

#include <assert.h>
#include <string.h>

const tsr_pass *tsr_pass_find(const char *name) {
  size_t count;
  const tsr_pass *passes = tsr_passes(&count);
  for (size_t i = 0; i < count; i++)
    if (strcmp(passes[i].name, name) == 0)
      return &passes[i];
  return NULL;
}

// A piece of the text, and where it is.
typedef struct word {
  const char *text;
  size_t size;
} word;

typedef struct reader {
  const char *source, *text, *at;
  tsr_arena *arena;
  tsr_diag *diag;
  tsr_pipeline *out;
} reader;

static tsr_loc loc_of(const reader *r, const char *at) {
  return (tsr_loc){r->source, 1, (uint32_t)(at - r->text) + 1};
}

static char *word_text(const reader *r, word w) {
  return tsr_arena_strndup(r->arena, w.text, w.size);
}

static bool word_is(word w, const char *text) {
  return strlen(text) == w.size && memcmp(text, w.text, w.size) == 0;
}

static const char *hint(const reader *r, const char *text,
                        const char *const *names, size_t count) {
  const char *close = tsr_closest(text, names, count);
  return close ? tsr_arena_printf(r->arena, " (did you mean '%s'?)", close)
               : "";
}

static void skip_blanks(reader *r) { r->at += strspn(r->at, " \t\n\r"); }

// Characters up to one of `ends`, without blanks around them.
static word read_word(reader *r, const char *ends) {
  skip_blanks(r);
  word w = {r->at, strcspn(r->at, ends)};
  r->at += w.size;
  while (w.size > 0 && strchr(" \t\n\r", w.text[w.size - 1]))
    w.size--;
  return w;
}

// -- Option values ------------------------------------------------------------

static bool read_choice(const char *choices, const char *text) {
  size_t size = strlen(text);
  for (const char *at = choices;; at++) {
    size_t choice = strcspn(at, "|");
    if (choice == size && memcmp(at, text, size) == 0)
      return true;
    at += choice;
    if (!*at)
      return false;
  }
}

// "1..64"; without choices any number from 0 on.
static void read_bounds(const char *choices, int64_t *low, int64_t *high) {
  const char *dots = strstr(choices, "..");
  *low = 0;
  *high = INT64_MAX;
  bool fine = !dots || (tsr_parse_i64(choices, (size_t)(dots - choices), low) &&
                        tsr_parse_i64(dots + 2, strlen(dots + 2), high));
  assert(fine && "bounds in passes.def");
  (void)fine;
}

static bool read_int(const tsr_pass_option *option, const char *text,
                     tsr_option_value *out) {
  int64_t low, high;
  read_bounds(option->choices, &low, &high);
  return tsr_parse_i64(text, strlen(text), &out->number) &&
         out->number >= low && out->number <= high;
}

static bool read_grid(const char *text, tsr_option_value *out) {
  const char *x = strchr(text, 'x');
  uint64_t rows, cols;
  if (!x || !tsr_parse_u64(text, (size_t)(x - text), &rows) ||
      !tsr_parse_u64(x + 1, strlen(x + 1), &cols) || rows < 1 || cols < 1 ||
      rows > UINT16_MAX || cols > UINT16_MAX)
    return false;
  out->rows = (uint32_t)rows;
  out->cols = (uint32_t)cols;
  return true;
}

static bool read_value(const tsr_pass_option *option, const char *text,
                       tsr_option_value *out) {
  out->is_set = true;
  out->text = text;
  switch (option->kind) {
  case TSR_OPTION_INT:
    return read_int(option, text, out);
  case TSR_OPTION_BOOL:
    out->flag = strcmp(text, "true") == 0;
    return out->flag || strcmp(text, "false") == 0;
  case TSR_OPTION_KEYWORD:
    return read_choice(option->choices, text);
  case TSR_OPTION_GRID:
    return read_grid(text, out);
  }
  return false;
}

// What would have been right.
static const char *wanted(const reader *r, const tsr_pass_option *option) {
  switch (option->kind) {
  case TSR_OPTION_INT:
    return option->choices[0]
               ? tsr_arena_printf(r->arena, "a number in %s", option->choices)
               : "a number";
  case TSR_OPTION_BOOL:
    return "true or false";
  case TSR_OPTION_KEYWORD:
    return tsr_arena_printf(r->arena, "one of %s", option->choices);
  case TSR_OPTION_GRID:
    return "rows x columns, such as 8x8";
  }
  return "";
}

// -- Runs ---------------------------------------------------------------------

static const tsr_pass_option *find_option(const reader *r, const tsr_pass *pass,
                                          word name) {
  const char **names =
      TSR_NEW_ARRAY(r->arena, const char *, pass->option_count + 1);
  for (size_t i = 0; i < pass->option_count; i++) {
    names[i] = pass->options[i].name;
    if (word_is(name, names[i]))
      return &pass->options[i];
  }
  const char *text = word_text(r, name);
  if (pass->option_count == 0)
    tsr_diag_error_at(r->diag, loc_of(r, name.text), "pass '%s' has no options",
                      pass->name);
  else
    tsr_diag_error_at(r->diag, loc_of(r, name.text),
                      "pass '%s' has no option '%s'%s", pass->name, text,
                      hint(r, text, names, pass->option_count));
  return NULL;
}

// opt=v
static tsr_result read_option(reader *r, tsr_pass_run *run, bool *given) {
  word name = read_word(r, "=,}");
  const tsr_pass_option *option = find_option(r, run->pass, name);
  if (!option)
    return TSR_FAILED;
  size_t index = (size_t)(option - run->pass->options);
  if (given[index])
    return tsr_diag_error_at(r->diag, loc_of(r, name.text),
                             "option '%s' is given twice", option->name);
  given[index] = true;
  if (*r->at != '=')
    return tsr_diag_error_at(r->diag, loc_of(r, r->at),
                             "expected '=' and a value of '%s'", option->name);
  r->at++;
  word value = read_word(r, ",}");
  const char *text = word_text(r, value);
  if (!read_value(option, text, &run->values[index]))
    return tsr_diag_error_at(r->diag, loc_of(r, value.text),
                             "option '%s' of '%s' wants %s, not '%s'",
                             option->name, run->pass->name, wanted(r, option),
                             text);
  return TSR_OK;
}

static tsr_result read_options(reader *r, tsr_pass_run *run, bool *given) {
  skip_blanks(r);
  if (*r->at == '}' || *r->at == '\0')
    return TSR_OK;
  for (;;) {
    if (read_option(r, run, given) != TSR_OK)
      return TSR_FAILED;
    skip_blanks(r);
    if (*r->at != ',')
      return TSR_OK;
    r->at++;
  }
}

// The same text for the same run, however it was written.
static const char *canonical_text(const reader *r, const tsr_pass_run *run,
                                  const bool *given) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_buffer_append_str(&text, run->pass->name);
  bool first = true;
  for (size_t i = 0; i < run->pass->option_count; i++) {
    if (!given[i])
      continue;
    tsr_buffer_printf(&text, "%s%s=%s", first ? "{" : ",",
                      run->pass->options[i].name, run->values[i].text);
    first = false;
  }
  tsr_buffer_append_str(&text, first ? "" : "}");
  const char *copy = tsr_arena_strdup(r->arena, tsr_buffer_str(&text));
  tsr_buffer_deinit(&text);
  return copy;
}

static void add_run(tsr_arena *arena, tsr_pipeline *out,
                    const tsr_pass_run *run) {
  // A power of two: full, so room for as many again.
  if ((out->count & (out->count - 1)) == 0) {
    tsr_pass_run *runs = TSR_NEW_ARRAY(arena, tsr_pass_run, 2 * out->count + 1);
    if (out->count > 0)
      memcpy(runs, out->runs, out->count * sizeof(*runs));
    out->runs = runs;
  }
  out->runs[out->count++] = *run;
}

// Reads options up to `}` or the end, and adds the run.
static tsr_result read_run(reader *r, const tsr_pass *pass) {
  tsr_pass_run run = {.pass = pass};
  bool *given = TSR_NEW_ARRAY(r->arena, bool, pass->option_count + 1);
  run.values =
      TSR_NEW_ARRAY(r->arena, tsr_option_value, pass->option_count + 1);
  for (size_t i = 0; i < pass->option_count; i++) {
    const tsr_pass_option *option = &pass->options[i];
    bool fine = !option->fallback[0] ||
                read_value(option, option->fallback, &run.values[i]);
    assert(fine && "default in passes.def");
    (void)fine;
  }
  if (read_options(r, &run, given) != TSR_OK)
    return TSR_FAILED;
  run.text = canonical_text(r, &run, given);
  add_run(r->arena, r->out, &run);
  return TSR_OK;
}

tsr_result tsr_pipeline_append(const char *source, const tsr_pass *pass,
                               const char *options, tsr_arena *arena,
                               tsr_diag *diag, tsr_pipeline *out) {
  reader r = {source, options, options, arena, diag, out};
  tsr_diag_add_source(diag, source, options, strlen(options));
  if (read_run(&r, pass) != TSR_OK)
    return TSR_FAILED;
  if (*r.at)
    return tsr_diag_error_at(diag, loc_of(&r, r.at),
                             "expected ',' or the end of the options");
  return TSR_OK;
}

// -- Pipelines ----------------------------------------------------------------

static const tsr_named_pipeline *find_named(word name) {
  size_t count;
  const tsr_named_pipeline *named = tsr_named_pipelines(&count);
  for (size_t i = 0; i < count; i++)
    if (word_is(name, named[i].name))
      return &named[i];
  return NULL;
}

static tsr_result add_named(reader *r, const tsr_named_pipeline *named) {
  if (*r->at == '{')
    return tsr_diag_error_at(r->diag, loc_of(r, r->at),
                             "pipeline '%s' has no options: name its passes",
                             named->name);
  for (size_t i = 0; i < named->run_count; i++) {
    tsr_result result = tsr_pipeline_parse(named->name, named->runs[i],
                                           r->arena, r->diag, r->out);
    assert(result == TSR_OK && "pipeline in passes.def");
    (void)result;
  }
  return TSR_OK;
}

static tsr_result unknown_pass(const reader *r, word name) {
  size_t pass_count, named_count;
  const tsr_pass *passes = tsr_passes(&pass_count);
  const tsr_named_pipeline *named = tsr_named_pipelines(&named_count);
  const char **names =
      TSR_NEW_ARRAY(r->arena, const char *, pass_count + named_count);
  for (size_t i = 0; i < pass_count; i++)
    names[i] = passes[i].name;
  for (size_t i = 0; i < named_count; i++)
    names[pass_count + i] = named[i].name;
  const char *text = word_text(r, name);
  if (name.size == 0)
    return tsr_diag_error_at(r->diag, loc_of(r, name.text),
                             "expected the name of a pass");
  return tsr_diag_error_at(r->diag, loc_of(r, name.text), "unknown pass '%s'%s",
                           text,
                           hint(r, text, names, pass_count + named_count));
}

// name{options}
static tsr_result read_item(reader *r) {
  word name = read_word(r, ",{}");
  const tsr_named_pipeline *named = find_named(name);
  if (named)
    return add_named(r, named);
  const tsr_pass *pass = tsr_pass_find(word_text(r, name));
  if (!pass)
    return unknown_pass(r, name);
  if (*r->at != '{') {
    reader none = *r;
    none.at = "";
    return read_run(&none, pass);
  }
  r->at++;
  if (read_run(r, pass) != TSR_OK)
    return TSR_FAILED;
  if (*r->at != '}')
    return tsr_diag_error_at(r->diag, loc_of(r, r->at),
                             "expected ',' or '}' after an option");
  r->at++;
  return TSR_OK;
}

tsr_result tsr_pipeline_parse(const char *source, const char *text,
                              tsr_arena *arena, tsr_diag *diag,
                              tsr_pipeline *out) {
  reader r = {source, text, text, arena, diag, out};
  tsr_diag_add_source(diag, source, text, strlen(text));
  for (;;) {
    if (read_item(&r) != TSR_OK)
      return TSR_FAILED;
    skip_blanks(&r);
    if (*r.at == '\0')
      return TSR_OK;
    if (*r.at != ',')
      return tsr_diag_error_at(diag, loc_of(&r, r.at),
                               "expected ',' between passes");
    r.at++;
  }
}

// -- What is left -------------------------------------------------------------

// The name in "name{options}".
static bool run_has_name(const char *text, const char *name) {
  size_t size = strcspn(text, "{");
  return strlen(name) == size && memcmp(text, name, size) == 0;
}

// The first run behind the last one that is recorded, taking recorded passes
// in turn: canonicalize stands in a pipeline more than once.
static size_t find_resume(const tsr_pipeline *pipeline,
                          const tsr_attr *recorded) {
  size_t next = 0;
  for (size_t i = 0; i < tsr_attr_count(recorded); i++) {
    const char *text = tsr_attr_get_text(tsr_attr_item(recorded, i));
    size_t at = next;
    while (at < pipeline->count &&
           !run_has_name(text, pipeline->runs[at].pass->name))
      at++;
    if (at < pipeline->count)
      next = at + 1;
  }
  return next;
}

tsr_pipeline tsr_pipeline_remaining(const tsr_pipeline *pipeline,
                                    const tsr_module *module) {
  const tsr_attr *recorded = tsr_op_get_attr(tsr_module_op(module), "passes");
  size_t start = recorded ? find_resume(pipeline, recorded) : 0;
  return (tsr_pipeline){pipeline->runs + start, pipeline->count - start};
}
