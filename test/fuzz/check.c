#include "check.h"

#include "common/load.h"

#include "tessera/analysis.h"
#include "tessera/backend.h"
#include "tessera/interp.h"
#include "tessera/registry.h"
#include "tessera/text.h"

#include <string.h>

// What inputs are drawn from: all between -1 and 1, or some at an end.
typedef enum fuzz_numbers { FUZZ_USUAL, FUZZ_SMALL, FUZZ_LARGE } fuzz_numbers;

// From what no generator comes to.
static fuzz_numbers choose_numbers(const uint8_t *data, size_t bytes) {
  uint32_t kind = bytes ? data[bytes / 2] % 8 : FUZZ_USUAL;
  return kind <= FUZZ_LARGE ? (fuzz_numbers)kind : FUZZ_USUAL;
}

// One input on its way.
typedef struct job {
  fuzz_counts *counts;
  tsr_buffer *wrong;
  tsr_context *context;
  tsr_registry *registry;
  tsr_module *module;
  tsr_target target;
  tsr_arena arena;
  bool is_sound;        // grown and not damaged: nothing may refuse it
  bool is_uneven;       // sound, but for pages that are moved
  bool is_proved;       // the verifier left nothing open
  bool may_run;         // small enough
  bool compiles;        // kernels, too
  fuzz_numbers numbers; // what inputs are drawn from
  tsr_run_values inputs, results;
  bool has_results;
} job;

static bool is_fine(const job *j) { return j->wrong->size == 0; }

static void append_diag(job *j, const char *what, const tsr_diag *diag) {
  tsr_buffer_printf(j->wrong, "%s:\n", what);
  tsr_diag_print(diag, j->wrong);
}

// -- printing and parsing -----------------------------------------------------

static void print(tsr_module *module, tsr_buffer *out) {
  tsr_module_print(module, &(tsr_print_options){0}, out);
}

// What is printed is read again as the same.
static void check_round_trip(job *j) {
  tsr_buffer first, second;
  tsr_buffer_init(&first);
  tsr_buffer_init(&second);
  print(j->module, &first);
  tsr_diag *diag = tsr_diag_create();
  tsr_diag_add_source(diag, "printed", tsr_buffer_str(&first), first.size);
  tsr_parse_defaults defaults = {0};
  tsr_module *again =
      tsr_module_parse(j->context, "printed", tsr_buffer_str(&first),
                       first.size, &defaults, diag);
  if (!again || tsr_module_verify(again, diag) != TSR_OK) {
    append_diag(j, "what was printed is refused", diag);
  } else {
    print(again, &second);
    if (first.size != second.size ||
        memcmp(first.data, second.data, first.size) != 0)
      tsr_buffer_printf(j->wrong,
                        "printed again it is another text:\n%s----\n%s",
                        tsr_buffer_str(&first), tsr_buffer_str(&second));
    else if (!fuzz_is_same(j->module, again))
      tsr_buffer_printf(j->wrong, "what was printed is another module:\n%s",
                        tsr_buffer_str(&first));
  }
  tsr_module_destroy(again);
  tsr_diag_destroy(diag);
  tsr_buffer_deinit(&second);
  tsr_buffer_deinit(&first);
}

// -- running ------------------------------------------------------------------

enum { MOST_ELEMENTS = 1 << 18 };

// The one function of a grown module.
static const tsr_op *find_function(const job *j) {
  const tsr_op *op = tsr_block_first(tsr_module_block(j->module));
  while (op && !tsr_is_runnable(op))
    op = tsr_op_next(op);
  return op;
}

static bool is_small(const tsr_run_values *values) {
  uint64_t elements = 0;
  for (size_t i = 0; i < values->count; i++)
    elements += values->items[i].elems;
  return elements <= MOST_ELEMENTS;
}

