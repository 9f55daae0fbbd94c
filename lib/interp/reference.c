// The reference in double precision, with a bound on how far a run may be off.
// The bounds are those of docs/backends.md, "The check", as the generated
// main.cpp has them.

#include "reference.h"

#include "impl.h"

#include "tessera/backend.h"

#include <assert.h>
#include <math.h>
#include <string.h>

// Multiply-adds up to which every element is checked.
static const double full_check_limit = 1e9;

static const tsr_type_desc *desc_of(const tsr_value *value) {
  return tsr_type_get_desc(tsr_value_get_type(value));
}

static bool is_bf16(const tsr_value *value) {
  return desc_of(value)->element == TSR_ELEMENT_BF16;
}

// -- what the function does to values -----------------------------------------

static const tsr_op *launched_program(const tsr_op *launch) {
  return tsr_block_find_symbol(tsr_module_block(tsr_op_get_module(launch)),
                               tsr_op_get_text(launch, "program"));
}

// From the lowest to the highest.
static const struct {
  const char *name;
  int a, b; // bits of source registers
} fidelities[] = {
#define TSR_SOURCE_BITS(fidelity, a, b) {#fidelity, a, b},
#include "tessera/bounds.def"
};
enum { FIDELITIES = sizeof fidelities / sizeof fidelities[0] };

// What loses most of all that `op` holds or launches counts: 16-bit DST, where
// every op rounds, and the lowest fidelity.
static void note_rounding(evaluation *e, const tsr_op *op) {
  if (!tsr_op_get_bool(op, "fp32_acc", true))
    e->is_narrow = true;
  const char *name = tsr_op_get_text(op, "fidelity");
  for (size_t i = 0; name && i < e->fidelity; i++)
    if (strcmp(fidelities[i].name, name) == 0)
      e->fidelity = i;
  if (tsr_op_is(op, TSR_OP_launch))
    note_rounding(e, launched_program(op));
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (const tsr_op *in = tsr_block_first(tsr_op_block(op, b)); in;
         in = tsr_op_next(in))
      note_rounding(e, in);
}

// The buffer that a kernel's value stands for, as the program knows it.
static const tsr_value *trace_buffer(const tsr_op *kernel,
                                     const tsr_value *value) {
  const tsr_op *accessor = tsr_value_get_def(value);
  if (!tsr_op_is(accessor, TSR_OP_noc_accessor))
    return value;
  for (size_t i = 0; i < tsr_kernel_arg_count(kernel); i++) {
    tsr_kernel_arg arg = tsr_kernel_get_arg(kernel, i);
    if (arg.value == tsr_op_operand(accessor, 1))
      return arg.source;
  }
  return NULL;
}

static bool kernel_reads(const tsr_op *kernel, const tsr_block *block,
                         const tsr_value *buffer) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    if (tsr_op_is(op, TSR_OP_noc_read_tile) &&
        trace_buffer(kernel, tsr_op_operand(op, 0)) == buffer)
      return true;
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      if (kernel_reads(kernel, tsr_op_block(op, b), buffer))
        return true;
  }
  return false;
}

static bool program_reads(const tsr_op *program, size_t arg) {
  const tsr_block *body = tsr_op_block(program, 0);
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_kernel) &&
        kernel_reads(op, tsr_op_block(op, 0), tsr_block_arg(body, arg)))
      return true;
  return false;
}

// Something reads this buffer of the function again.
static bool is_read_back(const tsr_value *buffer) {
  for (const tsr_use *use = tsr_value_first_use(buffer); use;
       use = tsr_use_next(use)) {
    const tsr_op *op = tsr_use_get_op(use);
    if (tsr_op_is(op, TSR_OP_tile_load) || tsr_op_is(op, TSR_OP_tile_contract))
      return true;
    if (tsr_op_is(op, TSR_OP_launch) &&
        program_reads(launched_program(op), tsr_use_get_index(use)))
      return true;
  }
  return false;
}

