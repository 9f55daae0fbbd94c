// Runs functions before and after passes, and compares.

#include "tessera/pass_check.h"

#include "tessera/buffer.h"

#include <string.h>

// A function with its inputs, before and after it ran.
typedef struct checked {
  const tsr_op *op;
  const char *name;
  tsr_run_values inputs;  // as they went in
  tsr_run_values results; // as they came out
  bool is_written;        // kernels as given: a person may have written those
} checked;

typedef struct checker {
  const tsr_pass_check_options *options;
  tsr_module *module;
  tsr_diag *diag;
  tsr_arena arena;
  bool is_bad;
} checker;

// How the numbers after a pass compare with those before.
typedef struct verdict {
  const char *how; // "same bits", "within the bound", ...
  bool is_bad;
  double share; // of the bound; below 0: not compared with it
  bool has_reference;
  const char *uncompared; // a result without any finite bound, or NULL
  // The first element that differs.
  bool differs;
  size_t value;
  uint64_t at, count;
  // No element is beyond the bound, but this part is off as a whole.
  const char *part;
  double times, most_times;
} verdict;

// -- running ------------------------------------------------------------------

static const tsr_op *next_function(const checker *c, const tsr_op *op) {
  const char *func = c->options->func;
  while (op && (!tsr_is_runnable(op) ||
                (func && strcmp(tsr_op_get_text(op, "name"), func) != 0)))
    op = tsr_op_next(op);
  return op;
}

static const tsr_op *first_function(const checker *c) {
  return next_function(c, tsr_block_first(tsr_module_block(c->module)));
}

static void copy_values(const tsr_run_values *from, tsr_run_values *to) {
  for (size_t i = 0; i < from->count && i < to->count; i++)
    if (from->items[i].input && to->items[i].input)
      memcpy(to->items[i].values, from->items[i].values,
             (size_t)from->items[i].elems * sizeof *from->items[i].values);
}

static tsr_result make_room(checker *c, const tsr_op *op, checked *out) {
  *out = (checked){.op = op, .name = tsr_op_get_text(op, "name")};
  tsr_result result =
      tsr_run_values_create(op, &c->arena, c->diag, &out->inputs);
  return result == TSR_OK
             ? tsr_run_values_create(op, &c->arena, c->diag, &out->results)
             : result;
}

static void enter(const checker *c, const checked *function) {
  if (c->options->enter)
    c->options->enter(c->options->user, function->op);
}

static void leave(const checker *c) {
  if (c->options->leave)
    c->options->leave(c->options->user);
}

static tsr_result run(checker *c, checked *function) {
  tsr_run_request request = c->options->request;
  request.function = function->op;
  request.is_generated = !function->is_written;
  copy_values(&function->inputs, &function->results);
  enter(c, function);
  tsr_result result = tsr_function_run(&request, &function->results, c->diag);
  leave(c);
  return result;
}

// -- comparing ----------------------------------------------------------------

static bool is_same(float a, float b) {
  return memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b);
}

// The k-th result of a function, or NULL.
static const tsr_run_value *find_result(const checked *function, size_t k,
                                        size_t *out_item) {
  for (size_t i = 0; i < function->results.count; i++)
    if (function->results.items[i].output && k-- == 0) {
      *out_item = i;
      return &function->results.items[i];
    }
  return NULL;
}

static void compare_bits(const checked *before, const checked *after,
                         verdict *out) {
  const tsr_run_value *old;
  size_t item;
  for (size_t k = 0; (old = find_result(before, k, &item)); k++) {
    const tsr_run_value *new = find_result(after, k, &item);
    for (uint64_t i = 0; new && i < old->elems; i++) {
      if (is_same(old->values[i], new->values[i]))
        continue;
      if (!out->differs) {
        out->value = item;
        out->at = i;
      }
      out->differs = true;
      out->count++;
    }
  }
}

static const char *index_text(checker *c, const tsr_run_value *value,
                              uint64_t at) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_run_value_print_index(value, at, &text);
  const char *kept = tsr_arena_strdup(&c->arena, tsr_buffer_str(&text));
  tsr_buffer_deinit(&text);
  return kept;
}

static const char *part_text(checker *c, const tsr_run_value *value,
                             const tsr_check_result *check) {
  return check->is_whole
             ? "the whole result"
             : tsr_arena_printf(&c->arena, "the tile at %s",
                                index_text(c, value, check->worst_tile));
}