static bool make_values(job *j, const tsr_op *function, tsr_diag *diag,
                        tsr_run_values *out) {
  // The sizes are looked at before there is room for them.
  const tsr_block *body = tsr_op_block(function, 0);
  uint64_t tiles = 0;
  for (size_t i = 0; i < tsr_block_arg_count(body); i++) {
    const tsr_type *type = tsr_value_get_type(tsr_block_arg(body, i));
    tsr_type_kind kind = tsr_type_get_kind(type);
    if (kind == TSR_TYPE_TENSOR || kind == TSR_TYPE_BUFFER)
      tiles += tsr_type_tile_count(type);
  }
  return tiles <= MOST_ELEMENTS >> 10 &&
         tsr_run_values_create(function, &j->arena, diag, out) == TSR_OK &&
         is_small(out);
}

// Runs the module as it is now, on the inputs of the first run.
static bool run(job *j, tsr_engine engine, tsr_diag *diag,
                tsr_run_values *out) {
  const tsr_op *function = find_function(j);
  if (!function || !make_values(j, function, diag, out))
    return false;
  for (size_t i = 0; i < out->count; i++) {
    tsr_run_value *to = &out->items[i];
    if (to->input && i < j->inputs.count && j->inputs.items[i].input)
      memcpy(to->values, j->inputs.items[i].values,
             (size_t)to->elems * sizeof *to->values);
  }
  tsr_run_request request = {.function = function,
                             .target = &j->target,
                             .engine = engine,
                             .threads = 1,
                             .is_generated = true};
  j->counts->executions++;
  return tsr_function_run(&request, out, diag) == TSR_OK;
}

// Some of what was drawn becomes as small or as large as numbers can be.
static void draw_ends(job *j, size_t at) {
  static const float small[] = {1e-40f, -1e-39f, 0x1p-126f, 0x1p-133f, -0.0f};
  static const float large[] = {3.38e38f, -3e38f, 88.5f, 1.8e19f, -1.8e19f};
  tsr_run_value *to = &j->inputs.items[at];
  const float *ends = j->numbers == FUZZ_SMALL ? small : large;
  for (uint64_t i = 0; i < to->elems && j->numbers != FUZZ_USUAL; i++)
    if (i % 7 == at % 7)
      to->values[i] = ends[i / 7 % (sizeof small / sizeof *small)];
  tsr_run_values_round(&j->inputs, at);
}

static bool draw_inputs(job *j, tsr_diag *diag) {
  const tsr_op *function = find_function(j);
  if (!function || !make_values(j, function, diag, &j->inputs))
    return false;
  for (size_t i = 0; i < j->inputs.count; i++)
    if (j->inputs.items[i].input) {
      tsr_run_values_draw(&j->inputs, i, 1);
      draw_ends(j, i);
    }
  return true;
}

// What the verifier rules out: indices beyond their buffers, and pages that are
// pushed and not popped.
static bool is_ruled_out(const tsr_diag *diag) {
  for (size_t i = 0; i < tsr_diag_count(diag); i++) {
    const tsr_message *said = tsr_diag_get(diag, i);
    if ((said->id && strcmp(said->id, "run-index-out-of-range") == 0) ||
        strstr(said->text, "were never waited for"))
      return true;
  }
  return false;
}

// Tiles that are waited for and serve to the end may stay; of these only the
// model speaks.
static bool is_uneven(const job *j, const tsr_diag *diag) {
  return j->is_uneven && tsr_diag_count(diag) &&
         !strstr(tsr_diag_get(diag, 0)->text,
                 "were waited for and never popped");
}

// The numbers that passes must keep.
static void run_first(job *j) {
  tsr_diag *diag = tsr_diag_create();
  bool has_inputs = draw_inputs(j, diag);
  j->has_results =
      has_inputs && run(j, TSR_ENGINE_INTERPRET, diag, &j->results);
  // Without a reason it is too large.
  if (j->is_sound && !j->has_results && tsr_diag_count(diag))
    append_diag(j, "it does not run", diag);
  else if (j->is_proved && !j->has_results &&
           (is_ruled_out(diag) || is_uneven(j, diag)))
    append_diag(j, "the verifier accepts what cannot run", diag);
  tsr_diag_destroy(diag);
}