// The k-th result buffer of a function over buffers, or NULL.
static const tsr_value *find_output(const tsr_op *function, size_t k) {
  const tsr_block *body = tsr_op_block(function, 0);
  for (size_t i = 0; i < tsr_block_arg_count(body); i++)
    if (tsr_value_get_modifier(tsr_block_arg(body, i)) && k-- == 0)
      return tsr_block_arg(body, i);
  return NULL;
}

// Later ops see this value as bf16: it went through memory, not through DST.
static bool is_spilled(const evaluation *e, const tsr_value *value) {
  if (e->reference == e->function)
    return is_bf16(value);
  const char *name = tsr_value_get_name(value);
  const tsr_block *body = tsr_op_block(e->function, 0);
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op)) {
    const char *source = tsr_op_is(op, TSR_OP_buffer_alloc)
                             ? tsr_op_get_text(op, "source")
                             : NULL;
    if (source && name && strcmp(source, name) == 0)
      return is_bf16(tsr_op_result(op, 0));
  }
  const tsr_op *ret = tsr_block_terminator(tsr_op_block(e->reference, 0));
  for (size_t k = 0; ret && k < tsr_op_operand_count(ret); k++) {
    const tsr_value *buffer = find_output(e->function, k);
    if (tsr_op_operand(ret, k) == value && buffer && is_bf16(buffer) &&
        is_read_back(buffer))
      return true;
  }
  return false;
}

// -- rows ---------------------------------------------------------------------

static uint64_t value_rows(const tsr_value *value) {
  uint64_t rows = 1;
  for (uint32_t i = 0; i + 1 < desc_of(value)->rank; i++)
    rows *= desc_of(value)->extents[i];
  return rows;
}

static uint64_t value_cols(const tsr_value *value) {
  return desc_of(value)->extents[desc_of(value)->rank - 1];
}

static const tsr_block *called_body(const tsr_op *call) {
  return tsr_op_block(tsr_call_get_callee(call), 0);
}

static double count_multiply_adds(const tsr_block *body) {
  double total = 0;
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_call))
      total += count_multiply_adds(called_body(op));
    else if (tsr_op_is(op, TSR_OP_tensor_matmul))
      total += (double)value_rows(tsr_op_result(op, 0)) *
               (double)value_cols(tsr_op_result(op, 0)) *
               (double)value_cols(tsr_op_operand(op, 0));
  return total;
}

static void mark_needed_whole(evaluation *e, const tsr_block *body);

// Hands on what a call gives to what it takes. A function that is called
// several times is marked for all of its calls.
static void mark_call(evaluation *e, const tsr_op *call) {
  const tsr_block *body = called_body(call);
  const tsr_op *end = tsr_block_terminator(body);
  for (size_t i = 0; i < tsr_op_result_count(call); i++)
    if (tsr_map_has(&e->needed_whole, tsr_op_result(call, i)))
      tsr_map_set(&e->needed_whole, tsr_op_operand(end, i), e);
  mark_needed_whole(e, body);
  for (size_t i = 0; i < tsr_op_operand_count(call); i++)
    if (tsr_map_has(&e->needed_whole, tsr_block_arg(body, i)))
      tsr_map_set(&e->needed_whole, tsr_op_operand(call, i), e);
}

// Every row of the value is needed: it is, or leads to, the right operand of a
// matmul. Ops come after what they use, so one walk backwards finds all.
static void mark_needed_whole(evaluation *e, const tsr_block *body) {
  for (const tsr_op *op = tsr_block_last(body); op; op = tsr_op_prev(op)) {
    if (tsr_op_is(op, TSR_OP_call)) {
      mark_call(e, op);
      continue;
    }
    bool is_whole = tsr_op_result_count(op) &&
                    tsr_map_has(&e->needed_whole, tsr_op_result(op, 0));
    bool is_matmul = tsr_op_is(op, TSR_OP_tensor_matmul);
    for (size_t i = 0; i < tsr_op_operand_count(op); i++)
      if (is_whole || (is_matmul && i == 1))
        tsr_map_set(&e->needed_whole, tsr_op_operand(op, i), e);
  }
}

