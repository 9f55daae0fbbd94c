// What the files of this part share.
//
// The facts about a nest of loops come from its skeleton: the index arithmetic
// and control flow that decide which tiles and pages the ops of interest touch,
// with values numbered so that running it is array accesses. It is run in two
// ways: once per core over intervals, which proves what is affine whatever the
// trip counts, and, where that does not decide, iteration by iteration.

#ifndef TESSERA_LIB_ANALYSIS_IMPL_H
#define TESSERA_LIB_ANALYSIS_IMPL_H

#include "tessera/analysis.h"
#include "tessera/vector.h"

// -- skeletons ----------------------------------------------------------------

// A value's place in the arrays of a run.
typedef uint32_t tsr_slot;
#define TSR_NO_SLOT UINT32_MAX

// Where the number in a slot comes from.
typedef enum tsr_slot_kind {
  TSR_SLOT_COMPUTED, // a node writes it
  TSR_SLOT_CONSTANT,
  TSR_SLOT_PARAM, // differs by core
  TSR_SLOT_X,     // column of the core
  TSR_SLOT_Y,     // row of the core
  TSR_SLOT_UNKNOWN,
} tsr_slot_kind;

typedef struct tsr_slot_info {
  tsr_slot_kind kind;
  union {
    int64_t number;            // constant
    const tsr_attr *runs;      // param
    const struct tsr_node *by; // computed: math or loop; NULL: carried
  };
} tsr_slot_info;

typedef enum tsr_node_kind {
  TSR_NODE_MATH,
  TSR_NODE_LOOP,
  TSR_NODE_BRANCH,
  TSR_NODE_EVENT,
} tsr_node_kind;

// A number a loop hands on, or an `if` chooses.
typedef struct tsr_carry {
  tsr_slot init; // before the loop; from the first block of an `if`
  tsr_slot arg;  // in the body
  tsr_slot next; // yielded; from the second block of an `if`
  tsr_slot result;
} tsr_carry;

// An op of interest, met where control flow reaches it.
typedef struct tsr_event {
  const tsr_op *op;
  uint32_t id;           // counts up from 0 in a skeleton
  const tsr_slot *slots; // for each operand; TSR_NO_SLOT: not an index
} tsr_event;

typedef struct tsr_node tsr_node;
struct tsr_node {
  tsr_node_kind kind;
  const tsr_op *op;
  tsr_node *next;
  tsr_slot dst;           // math; loop: its variable
  tsr_slot args[3];       // math: operands; loop: from, to, step; branch: [0]
  tsr_node *body, *other; // loop, branch
  tsr_carry *carries;     // loop, branch
  uint32_t carry_count;
  uint32_t loop_id; // loop: counts up from 0 in a skeleton
  tsr_event event;
};

// Which ops become events.
enum {
  TSR_WANT_LOADS = 1u << 0,   // tile.load, tile.contract, noc.read_tile
  TSR_WANT_STORES = 1u << 1,  // tile.store, noc.write_tile
  TSR_WANT_CB = 1u << 2,      // cb.reserve, cb.push, cb.wait, cb.pop
  TSR_WANT_MACHINE = 1u << 3, // ops that name DST slots or pages of a CB
  TSR_WANT_BARRIERS = 1u << 4 // noc.read_barrier
};

typedef struct tsr_skeleton {
  const tsr_op *root; // tile.parallel, core.launch or kernel
  tsr_arena *arena;
  tsr_map slots; // value to its slot + 1
  tsr_slot_info *infos;
  size_t slot_count, slot_capacity;
  tsr_node *prefix; // arithmetic outside the root that it uses
  tsr_node *body;
  tsr_node **prefix_end;
  uint32_t event_count, loop_count;
  uint32_t want;
  tsr_node *spare; // nodes that nobody has taken
  size_t spare_count;
} tsr_skeleton;

// Builds the skeleton of the block of `root`.
//
// in     `want`: TSR_WANT_*; loops and branches without such ops in them are
//        left out, unless they compute a number
// owns   everything lives in `arena`
void tsr_skeleton_init(tsr_skeleton *s, const tsr_op *root, uint32_t want,
                       tsr_arena *arena);

// Leaves out what has no part in how `buffer` is accessed, nor, where those are
// wanted, in what moves pages of circular buffers or waits for loads. The
// numbers of events, loops and slots stay.
//
// in     `rings`: names of the circular buffers, with the barriers beside what
//        is kept; NULL: all
void tsr_skeleton_keep_buffer(tsr_skeleton *s, const tsr_value *buffer,
                              const tsr_map *rings);