// Compares with the reference, where there is one.
static tsr_result compare_bound(checker *c, const checked *function,
                                verdict *out) {
  out->share = -1;
  out->has_reference = tsr_function_reference(function->op) != NULL;
  if (!out->has_reference)
    return TSR_OK;
  tsr_check_result *checks;
  size_t count;
  enter(c, function);
  tsr_result result =
      tsr_function_check(function->op, &function->inputs, &function->results,
                         c->options->seed, &c->arena, c->diag, &checks, &count);
  leave(c);
  if (result != TSR_OK)
    return TSR_FAILED;
  for (size_t i = 0; i < count; i++) {
    // Without a finite reference there is no bound to hold.
    if (checks[i].compared && checks[i].worst_share > out->share)
      out->share = checks[i].worst_share;
    if (!checks[i].compared && !out->uncompared)
      out->uncompared = function->results.items[checks[i].value].output;
    bool is_bad = checks[i].failed || checks[i].is_beyond_rounding;
    if (!is_bad || out->is_bad)
      continue;
    out->is_bad = true;
    out->value = checks[i].value;
    out->at = checks[i].bad[0].at;
    if (!checks[i].is_beyond_rounding)
      continue;
    out->part = part_text(c, &function->results.items[out->value], &checks[i]);
    out->times = checks[i].worst_times;
    out->most_times = checks[i].most_times;
  }
  return TSR_OK;
}

// -- reports ------------------------------------------------------------------

static void report_step(checker *c, const checked *function,
                        const tsr_pass_run *pass, const verdict *v) {
  tsr_pass_check_step step = {function->op, pass, v->how, v->is_bad, v->share};
  if (c->options->report)
    c->options->report(c->options->user, &step);
}

static const char *bad_text(const verdict *v) {
  return v->part ? "off by more than rounding" : "beyond the bound";
}

// `how`, and what of it nothing was compared with.
static const char *compared_text(checker *c, const char *how,
                                 const verdict *v) {
  if (!v->uncompared)
    return how;
  return tsr_arena_printf(&c->arena,
                          "%s, %s not compared as no element has a finite "
                          "reference or bound",
                          how, v->uncompared);
}

static void report_beyond_rounding(checker *c, const checked *function,
                                   const char *when, const verdict *v) {
  tsr_diag_error(c->diag, function->op, TSR_DIAG(result_beyond_rounding),
                 function->name, when, function->results.items[v->value].output,
                 v->part, v->times, v->most_times);
}

static void report_changed(checker *c, const checked *before,
                           const checked *after, const char *pass,
                           const verdict *v) {
  const tsr_run_value *value = &after->results.items[v->value];
  size_t item;
  const tsr_run_value *old = NULL;
  for (size_t k = 0; (old = find_result(before, k, &item)); k++)
    if (strcmp(old->output, value->output) == 0)
      break;
  tsr_diag_error(c->diag, after->op, TSR_DIAG(pass_changes_numbers),
                 after->name, pass, value->output, index_text(c, value, v->at),
                 (double)old->values[v->at], (double)value->values[v->at],
                 v->count);
}

static void report_bad(checker *c, const checked *before, const checked *after,
                       const char *pass, const verdict *v) {
  const tsr_run_value *value = &after->results.items[v->value];
  if (v->differs)
    report_changed(c, before, after, pass, v);
  else if (v->part)
    report_beyond_rounding(c, after,
                           tsr_arena_printf(&c->arena, "after '%s'", pass), v);
  else
    tsr_diag_error(c->diag, after->op, TSR_DIAG(pass_exceeds_bound),
                   after->name, pass, value->output,
                   index_text(c, value, v->at), (double)value->values[v->at]);
}

// -- steps --------------------------------------------------------------------

static tsr_result bring_in(checker *c, checked *function) {
  const tsr_pass_check_options *options = c->options;
  for (size_t i = 0; i < function->inputs.count; i++)
    if (function->inputs.items[i].input)
      tsr_run_values_draw(&function->inputs, i, options->seed);
  return options->bring_in
             ? options->bring_in(options->user, function->op, &function->inputs)
             : TSR_OK;
}