// Marks `wanted` of `count` rows, drawn from the seed.
static void choose_rows(bool *rows, uint64_t count, uint64_t wanted,
                        uint64_t seed) {
  uint64_t state = seed + count, chosen = 0;
  for (uint64_t row = 0; row < count; row++) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    // Of the rows left, as many are taken as are still wanted.
    rows[row] = (state >> 33) % (count - row) < wanted - chosen;
    chosen += rows[row];
  }
}

const bool *evaluation_rows(evaluation *e, const tsr_value *value) {
  uint64_t count = value_rows(value), wanted = count;
  if (e->multiply_adds > full_check_limit &&
      !tsr_map_has(&e->needed_whole, value)) {
    wanted = (uint64_t)((double)count * (full_check_limit / e->multiply_adds));
    wanted = wanted ? wanted : 1;
  }
  bool *rows = TSR_NEW_ARRAY(e->arena, bool, (size_t)count);
  choose_rows(rows, count, wanted, e->seed);
  return rows;
}

// -- values and bounds --------------------------------------------------------

typedef struct bounded {
  double v, e;
} bounded;

typedef bounded bound_fn(bounded a, bounded b);

#define TSR_BOUND(op, name, operands, value, bound)                            \
  static bounded bound_##op(bounded a, bounded b) {                            \
    (void)b;                                                                   \
    return (bounded){value, bound};                                            \
  }
#include "tessera/bounds.def"

enum { FULL_BITS = 8 }; // more than bf16 has

const check_numbers numbers = {
#define TSR_CHECK_NUMBER(name, value) .name = value,
#include "tessera/bounds.def"
};

static double in_range(bounded a) {
  double least = numbers.least, largest = numbers.largest;
#define TSR_RANGE(bound) return bound;
#include "tessera/bounds.def"
}

typedef struct bound_row {
  tsr_op_kind op;
  bound_fn *bound;
} bound_row;

