// Pipelines: from text to runs with typed options.

#include "tessera/registry.h"

#include "tessera/buffer.h"
#include "tessera/support.h"
#include "tessera/vector.h"

#include "option.h"

#include <assert.h>
#include <string.h>

// A piece of the text, and where it is.
typedef struct word {
  const char *text;
  size_t size;
} word;

// Pipelines whose names are being taken apart, innermost first.
typedef struct open_pipeline {
  const tsr_named_pipeline *named;
  const struct open_pipeline *outer;
} open_pipeline;

// A value that a pipeline hands on to the runs of a pass in it.
typedef struct forwarded {
  const tsr_pass *pass;
  size_t option;
  tsr_option_value value;
  const char *text; // as it was written
  const struct forwarded *outer;
} forwarded;

typedef struct reader {
  const tsr_registry *registry; // NULL: only options are read
  const open_pipeline *open;
  const forwarded *values;
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

static const char *join_names(const reader *r, const char *const *names,
                              size_t count) {
  const char *text = "";
  for (size_t i = 0; i < count; i++)
    text =
        tsr_arena_printf(r->arena, "%s%s'%s'", text, i ? ", " : "", names[i]);
  return text;
}

// Options are few enough to name all, where none is near.
static const char *option_hint(const reader *r, const char *text,
                               const char *const *names, size_t count) {
  const char *near = hint(r, text, names, count);
  return *near ? near
               : tsr_arena_printf(r->arena, "; it has %s",
                                  join_names(r, names, count));
}

static void skip_blanks(reader *r) { r->at += strspn(r->at, " \t\n\r"); }

// What can be meant as a name. What it is followed by is for others to judge.
static word read_name(reader *r) {
  skip_blanks(r);
  word w = {r->at, strcspn(r->at, " \t\n\r,;={}()")};
  r->at += w.size;
  return w;
}

// A value: what a list and quotes hold belongs to it.
static word read_value(reader *r) {
  skip_blanks(r);
  word w = {r->at, 0};
  if (*r->at == '[') {
    const char *end = strchr(r->at + 1, ']');
    r->at = end ? end : r->at + strlen(r->at);
  } else if (*r->at == '"') {
    r->at += option_quoted_size(r->at);
  }
  r->at += strcspn(r->at, ",}");
  w.size = (size_t)(r->at - w.text);
  while (w.size > 0 && strchr(" \t\n\r", w.text[w.size - 1]))
    w.size--;
  return w;
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
    tsr_diag_error_at(r->diag, loc_of(r, name.text), TSR_DIAG(pass_no_options),
                      pass->name);
  else if (name.size == 0)
    tsr_diag_error_at(r->diag, loc_of(r, name.text),
                      TSR_DIAG(pass_option_missing),
                      join_names(r, names, pass->option_count));
  else
    tsr_diag_error_at(r->diag, loc_of(r, name.text),
                      TSR_DIAG(pass_option_unknown), pass->name, text,
                      option_hint(r, text, names, pass->option_count));
  return NULL;
}

// =v, of `option`, which belongs to `owner`. `*out_text` is what was written.
static tsr_result read_assigned(reader *r, const tsr_pass_option *option,
                                const char *owner, tsr_option_value *out,
                                const char **out_text) {
  skip_blanks(r);
  if (*r->at != '=')
    return tsr_diag_error_at(r->diag, loc_of(r, r->at),
                             TSR_DIAG(pass_option_no_value), option->name);
  r->at++;
  word value = read_value(r);
  const char *text = word_text(r, value);
  *out_text = text;
  if (option_read_value(option, text, r->arena, out))
    return TSR_OK;
  const char *blank = strpbrk(text, " \t");
  if (blank && strchr(blank, '='))
    return tsr_diag_error_at(r->diag, loc_of(r, value.text + (blank - text)),
                             TSR_DIAG(pass_option_blank));
  return tsr_diag_error_at(r->diag, loc_of(r, value.text),
                           TSR_DIAG(pass_option_value), option->name, owner,
                           option_wanted(option, r->arena), text);
}

// opt=v; `given[i]` becomes the text of option i.
static tsr_result read_option(reader *r, tsr_pass_run *run,
                              const char **given) {
  word name = read_name(r);
  const tsr_pass_option *option = find_option(r, run->pass, name);
  if (!option)
    return TSR_FAILED;
  size_t index = (size_t)(option - run->pass->options);
  if (given[index])
    return tsr_diag_error_at(r->diag, loc_of(r, name.text),
                             TSR_DIAG(pass_option_twice), option->name);
  return read_assigned(r, option, run->pass->name, &run->values[index],
                       &given[index]);
}

static tsr_result read_options(reader *r, tsr_pass_run *run,
                               const char **given) {
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
                                  const char *const *given) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_buffer_append_str(&text, run->pass->name);
  bool first = true;
  for (size_t i = 0; i < run->pass->option_count; i++) {
    if (!given[i])
      continue;
    tsr_buffer_printf(&text, "%s%s=%s", first ? "{" : ",",
                      run->pass->options[i].name,
                      run->pass->options[i].kind == TSR_OPTION_STRING
                          ? option_one_line(given[i], r->arena)
                          : given[i]);
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

// What pipelines around the run say, the innermost first, where it says nothing
// itself.
static void take_forwarded(const reader *r, tsr_pass_run *run,
                           const char **given) {
  for (const forwarded *f = r->values; f; f = f->outer)
    if (f->pass == run->pass && !given[f->option]) {
      run->values[f->option] = f->value;
      given[f->option] = f->text;
    }
}

// Reads options up to `}` or the end, and adds the run.
static tsr_result read_run(reader *r, const tsr_pass *pass) {
  tsr_pass_run run = {.pass = pass};
  const char **given =
      TSR_NEW_ARRAY(r->arena, const char *, pass->option_count + 1);
  run.values =
      TSR_NEW_ARRAY(r->arena, tsr_option_value, pass->option_count + 1);
  for (size_t i = 0; i < pass->option_count; i++) {
    const tsr_pass_option *option = &pass->options[i];
    bool fine =
        !option->fallback[0] ||
        option_read_value(option, option->fallback, r->arena, &run.values[i]);
    assert(fine && "the registry let a wrong default in");
    (void)fine;
  }
  if (read_options(r, &run, given) != TSR_OK)
    return TSR_FAILED;
  take_forwarded(r, &run, given);
  run.text = canonical_text(r, &run, given);
  add_run(r->arena, r->out, &run);
  return TSR_OK;
}

// Options that stand by themselves, behind the flag of a pass or pipeline.
static reader begin_options(const char *source, const char *options,
                            tsr_arena *arena, tsr_diag *diag,
                            tsr_pipeline *out) {
  tsr_diag_add_source(diag, source, options, strlen(options));
  return (reader){.source = source,
                  .text = options,
                  .at = options,
                  .arena = arena,
                  .diag = diag,
                  .out = out};
}

static tsr_result end_options(const reader *r) {
  return *r->at ? tsr_diag_error_at(r->diag, loc_of(r, r->at),
                                    TSR_DIAG(pass_options_end))
                : TSR_OK;
}

tsr_result tsr_pipeline_append(const char *source, const tsr_pass *pass,
                               const char *options, tsr_arena *arena,
                               tsr_diag *diag, tsr_pipeline *out) {
  reader r = begin_options(source, options, arena, diag, out);
  return read_run(&r, pass) == TSR_OK ? end_options(&r) : TSR_FAILED;
}

// -- Pipelines ----------------------------------------------------------------

static tsr_result read_items(reader *r);

static bool is_open(const reader *r, const tsr_named_pipeline *named) {
  for (const open_pipeline *open = r->open; open; open = open->outer)
    if (open->named == named)
      return true;
  return false;
}

static tsr_result add_runs(reader *r, const tsr_named_pipeline *named,
                           const forwarded *values);

static bool stands_before(const tsr_pipeline *pipeline, size_t i) {
  for (size_t k = 0; k < i; k++)
    if (pipeline->runs[k].pass == pipeline->runs[i].pass)
      return true;
  return false;
}

// Which of the passes have an option `name`, or what options they have.
static const char *inner_hint(const reader *r, const tsr_pipeline *pipeline,
                              word name) {
  const char *all = "";
  for (size_t i = 0; i < pipeline->count; i++) {
    const tsr_pass *pass = pipeline->runs[i].pass;
    if (pass->option_count == 0 || stands_before(pipeline, i))
      continue;
    const char **names =
        TSR_NEW_ARRAY(r->arena, const char *, pass->option_count);
    for (size_t k = 0; k < pass->option_count; k++) {
      names[k] = pass->options[k].name;
      if (word_is(name, names[k]))
        return tsr_arena_printf(r->arena, "; '%s' is an option of '%s'",
                                names[k], pass->name);
    }
    all = tsr_arena_printf(r->arena, "%s; '%s' has %s", all, pass->name,
                           join_names(r, names, pass->option_count));
  }
  return all;
}

static const tsr_pipeline_option *
no_options(const reader *r, const tsr_named_pipeline *named, word name) {
  tsr_pipeline runs = {NULL, 0};
  reader inner = *r;
  inner.out = &runs;
  inner.diag = tsr_diag_create(); // what is wrong with a run is no matter here
  (void)add_runs(&inner, named, NULL);
  tsr_diag_destroy(inner.diag);
  tsr_diag_error_at(r->diag, loc_of(r, name.text),
                    TSR_DIAG(pipeline_no_options), named->name,
                    inner_hint(r, &runs, name));
  return NULL;
}

static const tsr_pipeline_option *
find_pipeline_option(const reader *r, const tsr_named_pipeline *named,
                     word name) {
  const char **names =
      TSR_NEW_ARRAY(r->arena, const char *, named->option_count + 1);
  for (size_t i = 0; i < named->option_count; i++) {
    names[i] = named->options[i].name;
    if (word_is(name, names[i]))
      return &named->options[i];
  }
  const char *text = word_text(r, name);
  if (named->option_count == 0)
    return no_options(r, named, name);
  if (name.size == 0)
    tsr_diag_error_at(r->diag, loc_of(r, name.text),
                      TSR_DIAG(pass_option_missing),
                      join_names(r, names, named->option_count));
  else
    tsr_diag_error_at(r->diag, loc_of(r, name.text),
                      TSR_DIAG(pipeline_option_unknown), named->name, text,
                      option_hint(r, text, names, named->option_count));
  return NULL;
}

// opt=v, which goes on to runs of a pass.
static tsr_result read_forwarded(reader *r, const tsr_named_pipeline *named) {
  word name = read_name(r);
  const tsr_pipeline_option *option = find_pipeline_option(r, named, name);
  if (!option)
    return TSR_FAILED;
  forwarded *value = TSR_NEW(r->arena, forwarded);
  *value = (forwarded){
      .pass = tsr_registry_find_pass(r->registry, option->pass_name),
      .outer = r->values};
  const tsr_pass *pass = value->pass;
  while (pass && value->option < pass->option_count &&
         strcmp(pass->options[value->option].name, option->pass_option) != 0)
    value->option++;
  if (!pass || value->option == pass->option_count)
    return tsr_diag_error_at(
        r->diag, loc_of(r, name.text), TSR_DIAG(pipeline_option_stray),
        option->name, named->name, option->pass_option, option->pass_name);
  for (const forwarded *f = r->values; f; f = f->outer)
    if (f->pass == pass && f->option == value->option)
      return tsr_diag_error_at(r->diag, loc_of(r, name.text),
                               TSR_DIAG(pass_option_twice), option->name);
  r->values = value;
  return read_assigned(r, &pass->options[value->option], named->name,
                       &value->value, &value->text);
}

// opt=v,... up to `end`. `r` holds nothing but the values of this pipeline.
static tsr_result read_values(reader *r, const tsr_named_pipeline *named,
                              char end) {
  skip_blanks(r);
  if (*r->at == end)
    return TSR_OK;
  for (;;) {
    if (read_forwarded(r, named) != TSR_OK)
      return TSR_FAILED;
    skip_blanks(r);
    if (*r->at != ',')
      return TSR_OK;
    r->at++;
  }
}

// {opt=v,...} behind the name of a pipeline, if it is there.
static tsr_result read_pipeline_options(reader *r,
                                        const tsr_named_pipeline *named) {
  if (*r->at != '{')
    return TSR_OK;
  r->at++;
  if (read_values(r, named, '}') != TSR_OK)
    return TSR_FAILED;
  if (*r->at != '}')
    return tsr_diag_error_at(r->diag, loc_of(r, r->at),
                             TSR_DIAG(pass_options_separator));
  r->at++;
  return TSR_OK;
}

// The values of a pipeline, and behind them those of the ones around it.
static const forwarded *join_values(reader *r, const forwarded *inner,
                                    const forwarded *outer) {
  if (!inner)
    return outer;
  forwarded *copy = TSR_NEW(r->arena, forwarded);
  *copy = *inner;
  copy->outer = join_values(r, inner->outer, outer);
  return copy;
}

// `values`: what this pipeline was given.
static tsr_result add_runs(reader *r, const tsr_named_pipeline *named,
                           const forwarded *values) {
  open_pipeline open = {named, r->open};
  for (size_t i = 0; i < named->run_count; i++) {
    const char *run = named->runs[i];
    reader inner = *r;
    inner.open = &open;
    inner.values = join_values(r, values, r->values);
    inner.source = named->name;
    inner.text = inner.at = run;
    if (read_items(&inner) != TSR_OK)
      return TSR_FAILED;
  }
  return TSR_OK;
}

static tsr_result add_named(reader *r, const tsr_named_pipeline *named,
                            word name) {
  if (is_open(r, named))
    return tsr_diag_error_at(r->diag, loc_of(r, name.text),
                             TSR_DIAG(pipeline_contains_itself), named->name);
  reader own = *r;
  own.values = NULL;
  if (read_pipeline_options(&own, named) != TSR_OK)
    return TSR_FAILED;
  r->at = own.at;
  return add_runs(r, named, own.values);
}

static tsr_result unknown_pass(const reader *r, word name) {
  size_t pass_count = tsr_registry_pass_count(r->registry);
  size_t named_count = tsr_registry_pipeline_count(r->registry);
  const char **names =
      TSR_NEW_ARRAY(r->arena, const char *, pass_count + named_count);
  for (size_t i = 0; i < pass_count; i++)
    names[i] = tsr_registry_pass(r->registry, i)->name;
  for (size_t i = 0; i < named_count; i++)
    names[pass_count + i] = tsr_registry_pipeline(r->registry, i)->name;
  const char *text = word_text(r, name);
  if (name.size == 0)
    return tsr_diag_error_at(r->diag, loc_of(r, name.text),
                             TSR_DIAG(pass_name_missing));
  return tsr_diag_error_at(r->diag, loc_of(r, name.text),
                           TSR_DIAG(pass_unknown), text,
                           hint(r, text, names, pass_count + named_count));
}

// name{options}
static tsr_result read_item(reader *r) {
  word name = read_name(r);
  const char *text = word_text(r, name);
  skip_blanks(r);
  if (*r->at == '(' || *r->at == ')')
    return tsr_diag_error_at(r->diag, loc_of(r, r->at),
                             TSR_DIAG(pass_parenthesis));
  const tsr_named_pipeline *named =
      tsr_registry_find_pipeline(r->registry, text);
  if (named)
    return add_named(r, named, name);
  const tsr_pass *pass = tsr_registry_find_pass(r->registry, text);
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
                             TSR_DIAG(pass_options_separator));
  r->at++;
  return TSR_OK;
}

static tsr_result read_items(reader *r) {
  tsr_diag_add_source(r->diag, r->source, r->text, strlen(r->text));
  for (;;) {
    if (read_item(r) != TSR_OK)
      return TSR_FAILED;
    skip_blanks(r);
    if (*r->at == '\0')
      return TSR_OK;
    if (*r->at != ',')
      return tsr_diag_error_at(r->diag, loc_of(r, r->at),
                               TSR_DIAG(pass_separator));
    r->at++;
  }
}

tsr_result tsr_pipeline_parse(const tsr_registry *registry, const char *source,
                              const char *text, tsr_arena *arena,
                              tsr_diag *diag, tsr_pipeline *out) {
  reader r = {.registry = registry,
              .source = source,
              .text = text,
              .at = text,
              .arena = arena,
              .diag = diag,
              .out = out};
  return read_items(&r);
}

tsr_result tsr_pipeline_append_named(const tsr_registry *registry,
                                     const char *source,
                                     const tsr_named_pipeline *named,
                                     const char *options, tsr_arena *arena,
                                     tsr_diag *diag, tsr_pipeline *out) {
  reader r = begin_options(source, options, arena, diag, out);
  r.registry = registry;
  if (read_values(&r, named, '\0') != TSR_OK || end_options(&r) != TSR_OK)
    return TSR_FAILED;
  const forwarded *values = r.values;
  r.values = NULL;
  return add_runs(&r, named, values);
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