// One access to a buffer by an event.
typedef struct tsr_access {
  const tsr_op *op;
  const tsr_value *buffer; // as in the block around kernels
  bool is_store;
  bool is_page;          // slots[0] is a page number, not an index per axis
  const tsr_slot *slots; // TSR_NO_SLOT: all of this axis
  uint32_t count;
  uint32_t block_rows, block_cols; // tiles
  tsr_slot valid_rows, valid_cols; // TSR_NO_SLOT: all of the block
} tsr_access;

// Lists the accesses of an event: none, one, or two for tile.contract.
size_t tsr_event_get_accesses(const tsr_event *event, tsr_access out[2]);

// Pages of an access in one step: `rows` runs of `cols` pages each, `stride`
// apart.
typedef struct tsr_page_block {
  uint64_t first, rows, cols, stride;
} tsr_page_block;

// False: some of them are not in the buffer.
//
// in     `values`: numbers by slot
bool tsr_access_get_pages(const tsr_access *access, const int64_t *values,
                          tsr_page_block *out);

// The operand of a kernel that its block argument `arg` stands for; NULL for
// other values and for arguments that name a symbol.
const tsr_value *tsr_value_find_kernel_operand(const tsr_value *arg);

// The buffer that a data movement kernel or a body addresses, as a value of
// the block around it; NULL when it cannot be told.
const tsr_value *tsr_value_find_buffer(const tsr_value *value);

// -- running over intervals ---------------------------------------------------

typedef struct tsr_frame {
  const tsr_node *loop;
  int64_t trip_min, trip_max;
  const struct tsr_frame *outer;
} tsr_frame;

// One run of a skeleton on one core, in which each slot holds the interval of
// numbers it can have.
typedef struct tsr_interval_run tsr_interval_run;
typedef void tsr_interval_visit(tsr_interval_run *run, const tsr_event *event);
typedef bool tsr_interval_below(tsr_interval_run *run, const tsr_node *node);
struct tsr_interval_run {
  const tsr_skeleton *skeleton;
  tsr_index_range *values;
  uint32_t core, x, y;
  const tsr_frame *frame; // innermost loop
  bool is_conditional;    // under an `if` that intervals do not decide
  // Pages counted by the visitor; a loop multiplies what its body adds.
  int64_t *counts; // negative: not known
  size_t count_size;
  tsr_interval_visit *visit;
  // Whether a difference that intervals alone do not decide does go below zero
  // in some round. NULL: nobody can tell.
  tsr_interval_below *goes_below;
  void *data;
  tsr_diag *diag;
};

// in     skeleton, core (its place in the order of params), x, y, counts and
//        visit are set; `values` has room for every slot
// fails  arithmetic that is wrong in every run (division by zero, below zero),
//        or below zero in a round that there is; reported
tsr_result tsr_interval_run_all(tsr_interval_run *run);

bool tsr_range_is_exact(tsr_index_range range);
tsr_index_range tsr_range_math(const tsr_op *op, const tsr_index_range args[3]);

// -- running step by step -----------------------------------------------------

typedef enum tsr_run_result {
  TSR_RUN_DONE,
  TSR_RUN_LIMIT,   // the steps are used up, or a number is not known
  TSR_RUN_STOPPED, // by the visitor or by wrong arithmetic, which is reported
} tsr_run_result;

typedef struct tsr_concrete_run tsr_concrete_run;
// Returns false to stop the run.
typedef bool tsr_concrete_visit(tsr_concrete_run *run, const tsr_event *event);
struct tsr_concrete_run {
  const tsr_skeleton *skeleton;
  int64_t *values;
  uint32_t core, x, y;
  uint64_t *steps_left;
  uint64_t *round_starts; // by loop: steps left when its round began; or NULL
  tsr_concrete_visit *visit;
  void *data;
  tsr_diag *diag;
};

tsr_run_result tsr_concrete_run_all(tsr_concrete_run *run);

// One op of index math on numbers; false when the result is no index.
bool tsr_index_compute(const tsr_op *op, const int64_t args[3], int64_t *out);

// -- linear forms -------------------------------------------------------------

// constant + sum of coefficient * atom, interned: equal forms are one pointer.
// An atom is a parameter, the count of a loop's iterations so far, or an
// operation on forms that is not linear.
typedef struct tsr_form tsr_form;

typedef struct tsr_atom {
  bool is_iteration;
  bool is_division; // of args, whatever the kind of `op`
  uint32_t id;
  tsr_slot slot;          // a parameter or a number nothing is known of
  const tsr_value *value; // in forms of values: the term itself
  const tsr_node *loop;   // iteration
  const tsr_op *op;       // not linear: of this kind, on these
  const tsr_form *args[2];
  int64_t max; // over all cores; INT64_MAX: not known
} tsr_atom;