static const bound_row bound_rows[] = {
#define TSR_BOUND(op, name, operands, value, bound)                            \
  {TSR_OP_tensor_##op, bound_##op},
#include "tessera/bounds.def"
};

static reference_value *new_value(evaluation *e, const tsr_value *value) {
  reference_value *made = TSR_NEW(e->arena, reference_value);
  made->rows = value_rows(value);
  made->cols = value_cols(value);
  made->v = TSR_NEW_ARRAY(e->arena, double, (size_t)(made->rows * made->cols));
  made->e = TSR_NEW_ARRAY(e->arena, double, (size_t)(made->rows * made->cols));
  made->w = TSR_NEW_ARRAY(e->arena, double, (size_t)(made->rows * made->cols));
  return made;
}

static double flush(double value) {
  return fabs(value) < numbers.least ? 0 : value;
}

// To bf16 as the device rounds: ties away from zero, which in sums of small
// integers is a drift.
static double narrow(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  bits = (bits + (1ull << 44)) >> 45 << 45; // 52 bits of mantissa to 7
  memcpy(&value, &bits, sizeof bits);
  return flush(value);
}

static void round_value(reference_value *value) {
  for (uint64_t i = 0; i < value->rows * value->cols; i++)
    value->e[i] = in_range(
        (bounded){value->v[i], value->e[i] + ldexp(fabs(value->v[i]), -8)});
}

static const reference_value *operand(const evaluation *e, const tsr_op *op,
                                      size_t i) {
  return tsr_map_find(&e->values, tsr_op_operand(op, i));
}

// Cut off to so many bits behind the leading one.
static double cut(double value, int bits) {
  int exponent;
  double mantissa = frexp(value, &exponent);
  return ldexp(trunc(ldexp(mantissa, bits + 1)), exponent - bits - 1);
}

// Operand `i` of a product as the multipliers see it. Of 16-bit values and at
// high fidelity that is all of it.
static const reference_value *source(evaluation *e, const tsr_op *op,
                                     size_t i) {
  bool is_in_b = (i == 0) == tsr_op_is(op, TSR_OP_tensor_matmul);
  int bits = is_in_b ? fidelities[e->fidelity].b : fidelities[e->fidelity].a;
  const reference_value *whole = operand(e, op, i);
  if (bits >= FULL_BITS && is_bf16(tsr_op_operand(op, i)))
    return whole;
  reference_value *seen = new_value(e, tsr_op_operand(op, i));
  // Below bf16's step the bound of a product covers what is lost.
  double lost = bits < FULL_BITS ? ldexp(1.0, -bits) : 0;
  for (uint64_t k = 0; k < whole->rows * whole->cols; k++) {
    seen->v[k] = whole->v[k];
    seen->e[k] = whole->e[k] + lost * (fabs(whole->v[k]) + whole->e[k]);
    seen->w[k] = cut(whole->w[k], bits);
  }
  return seen;
}

static void map_rows(const reference_value *a, const reference_value *b,
                     bound_fn *bound, const bool *rows, reference_value *out) {
  for (uint64_t row = 0; row < out->rows; row++)
    for (uint64_t i = row * out->cols; rows[row] && i < (row + 1) * out->cols;
         i++) {
      bounded one =
          bound((bounded){a->v[i], a->e[i]}, (bounded){b->v[i], b->e[i]});
      out->v[i] = one.v;
      out->e[i] = in_range(one);
      out->w[i] = narrow(bound((bounded){a->w[i], 0}, (bounded){b->w[i], 0}).v);
    }
}

// One row of A x B. `magnitude`, one for each column, is scratch.
static void multiply_row(const reference_value *a, const reference_value *b,
                         uint64_t row, uint64_t first, bool is_narrow_sum,
                         double *magnitude, reference_value *out) {
  uint64_t k_count = a->cols, n_count = b->cols;
  double *v = &out->v[row * n_count], *e = &out->e[row * n_count];
  double *w = &out->w[row * n_count];
  memset(magnitude, 0, (size_t)n_count * sizeof *magnitude);
  for (uint64_t k = 0; k < k_count; k++) {
    bounded x = {a->v[row * k_count + k], a->e[row * k_count + k]};
    const double *y = &b->v[(first + k) * n_count];
    const double *y_error = &b->e[(first + k) * n_count];
    double x_near = a->w[row * k_count + k];
    const double *y_near = &b->w[(first + k) * n_count];
    for (uint64_t n = 0; n < n_count; n++) {
      bounded product = bound_mul(x, (bounded){y[n], y_error[n]});
      v[n] += product.v;
      e[n] += product.e;
      magnitude[n] += fabs(product.v);
      w[n] += x_near * y_near[n];
    }
    bool rounds =
        is_narrow_sum && (k + 1) % (uint64_t)numbers.terms_per_rounding == 0;
    for (uint64_t n = 0; rounds && n < n_count; n++)
      w[n] = narrow(w[n]);
  }
  double roundings =
      is_narrow_sum ? (double)k_count / numbers.terms_per_rounding : 0;
  for (uint64_t n = 0; n < n_count; n++) {
    // Products that are too small to be seen are worth no more than all are.
    e[n] += roundings * 0x1p-9 * magnitude[n] +
            fmin((double)k_count * numbers.least, magnitude[n]);
    bool may_overflow = !(magnitude[n] + e[n] < numbers.largest);
    e[n] = may_overflow ? INFINITY : in_range((bounded){v[n], e[n]});
    w[n] = narrow(w[n]);
  }
}

static void multiply(evaluation *e, const tsr_op *op, const bool *rows,
                     reference_value *out) {
  const reference_value *a = source(e, op, 0), *b = source(e, op, 1);
  const tsr_type_desc *left = desc_of(tsr_op_operand(op, 0));
  uint64_t m_count = left->extents[left->rank - 2];
  bool is_shared = b->rows == a->cols;
  double *magnitude = TSR_NEW_ARRAY(e->arena, double, (size_t)b->cols);
  for (uint64_t row = 0; row < out->rows; row++)
    if (rows[row])
      multiply_row(a, b, row, is_shared ? 0 : row / m_count * a->cols,
                   e->is_narrow, magnitude, out);
}

static void apply(evaluation *e, const tsr_op *op, bound_fn *bound,
                  const bool *rows, reference_value *out) {
  size_t last = tsr_op_operand_count(op) - 1;
  bool is_product = tsr_op_is(op, TSR_OP_tensor_mul);
  map_rows(is_product ? source(e, op, 0) : operand(e, op, 0),
           is_product ? source(e, op, last) : operand(e, op, last), bound, rows,
           out);
}

// Verifiers let nothing but tensor ops into a reference, and a test wants a row
// for each.
static void evaluate_op(evaluation *e, const tsr_op *op) {
  const tsr_value *result = tsr_op_result(op, 0);
  const bool *rows = evaluation_rows(e, result);
  reference_value *out = new_value(e, result);
  bound_fn *bound = NULL;
  for (size_t i = 0; i < sizeof bound_rows / sizeof bound_rows[0]; i++)
    if (tsr_op_is(op, bound_rows[i].op))
      bound = bound_rows[i].bound;
  assert(bound || tsr_op_is(op, TSR_OP_tensor_matmul));
  if (bound)
    apply(e, op, bound, rows, out);
  else
    multiply(e, op, rows, out);
  if (e->is_narrow)
    round_value(out);
  if (is_spilled(e, result))
    round_value(out);
  tsr_map_set(&e->values, result, out);
}

static void evaluate_inputs(evaluation *e) {
  const tsr_block *body = tsr_op_block(e->reference, 0);
  size_t next = 0;
  for (size_t i = 0; i < e->inputs->count; i++) {
    const tsr_run_value *input = &e->inputs->items[i];
    if (!input->input || next >= tsr_block_arg_count(body))
      continue;
    const tsr_value *arg = tsr_block_arg(body, next++);
    reference_value *value = new_value(e, arg);
    for (uint64_t k = 0; k < input->elems; k++) {
      value->v[k] = input->values[k];
      value->e[k] = in_range((bounded){value->v[k], 0});
      value->w[k] = flush(value->v[k]);
    }
    tsr_map_set(&e->values, arg, value);
  }
}

static void evaluate_body(evaluation *e, const tsr_block *body);

// What is called may be evaluated again: its values have what they were worth
// the last time.
static void evaluate_call(evaluation *e, const tsr_op *call) {
  const tsr_block *body = called_body(call);
  for (size_t i = 0; i < tsr_op_operand_count(call); i++)
    tsr_map_set(&e->values, tsr_block_arg(body, i),
                tsr_map_find(&e->values, tsr_op_operand(call, i)));
  evaluate_body(e, body);
  const tsr_op *end = tsr_block_terminator(body);
  for (size_t i = 0; i < tsr_op_result_count(call); i++)
    tsr_map_set(&e->values, tsr_op_result(call, i),
                tsr_map_find(&e->values, tsr_op_operand(end, i)));
}

static void evaluate_body(evaluation *e, const tsr_block *body) {
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_call))
      evaluate_call(e, op);
    else if (!tsr_op_has_trait(op, TSR_TRAIT_TERMINATOR))
      evaluate_op(e, op);
}

