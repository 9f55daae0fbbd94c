// Facts that passes share: computed when a pass asks for them, kept while they
// are true.
//
// A pass asks with tsr_analyses_get_<analysis>(env->analyses). Facts that are
// there are handed out again as long as the module has not changed, or the
// pass that changed it says, by its row or by tsr_analyses_preserve, that it
// leaves them true. All others are computed anew, so facts are never stale,
// also within a pass that changes IR between two questions.
//
// Facts hold pointers to ops and values: what a pass erases it may not ask
// about.

#ifndef TESSERA_ANALYSES_H
#define TESSERA_ANALYSES_H

#include "tessera/analysis.h"

TSR_BEGIN_DECLS

typedef enum tsr_analysis {
#define TSR_ANALYSIS(id, ...) TSR_ANALYSIS_##id,
#include "tessera/analyses.def"
  TSR_ANALYSIS_COUNT
} tsr_analysis;

// Sets of analyses, for the row of a pass: TSR_PRESERVES(loops) | ...
#define TSR_PRESERVES(id)     (1u << TSR_ANALYSIS_##id)
#define TSR_PRESERVES_NOTHING 0u
#define TSR_PRESERVES_ALL     ((1u << TSR_ANALYSIS_COUNT) - 1)

typedef struct tsr_analysis_info {
  const char *name;
  const char *summary;
} tsr_analysis_info;

// The row of an analysis; lasts for ever.
const tsr_analysis_info *tsr_analysis_get_info(tsr_analysis analysis);

// -- asking -------------------------------------------------------------------

// The facts of one module.
typedef struct tsr_analyses tsr_analyses;

#define TSR_ANALYSIS(id, name, type, summary)                                  \
  typedef struct type type;                                                    \
  /* Valid until the module changes, or facts are no longer preserved. */      \
  type *tsr_analyses_get_##id(tsr_analyses *analyses);
#include "tessera/analyses.def"

// Says that what the pass does to the module leaves these analyses true; for
// passes that know only when they run.
void tsr_analyses_preserve(tsr_analyses *analyses, uint32_t kinds);

// -- dominance ----------------------------------------------------------------

// `a` is sure to have run before `b` starts: it comes first in a block around
// both. An op does not dominate what it holds.
bool tsr_dominance_is_before(const tsr_dominance *d, const tsr_op *a,
                             const tsr_op *b);
// `value` may be an operand of `op` where it stands.
bool tsr_dominance_has_value(const tsr_dominance *d, const tsr_value *value,
                             const tsr_op *op);

// -- liveness -----------------------------------------------------------------

// The last op that uses `value`, or holds an op that does, in the block that
// `value` belongs to; NULL when nothing uses it.
tsr_op *tsr_liveness_last_use(const tsr_liveness *l, const tsr_value *value);
// Something may use `value` when `op` has run: later in the text, or in another
// round of a loop that `value` comes from outside of.
bool tsr_liveness_is_live_after(const tsr_liveness *l, const tsr_value *value,
                                const tsr_op *op);

// -- loops --------------------------------------------------------------------

typedef struct tsr_loop {
  tsr_op *op;                    // for or tile.parallel
  const struct tsr_loop *parent; // the loop around it, or NULL
  uint32_t depth;                // loops around it
  bool is_innermost;
  tsr_index_range trips; // iterations, whatever the sizes of buffers
} tsr_loop;

// In the order of the text, so a loop comes before those in it.
size_t tsr_loops_count(const tsr_loops *loops);
const tsr_loop *tsr_loops_get(const tsr_loops *loops, size_t i);
const tsr_loop *tsr_loops_find(const tsr_loops *loops, const tsr_op *op);

// -- ranges -------------------------------------------------------------------

// As tsr_index_get_range, but what was found is kept.
tsr_index_range tsr_ranges_get(tsr_ranges *ranges, const tsr_value *value);

// -- affine forms -------------------------------------------------------------

// constant + sum of coefficient * term. Equal forms are one pointer.
typedef struct tsr_form tsr_form;

// The form of an index value over loop variables, parameters and other values
// that are no sums. Holds whatever the sizes of buffers.
const tsr_form *tsr_affine_get(tsr_affine *affine, const tsr_value *value);
int64_t tsr_form_get_constant(const tsr_form *form);
size_t tsr_form_term_count(const tsr_form *form);
int64_t tsr_form_get_coefficient(const tsr_form *form, size_t i);
// The value that is term `i`; NULL when it is a product, quotient, ... of
// forms.
const tsr_value *tsr_form_get_value(const tsr_form *form, size_t i);
// How often `value` counts; 0 also when it stands inside of another term, which
// `*out_is_linear` says.
int64_t tsr_form_find_coefficient(const tsr_form *form, const tsr_value *value,
                                  bool *out_is_linear);

// -- keeping ------------------------------------------------------------------
// For who runs passes.

// in     `is_checked`: facts that are kept on somebody's word are computed anew
//        and compared; `diag` may be NULL when they are not
tsr_analyses *tsr_analyses_create(tsr_module *module, bool is_checked,
                                  tsr_diag *diag);
void tsr_analyses_destroy(tsr_analyses *analyses); // NULL is fine

// `stretch` is called with an analysis's name before it is computed and with
// NULL behind it; `user` goes with it.
void tsr_analyses_watch(tsr_analyses *analyses,
                        void (*stretch)(void *user, const char *name),
                        void *user);

// A pass starts that says it preserves `kinds`.
void tsr_analyses_begin_pass(tsr_analyses *analyses, const char *pass_name,
                             uint32_t kinds);
// The pass has done what it does.
//
// fails  when facts are checked and differ from what was preserved; reported at
//        an op that they are wrong about
TSR_MUST_USE tsr_result tsr_analyses_end_pass(tsr_analyses *analyses);

// How often facts were computed, for tests and figures.
uint64_t tsr_analyses_count_computed(const tsr_analyses *analyses,
                                     tsr_analysis analysis);

TSR_END_DECLS

#endif