typedef struct tsr_term {
  const tsr_atom *atom;
  int64_t coefficient;
} tsr_term;

struct tsr_form {
  int64_t constant;
  uint32_t count;
  uint32_t depth;        // of operations within operations
  const tsr_term *terms; // by atom id
};

typedef struct tsr_forms {
  tsr_arena *arena;
  tsr_bytes_map forms, atoms;
  uint32_t atom_count;
  const tsr_skeleton *skeleton;
  const tsr_form **by_slot; // NULL: nobody has asked for it
  tsr_map by_value;         // forms of values
} tsr_forms;

// Forms of the slots of a skeleton, found when they are asked for.
//
// owns   everything lives in `arena`
void tsr_forms_init(tsr_forms *forms, const tsr_skeleton *s, tsr_arena *arena);
const tsr_form *tsr_forms_of_slot(tsr_forms *forms, tsr_slot slot);
// Forms of values, found when they are asked for; they need no skeleton.
void tsr_forms_init_values(tsr_forms *forms, tsr_arena *arena);
const tsr_form *tsr_forms_of_value(tsr_forms *forms, const tsr_value *value);
// The form of the first page of an access; NULL when it is not known.
const tsr_form *tsr_forms_page(tsr_forms *forms, const tsr_access *access);
// What a form can be in this run, its loops running as `run` has them.
tsr_index_range tsr_form_get_range(const tsr_form *form,
                                   const tsr_interval_run *run);

// The largest number of the form is met for sure, in the last round of its
// loops. A form that is NULL is not known.
bool tsr_form_is_attained(const tsr_form *form, const tsr_interval_run *run);

// The form is negative for sure in some round of its loops.
bool tsr_form_goes_below(const tsr_form *form, const tsr_interval_run *run);

// -- units --------------------------------------------------------------------

// What every check needs.
typedef struct tsr_check {
  const tsr_module *module;
  const tsr_target *target;
  tsr_diag *diag;
  tsr_arena *arena;   // for what lasts: as long as a function, or all of it
  tsr_arena *scratch; // for the check of one unit; reset when it is done
  bool leaves_rules;  // of the chip to who runs the kernels
} tsr_check;

// Consecutive pages that one op stores on one core, each once.
typedef struct tsr_piece {
  uint64_t start, count;
  uint32_t core;
  const tsr_op *op;
  const struct tsr_unit *unit;
} tsr_piece;

// What a unit does with one buffer.
typedef struct tsr_usage {
  const tsr_value *buffer;
  const tsr_op *load, *store; // the first of each, or NULL
  tsr_piece *pieces;
  size_t piece_count, piece_capacity;
  bool is_inexact; // more is stored than the pieces
} tsr_usage;

// One skeleton of a unit with the cores it runs on.
typedef struct tsr_part {
  const tsr_op *root;
  const tsr_attr *cores; // NULL: all of the unit's
  // In scratch.
  tsr_skeleton *skeleton;
  tsr_forms *forms;
} tsr_part;

// A piece of work that runs on its own: a nest, a launch, or a program.
typedef struct tsr_unit {
  const tsr_op *op;
  const tsr_attr *cores; // NULL: tile.parallel, which is not on cores yet
  uint32_t *xy;          // of each core, in the order of the parameters
  uint32_t core_count;
  tsr_part *parts; // kernels of a program, else one
  size_t part_count;
  tsr_usage **usages; // in order of first access
  size_t usage_count, usage_capacity;
  tsr_map by_buffer;       // to tsr_usage; in scratch, but for a program
  bool has_unproved_range; // an index that intervals do not bound
  bool has_stray_page;     // which was left to who runs the kernels
} tsr_unit;

// Builds a unit and runs it over intervals: usages with their pieces, ranges of
// indices, slots and, for a program, what goes through its circular buffers.
//
// in     `op`: tile.parallel, core.launch or program
// fails  what is provably wrong; reported, and the unit is usable all the same
// owns   what is in scratch goes with that: skeletons and forms; cores, usages
//        and pieces live as long as the arena
tsr_result tsr_unit_init(tsr_unit *unit, const tsr_op *op,
                         const tsr_check *check);
tsr_usage *tsr_unit_find_usage(const tsr_unit *unit, const tsr_value *buffer);
bool tsr_unit_is_on(const tsr_unit *unit, const tsr_part *part, uint32_t core);
// Runs a part step by step, core by core, until it has run on all or not to its
// end.
//
// in     `run` is set but for the core
tsr_run_result tsr_unit_run_cores(const tsr_unit *unit, const tsr_part *part,
                                  tsr_concrete_run *run);

// Follows every index that intervals do not bound, step by step.
tsr_result tsr_unit_check_ranges(tsr_unit *unit, const tsr_check *check);