// The function before the passes: what everything is measured by.
static tsr_result run_first(checker *c, const tsr_op *op, checked *out) {
  verdict v = {.how = "runs"};
  if (make_room(c, op, out) != TSR_OK || bring_in(c, out) != TSR_OK)
    return TSR_FAILED;
  out->is_written = tsr_op_is(op, TSR_OP_host);
  if (run(c, out) != TSR_OK || compare_bound(c, out, &v) != TSR_OK)
    return TSR_FAILED;
  v.how = v.is_bad ? bad_text(&v) : compared_text(c, v.how, &v);
  report_step(c, out, NULL, &v);
  if (!v.is_bad)
    return TSR_OK;
  c->is_bad = true;
  const tsr_run_value *value = &out->results.items[v.value];
  if (v.part)
    report_beyond_rounding(c, out, "before any pass", &v);
  else
    tsr_diag_error(c->diag, op, TSR_DIAG(given_exceeds_bound), out->name,
                   value->output, index_text(c, value, v.at),
                   (double)value->values[v.at]);
  return TSR_FAILED;
}

static tsr_result judge(checker *c, const checked *before, const checked *after,
                        const tsr_pass *pass, verdict *out) {
  *out = (verdict){.how = "same bits", .share = -1};
  compare_bits(before, after, out);
  if (!out->differs)
    return TSR_OK;
  out->how = "other bits";
  out->is_bad = !pass->changes_rounding;
  if (out->is_bad)
    return TSR_OK;
  if (compare_bound(c, after, out) != TSR_OK)
    return TSR_FAILED;
  if (out->is_bad)
    out->differs = false;
  out->how = out->is_bad ? bad_text(out)
             : out->has_reference
                 ? compared_text(c, "other rounding", out)
                 : "other rounding, no reference to compare with";
  return TSR_OK;
}

// The function of that name as it now is.
static const tsr_op *find_function(const checker *c, const char *name) {
  const tsr_op *op = first_function(c);
  while (op && strcmp(tsr_op_get_text(op, "name"), name) != 0)
    op = next_function(c, tsr_op_next(op));
  return op;
}

static tsr_result run_step(checker *c, const tsr_pass_run *pass,
                           checked *function) {
  checked after;
  verdict v;
  const tsr_op *op = find_function(c, function->name);
  if (!op)
    return TSR_OK;
  if (make_room(c, op, &after) != TSR_OK)
    return TSR_FAILED;
  after.is_written = function->is_written;
  copy_values(&function->inputs, &after.inputs);
  if (run(c, &after) != TSR_OK ||
      judge(c, function, &after, pass->pass, &v) != TSR_OK)
    return TSR_FAILED;
  report_step(c, &after, pass, &v);
  if (v.is_bad)
    report_bad(c, function, &after, pass->text, &v);
  c->is_bad = c->is_bad || v.is_bad;
  *function = after;
  return v.is_bad ? TSR_FAILED : TSR_OK;
}

static tsr_result check(checker *c, const tsr_pipeline *pipeline) {
  size_t count = 0;
  const tsr_op *op = first_function(c);
  for (; op; op = next_function(c, tsr_op_next(op)))
    count++;
  checked *functions = TSR_NEW_ARRAY(&c->arena, checked, count + 1);
  count = 0;
  for (op = first_function(c); op; op = next_function(c, tsr_op_next(op)))
    if (run_first(c, op, &functions[count++]) != TSR_OK)
      return TSR_FAILED;
  for (size_t i = 0; i < pipeline->count; i++) {
    tsr_pipeline one = {&pipeline->runs[i], 1};
    if (tsr_pipeline_run(&one, c->module, c->diag, &c->options->passes) !=
        TSR_OK)
      return TSR_FAILED;
    for (size_t f = 0; f < count; f++)
      if (run_step(c, &pipeline->runs[i], &functions[f]) != TSR_OK)
        return TSR_FAILED;
  }
  return TSR_OK;
}

tsr_result tsr_pipeline_check(const tsr_pipeline *pipeline, tsr_module *module,
                              tsr_diag *diag,
                              const tsr_pass_check_options *options,
                              bool *out_is_bad) {
  checker c = {.options = options, .module = module, .diag = diag};
  tsr_arena_init(&c.arena);
  tsr_result result = check(&c, pipeline);
  *out_is_bad = c.is_bad;
  tsr_arena_deinit(&c.arena);
  return result;
}