static const tsr_run_value *next_result(const tsr_run_values *values,
                                        size_t *at) {
  while (*at < values->count && !values->items[*at].output)
    ++*at;
  return *at < values->count ? &values->items[(*at)++] : NULL;
}

static bool is_same(float a, float b) {
  return memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b);
}

// Returns false and says where two runs differ first.
static bool compare(const tsr_run_values *before, const tsr_run_values *after,
                    tsr_buffer *out) {
  size_t old_at = 0, new_at = 0;
  const tsr_run_value *old, *now;
  while ((old = next_result(before, &old_at)) &&
         (now = next_result(after, &new_at)))
    for (uint64_t i = 0; i < old->elems && i < now->elems; i++)
      if (!is_same(old->values[i], now->values[i])) {
        tsr_buffer_printf(out, "%s, element %llu: %.9g became %.9g",
                          old->output, (unsigned long long)i,
                          (double)old->values[i], (double)now->values[i]);
        return false;
      }
  return true;
}

// Holds the results against the reference, where there is one.
static void check_bound(job *j, const tsr_pass_run *pass,
                        const tsr_run_values *results, tsr_diag *diag) {
  const tsr_op *function = find_function(j);
  tsr_check_result *checks;
  size_t count;
  if (!tsr_function_reference(function))
    return;
  if (tsr_function_check(function, &j->inputs, results, 1, &j->arena, diag,
                         &checks, &count) != TSR_OK) {
    append_diag(j, "it cannot be checked", diag);
    return;
  }
  for (size_t i = 0; i < count; i++)
    if (checks[i].failed)
      tsr_buffer_printf(
          j->wrong, "pass '%s' goes beyond the bound: %.9g for %.9g\n",
          pass->text, (double)checks[i].bad[0].got, checks[i].bad[0].want);
}

static bool may_round(const job *j, const tsr_pass_run *pass,
                      const fuzz_rounding *before) {
  // Zeros in the padding of a product are none beside infinities, and then only
  // the reference tells what follows from these.
  if (j->numbers == FUZZ_LARGE && tsr_function_reference(find_function(j)))
    return true;
  if (!pass->pass->changes_rounding)
    return false;
  fuzz_rounding after = fuzz_rounding_of(j->module);
  // Units differ in what they make of denormals.
  return j->numbers == FUZZ_SMALL ||
         !fuzz_keeps_bits(pass->pass->name, before, &after);
}

static void run_again(job *j, const tsr_pass_run *pass,
                      const fuzz_rounding *before) {
  tsr_diag *diag = tsr_diag_create();
  tsr_run_values results;
  tsr_buffer where;
  tsr_buffer_init(&where);
  if (!run(j, TSR_ENGINE_INTERPRET, diag, &results)) {
    // Without a reason it has become too large: results are buffers now.
    if (!tsr_diag_count(diag)) {
      j->has_results = false;
      tsr_buffer_deinit(&where);
      tsr_diag_destroy(diag);
      return;
    }
    tsr_buffer_printf(j->wrong, "after pass '%s' ", pass->text);
    append_diag(j, "it does not run", diag);
  } else if (!compare(&j->results, &results, &where)) {
    if (!may_round(j, pass, before))
      tsr_buffer_printf(j->wrong, "pass '%s' changes numbers: %s\n", pass->text,
                        tsr_buffer_str(&where));
    else if (j->is_sound) // a reference that is damaged says nothing
      check_bound(j, pass, &results, diag);
    j->results = results;
  }
  tsr_buffer_deinit(&where);
  tsr_diag_destroy(diag);
}

