// Changing IR: insertion points, replacing, cloning, moving, splitting and
// inlining blocks, removing what is dead, and patterns that are applied until
// none applies.
//
// What changes IR through a rewriter tells whoever listens, so that a worklist
// holds what may have something to do and nothing else.

#ifndef TESSERA_REWRITE_H
#define TESSERA_REWRITE_H

#include "tessera/arena.h"
#include "tessera/diag.h"
#include "tessera/hash.h"
#include "tessera/ir.h"

TSR_BEGIN_DECLS

// -- the rewriter -------------------------------------------------------------

// Ops are built with the builder functions at `at`, say
//   tsr_build_index(&r->at, TSR_OP_add, a, b)
// which tells the listener, too.
typedef struct tsr_rewriter {
  tsr_builder at;
  void *data; // of who owns the patterns
} tsr_rewriter;

// A rewriter that nobody listens to, at the end of the module.
tsr_rewriter tsr_rewriter_make(tsr_module *module);

// Where ops are built next. The first two take over the location of `op`.
void tsr_rewriter_set_before(tsr_rewriter *r, tsr_op *op);
void tsr_rewriter_set_after(tsr_rewriter *r, tsr_op *op);
void tsr_rewriter_set_start(tsr_rewriter *r, tsr_block *block);
void tsr_rewriter_set_end(tsr_rewriter *r, tsr_block *block);

// Says that `op` is not what it was, for changes that nothing below makes, such
// as attributes. Call it after the change.
void tsr_rewriter_changed(tsr_rewriter *r, tsr_op *op);

// Puts another value in place of operand `i`.
void tsr_rewriter_set_operand(tsr_rewriter *r, tsr_op *op, size_t i,
                              tsr_value *value);
// `groups` as in tsr_op_desc.
void tsr_rewriter_set_operands(tsr_rewriter *r, tsr_op *op,
                               tsr_value *const *operands, size_t count,
                               const uint32_t *groups);
void tsr_rewriter_replace_uses(tsr_rewriter *r, tsr_value *value,
                               tsr_value *with);

// Erases `op`, whose results must have no uses left.
void tsr_rewriter_erase(tsr_rewriter *r, tsr_op *op);
// Gives the uses of the results of `op` to `values`, one for each, and erases
// it.
void tsr_rewriter_replace(tsr_rewriter *r, tsr_op *op,
                          tsr_value *const *values);

// Takes `op` out of its place and puts it in front of, or behind, `position`,
// which is neither `op` nor in it.
void tsr_rewriter_move_before(tsr_rewriter *r, tsr_op *op, tsr_op *position);
void tsr_rewriter_move_after(tsr_rewriter *r, tsr_op *op, tsr_op *position);

// Inserts a copy of `op` with all in it. `map` (old value to new) says which
// operands are replaced; the values that are copied are added to it.
tsr_op *tsr_rewriter_clone(tsr_rewriter *r, const tsr_op *op, tsr_map *map);
// Inserts copies of the ops of `block`, its terminator left out.
void tsr_rewriter_clone_block(tsr_rewriter *r, const tsr_block *block,
                              tsr_map *map);

// Moves the ops of `block` in front of `position`, which is outside of it.
//
// in     `args`: what stands for the arguments of the block, one for each
// out    `out_yielded`: what its terminator handed over; room for all of that.
//        NULL when the block has no terminator or nobody wants to know
// owns   the terminator is erased; the block stays behind empty, its arguments
//        unused
void tsr_rewriter_inline_block(tsr_rewriter *r, tsr_block *block,
                               tsr_value *const *args, tsr_op *position,
                               tsr_value **out_yielded);
// Moves `first` and what follows it in its block, a terminator left out, to the
// end of `into`.
void tsr_rewriter_split_block(tsr_rewriter *r, tsr_op *first, tsr_block *into);

// -- dead code ----------------------------------------------------------------

typedef struct tsr_dead_options {
  // Also ops that are a place as well as a value: with a slot of DST or a
  // stream. For ops that nothing relies on yet.
  bool takes_places;
  // For who watches, may be NULL: an op in a block, and whether it goes.
  void *user;
  void (*visiting)(void *user, const tsr_op *op, bool is_dead);
} tsr_dead_options;

// Removes what nothing uses from the blocks of `op`: ops, values that loops
// carry, results of loops and branches; and if `op` itself is a loop or a
// branch, its results without uses.
//
// in     `scratch`: for what is remembered meanwhile
// out    `op`, or the one with fewer results that took its place
// cost   linear in the ops, times the depth of blocks
tsr_op *tsr_remove_dead(tsr_op *op, const tsr_dead_options *options,
                        tsr_arena *scratch);

// -- patterns -----------------------------------------------------------------

// What to do with ops of one kind. One of `fold` and `apply` is set.
typedef struct tsr_pattern {
  tsr_op_kind root;
  const char *name;
  // Patterns of a kind are tried from the largest to the smallest, and in the
  // order of the sets where this is equal.
  uint32_t benefit;
  // What the one result of `op` is worth; NULL when it is not known better. The
  // op is replaced by it. May build ops, which stand in front of `op`.
  tsr_value *(*fold)(tsr_rewriter *r, tsr_op *op);
  // Changes IR through `r` and returns true, or leaves it and `r` and returns
  // false.
  bool (*apply)(tsr_rewriter *r, tsr_op *op);
} tsr_pattern;

// Patterns that belong together.
typedef struct tsr_pattern_set {
  const tsr_pattern *patterns;
  size_t count;
} tsr_pattern_set;

// An op as it was before a pattern applied, which may have erased it.
typedef struct tsr_rewritten {
  tsr_op_kind kind;
  tsr_loc loc;
  const tsr_op *parent;
} tsr_rewritten;

typedef struct tsr_rewrite_options {
  // Rewrites after which patterns count as endless; 0: a number that grows with
  // the ops and that no set of patterns reaches that comes to an end.
  uint64_t max_rewrites;
  void *data; // becomes the rewriter's
  // For who watches: the op that patterns are tried on next, and what applied;
  // either may be NULL.
  void *user;
  void (*visiting)(void *user, const tsr_op *op);
  void (*applied)(void *user, const tsr_pattern *pattern,
                  const tsr_rewritten *op);
} tsr_rewrite_options;

typedef struct tsr_rewrite_counts {
  uint64_t visits;   // ops that patterns were tried on
  uint64_t rewrites; // patterns that applied
  uint64_t sweeps;
} tsr_rewrite_counts;

// Applies patterns to all ops of the module, references left out, until none
// applies.
//
// A sweep takes every op once, in the order of the text, and then what was
// changed, first come first served. Patterns may look deeper than one op, so a
// sweep that changed something is followed by another. The order does not
// depend on use lists, hashes or addresses.
//
// in     `options`: NULL for none
// out    `out_counts`: NULL when nobody wants to know
// fails  more rewrites than the bound; reported at the op that was to be
//        changed next, and the module is valid IR
// cost   linear in the ops and rewrites
TSR_MUST_USE tsr_result tsr_rewrite(tsr_module *module,
                                    const tsr_pattern_set *sets, size_t count,
                                    const tsr_rewrite_options *options,
                                    tsr_diag *diag,
                                    tsr_rewrite_counts *out_counts);

TSR_END_DECLS

#endif