typedef enum tsr_race {
  TSR_RACE_NONE,    // whoever stores a page knows its loads to be over
  TSR_RACE_FOUND,   // not always
  TSR_RACE_UNCLEAR, // not decided: too many steps, numbers that are not known,
                    // several kernels that load, semaphores
  TSR_RACE_WRONG,   // arithmetic that is wrong; reported
} tsr_race;

// Follows what the kernels of a program do with one buffer.
tsr_race tsr_unit_find_race(const tsr_unit *unit, const tsr_check *check,
                            const tsr_usage *usage);

// Who does the work of a step: a core of a launch, an iteration of a nest that
// is not on cores yet; and how many there are, TSR_MAX_STEPS if more or if
// nobody knows.
uint64_t tsr_run_get_worker(const tsr_concrete_run *run, const tsr_unit *unit);
uint64_t tsr_unit_count_workers(const tsr_unit *unit);

// Loads and stores of one buffer within a unit keep their order when it runs.
tsr_result tsr_unit_check_order(tsr_unit *unit, const tsr_check *check);
// The same of a nest or a launch.
tsr_result tsr_unit_check_nest_order(tsr_unit *unit, const tsr_check *check);

// Reports that a load and a store of `buffer` race; `why` begins with "but".
tsr_result tsr_order_error(const tsr_check *check, const tsr_unit *unit,
                           const tsr_value *buffer, const tsr_op *load,
                           const tsr_op *store, const char *why);
// Warns that they may.
tsr_result tsr_order_warn(const tsr_check *check, const tsr_usage *usage);

// -- order_flow.c -------------------------------------------------------------

// The innermost block around both.
const tsr_block *tsr_op_find_common_block(const tsr_op *a, const tsr_op *b);
// Whoever goes through `block`, which is around `op`, meets `op`.
bool tsr_op_is_surely_met(const tsr_op *op, const tsr_block *block);
// What is stored depends on what is loaded, in the same round of all loops
// around both, if that round comes to the load. Of a load in loops that are
// around it alone, the last one counts. False when it is not sure.
bool tsr_op_depends(const tsr_op *store, const tsr_op *load);

// -- rules.c ------------------------------------------------------------------

// Reports that an op of a program, or of one of its kernels, breaks a rule of
// the chip on core `xy`; names all of them.
tsr_result tsr_rule_error(tsr_diag *diag, const tsr_op *op,
                          const uint32_t xy[2], const char *id,
                          const char *format, ...) TSR_PRINTF(5, 6);

// -- checks over units --------------------------------------------------------

// Steps that one run may take before it gives up.
enum { TSR_MAX_STEPS = 10000000 };

// A unit's accesses to a buffer, as its function sees it.
typedef struct tsr_touch {
  const tsr_op *op; // tile.parallel, core.launch or launch
  const tsr_unit *unit;
  const tsr_usage *usage;
} tsr_touch;

// Every page of a buffer is stored at most once by these together and, if
// `is_complete`, at least once.
tsr_result tsr_check_coverage(const tsr_check *check, const tsr_touch *touches,
                              size_t count, bool is_complete);

// "[3, 4]": the indices of a page, in `arena`.
const char *tsr_page_text(tsr_arena *arena, const tsr_value *buffer,
                          uint64_t page);
// The value's name with its '%'; "a buffer" if it has none.
const char *tsr_value_text(tsr_arena *arena, const tsr_value *value);

// Ops stand where their stage allows them.
tsr_result tsr_check_places(const tsr_check *check);
// Core sets, circular buffers, semaphores and kernels of a program fit the chip
// and each other. Or of a launch, whose circular buffers stand in it once
// allocate-cbs has made them.
tsr_result tsr_check_program(const tsr_check *check, const tsr_op *program);
// Compute kernels that configure the engine start it first, and once.
tsr_result tsr_check_starts(const tsr_check *check, const tsr_op *program);
// What is pushed into the circular buffers of a program is popped; DST slots
// and pages that ops name exist.
tsr_result tsr_check_protocol(const tsr_check *check, const tsr_unit *unit);
// `cores` lie within the grid of the module, which the target has.
tsr_result tsr_check_cores(const tsr_check *check, const tsr_op *op);
// Tiles of blocks that a nest or launch stores are there: loaded, put in, or
// computed from such.
tsr_result tsr_check_defined(const tsr_check *check, const tsr_op *nest);
// Tiles in DST are read from the slots they were put into.
tsr_result tsr_check_slots(const tsr_check *check, const tsr_op *launch);
// Buffers are written before they are read, and outputs wholly.
tsr_result tsr_check_function(const tsr_check *check, const tsr_op *function,
                              const tsr_map *programs);

#endif