// Kernels give the same when they are machine code.
static void check_engines(job *j) {
  const tsr_op *function = find_function(j);
  if (!is_fine(j) || !j->compiles || !j->has_results || !function ||
      tsr_function_stage(function) != 4)
    return;
  tsr_diag *diag = tsr_diag_create();
  tsr_run_values results;
  tsr_buffer where;
  tsr_buffer_init(&where);
  j->counts->compiled++;
  if (!run(j, TSR_ENGINE_JIT, diag, &results))
    append_diag(j, "compiled it does not run", diag);
  else if (!compare(&j->results, &results, &where))
    tsr_buffer_printf(j->wrong, "compiled it gives other numbers: %s\n",
                      tsr_buffer_str(&where));
  tsr_buffer_deinit(&where);
  tsr_diag_destroy(diag);
}

// -- passes -------------------------------------------------------------------

// A pass may refuse a module, but must not make one that is refused.
static bool is_refused_after(const tsr_diag *diag) {
  static const char after[] = "after pass";
  for (size_t i = 0; i < tsr_diag_count(diag); i++)
    if (strncmp(tsr_diag_get(diag, i)->text, after, strlen(after)) == 0)
      return true;
  return false;
}

// What of a sound module a pass may say it cannot do: passes came in another
// order, or the module or the options ask for more than there is. Anything else
// is for modules that people wrote, and no pass may lead there.
static bool may_refuse(const char *id) {
  static const char *const limits[] = {
      "pass-needs",        "grid-option-too-large", "f32-in-16-bit",
      "dst-block-index",   "dst-exceeded",          "too-many-cbs",
      "cbs-exceed-limit",  "cbs-exceed-l1",         "pages-exceed-depth",
      "pages-out-of-order"};
  for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
    if (strcmp(limits[i], id) == 0)
      return true;
  return false;
}

static void check_refusal(job *j, const tsr_pass_run *pass,
                          const tsr_diag *diag) {
  j->counts->stopped++;
  if (is_refused_after(diag))
    append_diag(j, "the verifier refuses what a pass made", diag);
  else if (!tsr_diag_count(diag))
    tsr_buffer_printf(j->wrong, "pass '%s' fails without a word\n", pass->text);
  else if (j->is_sound && !may_refuse(tsr_diag_get(diag, 0)->id))
    append_diag(j, "a pass refuses what is sound", diag);
}

static bool run_pass(job *j, tsr_pass_run *pass) {
  tsr_diag *diag = tsr_diag_create();
  tsr_pipeline one = {pass, 1};
  tsr_run_options options = {.target = &j->target};
  j->counts->passes++;
  fuzz_rounding before = fuzz_rounding_of(j->module);
  bool ran = tsr_pipeline_run(&one, j->module, diag, &options) == TSR_OK;
  if (!ran)
    check_refusal(j, pass, diag);
  tsr_diag_destroy(diag);
  if (!ran || !is_fine(j))
    return false;
  if (j->is_sound)
    fuzz_cover_module(&j->counts->cover, j->module);
  check_round_trip(j);
  if (is_fine(j) && j->has_results)
    run_again(j, pass, &before);
  return is_fine(j);
}

static bool run_passes(job *j, const char *text) {
  tsr_diag *diag = tsr_diag_create();
  tsr_pipeline pipeline = {NULL, 0};
  bool fine = tsr_pipeline_parse(j->registry, "--passes", text, &j->arena, diag,
                                 &pipeline) == TSR_OK;
  if (!fine)
    append_diag(j, "the pipeline is refused", diag);
  for (size_t i = 0; i < pipeline.count && fine; i++)
    fine = run_pass(j, &pipeline.runs[i]);
  tsr_diag_destroy(diag);
  return fine;
}

// -- artefacts ----------------------------------------------------------------

// A function need not have each of the three kernels, and host programs keep
// no buffers in L1.
static bool cannot_be_printed(const tsr_diag *diag) {
  size_t count = tsr_diag_count(diag);
  const char *id = count ? tsr_diag_get(diag, count - 1)->id : NULL;
  return id && (strcmp(id, "kernel-unknown") == 0 ||
                strcmp(id, "metalium-buffer-layout") == 0);
}