void evaluate_reference(evaluation *e) {
  const tsr_block *body = tsr_op_block(e->reference, 0);
  e->multiply_adds = count_multiply_adds(body);
  e->fidelity = FIDELITIES - 1;
  note_rounding(e, e->function);
  mark_needed_whole(e, body);
  evaluate_inputs(e);
  evaluate_body(e, body);
}

// What result `k` must be, rounded to what its buffer holds.
const reference_value *evaluation_result(evaluation *e, size_t k,
                                         const tsr_value **out_value) {
  const tsr_op *ret = tsr_block_terminator(tsr_op_block(e->reference, 0));
  if (!ret || k >= tsr_op_operand_count(ret))
    return NULL;
  const tsr_value *value = tsr_op_operand(ret, k);
  const tsr_value *buffer =
      e->reference == e->function ? value : find_output(e->function, k);
  *out_value = value;
  const reference_value *found = tsr_map_find(&e->values, value);
  if (!buffer || !is_bf16(buffer) || is_spilled(e, value))
    return found;
  reference_value *rounded = new_value(e, value);
  size_t bytes = (size_t)(found->rows * found->cols) * sizeof *found->v;
  memcpy(rounded->v, found->v, bytes);
  memcpy(rounded->e, found->e, bytes);
  memcpy(rounded->w, found->w, bytes);
  round_value(rounded);
  return rounded;
}
