// Attributes: immutable facts on an op. Interned in the context like types,
// compared by pointer.
#ifndef TESSERA_ATTR_H
#define TESSERA_ATTR_H

#include "tessera/type.h"

TSR_BEGIN_DECLS

typedef enum tsr_attr_kind {
  TSR_ATTR_INT,     // 42, -1
  TSR_ATTR_FLOAT,   // 0.5, -inf, 1e-05
  TSR_ATTR_BOOL,    // true
  TSR_ATTR_STRING,  // "text"
  TSR_ATTR_KEYWORD, // hifi4: a bare word
  TSR_ATTR_SYMBOL,  // @name
  TSR_ATTR_TYPE,    // a type where a value is wanted
  TSR_ATTR_ARRAY,   // [a, b]
  TSR_ATTR_CORES,   // 8x8, or [(0,0)-(0,7), (1,0)-(1,3)]
  TSR_ATTR_RUNS,    // [0 +2 x16, 32 +1 x48]
} tsr_attr_kind;

// A rectangle of cores, both corners included; x is the column, y the row.
typedef struct tsr_core_range {
  uint32_t x0, y0, x1, y1;
} tsr_core_range;

// `count` numbers: first, first + step, first + 2 step, ...
typedef struct tsr_run {
  int64_t first, step;
  uint64_t count;
} tsr_run;

// How deep blocks stand in blocks, arrays in arrays, and calls in what is
// called. The reader and the verifier refuse more.
enum { TSR_MAX_NESTING = 256 };

// Numbers, truth values.
const tsr_attr *tsr_attr_int(tsr_context *context, int64_t value);
const tsr_attr *tsr_attr_float(tsr_context *context, double value);
const tsr_attr *tsr_attr_bool(tsr_context *context, bool value);
// Strings, keywords and symbols hold bytes without NUL; symbols without '@'.
const tsr_attr *tsr_attr_string(tsr_context *context, const char *text);
const tsr_attr *tsr_attr_keyword(tsr_context *context, const char *text);
const tsr_attr *tsr_attr_symbol(tsr_context *context, const char *name);
const tsr_attr *tsr_attr_type(tsr_context *context, const tsr_type *type);
const tsr_attr *tsr_attr_array(tsr_context *context,
                               const tsr_attr *const *items, size_t count);
// Ranges are kept in the order given; they must not overlap.
const tsr_attr *tsr_attr_cores(tsr_context *context,
                               const tsr_core_range *ranges, size_t count);
// Runs are joined where one continues the other, so equal lists are one
// attribute. At most TSR_MAX_RUN_NUMBERS numbers in all: the parser refuses
// more.
enum { TSR_MAX_RUN_NUMBERS = 65536 };
const tsr_attr *tsr_attr_runs(tsr_context *context, const tsr_run *runs,
                              size_t count);

// The kind, and the value of one of that kind: asking for another is an error
// of the caller.
tsr_attr_kind tsr_attr_get_kind(const tsr_attr *attr);
int64_t tsr_attr_get_int(const tsr_attr *attr);
double tsr_attr_get_float(const tsr_attr *attr);
bool tsr_attr_get_bool(const tsr_attr *attr);
// Text of a string, keyword or symbol; interned.
const char *tsr_attr_get_text(const tsr_attr *attr);
const tsr_type *tsr_attr_get_type(const tsr_attr *attr);
size_t tsr_attr_count(const tsr_attr *attr); // array, cores, runs
const tsr_attr *tsr_attr_item(const tsr_attr *attr, size_t i);
const tsr_core_range *tsr_attr_core_ranges(const tsr_attr *attr);
const tsr_run *tsr_attr_run_list(const tsr_attr *attr);

// Cores in a core set.
uint64_t tsr_cores_count(const tsr_attr *cores);
bool tsr_cores_contain(const tsr_attr *cores, uint32_t x, uint32_t y);
// The position of each core in `order` over the whole set: fills xy[2 * i] and
// xy[2 * i + 1] for i < tsr_cores_count. Column order walks x = 0 from top to
// bottom first; the ranges' own order does not matter.
void tsr_cores_list(const tsr_attr *cores, tsr_order order, uint32_t *xy);
// Numbers in a run list, and the i-th of them.
uint64_t tsr_runs_count(const tsr_attr *runs);
int64_t tsr_runs_at(const tsr_attr *runs, uint64_t i);

TSR_END_DECLS

#endif