static void print_artifact(job *j, const tsr_backend *backend,
                           const tsr_emit_request *request) {
  tsr_diag *diag = tsr_diag_create();
  tsr_artifacts files;
  tsr_artifacts_init(&files);
  j->counts->prints++;
  if (backend->print(request, diag, &files) != TSR_OK && j->is_sound &&
      !cannot_be_printed(diag))
    append_diag(j, backend->name, diag);
  tsr_artifacts_deinit(&files);
  tsr_diag_destroy(diag);
}

static void print_artifacts(job *j) {
  const uint32_t lowered = (1u << TSR_STATE_COUNT) - 1;
  if (tsr_module_derive_state(j->module) != lowered)
    return;
  size_t count;
  const tsr_backend *backends = tsr_backends(&count);
  const tsr_op *op = tsr_block_first(tsr_module_block(j->module));
  for (; op; op = tsr_op_next(op)) {
    tsr_emit_request request = {
        .module = j->module, .host = op, .target = &j->target};
    for (size_t i = 0; tsr_op_is(op, TSR_OP_host) && i < count; i++)
      if (!backends[i].needs_llvm)
        print_artifact(j, &backends[i], &request);
  }
}

// -- inputs -------------------------------------------------------------------

static void check_case(job *j, const fuzz_case *input) {
  tsr_diag *diag = tsr_diag_create();
  tsr_diag_add_source(diag, "input", tsr_buffer_str(&input->text),
                      input->text.size);
  tsr_load_options options = {0};
  int code;
  j->module =
      tsr_load_module(j->context, "input", tsr_buffer_str(&input->text),
                      input->text.size, &options, diag, &j->target, &code);
  if (!j->module)
    j->counts->refused++;
  if (!j->module && j->is_sound)
    append_diag(j, "a module that should be valid is refused", diag);
  if (!j->module && !tsr_diag_error_count(diag))
    tsr_buffer_append_str(j->wrong, "it is refused without a reason\n");
  j->is_proved = j->module && !tsr_diag_count(diag);
  tsr_diag_destroy(diag);
  if (!j->module)
    return;
  if (j->is_sound) {
    fuzz_cover_module(&j->counts->grown_cover, j->module);
    fuzz_cover_module(&j->counts->cover, j->module);
  }
  check_round_trip(j);
  if (is_fine(j) && j->may_run)
    run_first(j);
  check_engines(j);
  if (!is_fine(j) || !run_passes(j, tsr_buffer_str(&input->passes)))
    return;
  check_engines(j);
  if (is_fine(j))
    print_artifacts(j);
}

void fuzz_check(const uint8_t *data, size_t bytes, bool compiles,
                fuzz_counts *counts, tsr_buffer *out_wrong) {
  bool is_grown = fuzz_is_grown(data, bytes);
  bool is_damaged = fuzz_is_damaged(data, bytes);
  counts->inputs++;
  counts->grown += is_grown && !is_damaged;
  counts->damaged += is_damaged;
  counts->texts += !is_grown;
  fuzz_case input;
  fuzz_case_init(&input);
  fuzz_case_read(&input, data, bytes);
  job j = {.counts = counts,
           .wrong = out_wrong,
           .context = tsr_context_create(),
           .registry = tsr_registry_create(),
           .is_sound = is_grown && !is_damaged,
           .is_uneven = input.is_uneven,
           .may_run = is_grown,
           .numbers = choose_numbers(data, bytes),
           .compiles = compiles};
  tsr_registry_add_builtin(j.registry);
  tsr_arena_init(&j.arena);
  check_case(&j, &input);
  tsr_arena_deinit(&j.arena);
  tsr_module_destroy(j.module);
  tsr_registry_destroy(j.registry);
  tsr_context_destroy(j.context);
  fuzz_case_deinit(&input);
}
