// allocate-dst, shared by its parts.
//
//   allocate_dst.c          walks a launch, decides what a section holds
//   allocate_dst_prepare.c  one stream for each load, one fill for each use
//   allocate_dst_slots.c    who holds which slot of DST
//   allocate_dst_plan.c     slots for the ops of a section
//   allocate_dst_flow.c     slots for loops and branches in a section
//   allocate_dst_close.c    makes a planned section
//
// A section is planned op by op and made when it closes. Planning changes no
// IR: it collects edits, so a loop that turns out not to fit is taken back by
// dropping them.
#ifndef TESSERA_PASSES_ALLOCATE_DST_H
#define TESSERA_PASSES_ALLOCATE_DST_H

#include "tessera/hash.h"
#include "tessera/pass_report.h"
#include "tessera/vector.h"

// More slots than any DST has (target_fields.def).
enum { TSR_DST_SLOTS_MAX = 64 };

// A tile value that is in DST in the section being planned.
typedef struct tsr_dst_value {
  tsr_value *value; // NULL: a copy that is not made yet
  const tsr_type *type;
  uint32_t slot, width;
  uint32_t uses_left; // by ops not planned yet, wherever they are
  uint32_t pins;      // loops around the plan that need it to stay, and locks
  uint32_t section;   // the section it is in; 0: taken back
  bool is_live;       // holds its slots
  bool is_cache;      // a copy of a stream's tile, which can be copied again
} tsr_dst_value;

typedef enum tsr_dst_edit_kind {
  TSR_DST_EDIT_COPY, // a tile.copy before `op`
  TSR_DST_EDIT_USE,  // operand `operand` of `op` becomes `to`
  TSR_DST_EDIT_SLOT, // `op` gets attribute dst
  TSR_DST_EDIT_CLEAR // the fill `op`, which makes `to`, becomes dst.cleared
} tsr_dst_edit_kind;

typedef struct tsr_dst_edit {
  tsr_dst_edit_kind kind;
  tsr_op *op;
  size_t operand;
  tsr_value *stream;         // COPY: of this stream value, or
  const tsr_dst_value *from; // of this one
  tsr_dst_value *to;
  uint32_t slot;
} tsr_dst_edit;

// State of DST at one point of the plan.
typedef struct tsr_dst_state {
  size_t live_count;
  tsr_dst_value **live;
  tsr_dst_value *saved; // what *live[i] was
  uint8_t refs[TSR_DST_SLOTS_MAX];
  bool touched[TSR_DST_SLOTS_MAX];
  size_t edit_count, created_count;
} tsr_dst_state;

// How planning an op went.
typedef enum tsr_dst_fit {
  TSR_DST_FITS,
  TSR_DST_FULL,         // DST has not enough room
  TSR_DST_NEEDS_STREAM, // the FPU wants a value that is in DST
  TSR_DST_ERROR         // reported
} tsr_dst_fit;

// What is known under the name of a stream.
typedef struct tsr_dst_stream {
  tsr_op *op;      // NULL: only counted
  uint32_t copies; // names made of this one: name_1, name_2, ...
} tsr_dst_stream;

// One core.launch.
typedef struct tsr_dst_plan {
  tsr_pass_env *env;
  tsr_module *module;
  tsr_context *context;
  tsr_op *launch;
  bool is_32bit, full_sync;
  bool needs_32bit;      // tiles of f32 come into DST
  uint32_t capacity;     // tiles of one section
  tsr_op *last_stream;   // the streams stand at the top of the body
  tsr_bytes_map streams; // their names to tsr_dst_stream
  tsr_map store_order;   // tile.store to its number, counted from 1
  tsr_map stored;        // buffers that the launch stores to
  tsr_map contents;      // for or if to TSR_DST_HOLDS_* + 1
  tsr_map handed;        // for or if outside sections to its tsr_dst_streams
  tsr_op *opening;       // the loop outside sections that starts next, or NULL

  // The section being planned.
  uint32_t section;                // its number
  tsr_block *block;                // that its ops stand in
  tsr_vec ops;                     // that it takes from `block`
  tsr_vec edits;                   // of tsr_dst_edit
  tsr_vec created;                 // of tsr_dst_value
  tsr_vec live;                    // of tsr_dst_value
  tsr_map loaded;                  // updated buffers that loops in it load
  uint8_t refs[TSR_DST_SLOTS_MAX]; // live values in each slot
  bool touched[TSR_DST_SLOTS_MAX]; // written by this section
  tsr_map values;   // tsr_value to tsr_dst_value, of this and earlier sections
  tsr_map caches;   // stream value to its copy, see allocate_dst_plan.c
  tsr_map hints;    // value to the slot it should go to, plus 1
  uint32_t attempt; // counts what was taken back
  uint32_t loops;   // around the plan, in the section
  uint32_t needed;  // slots that would have been enough, after TSR_DST_FULL
  tsr_block *at;    // the block being planned
} tsr_dst_plan;

enum { TSR_DST_HOLDS_STORE = 1, TSR_DST_HOLDS_TILES = 2 };

// The streams of the results of a `for` or `if` outside sections.
typedef struct tsr_dst_streams {
  const char **symbols; // NULL for an index
} tsr_dst_streams;

// Who takes a stream value.
typedef enum tsr_dst_use_kind {
  TSR_DST_USE_COPY,  // copied into DST, exactly
  TSR_DST_USE_FPU,   // operand of the FPU, by source registers
  TSR_DST_USE_STORE, // written to a buffer
  TSR_DST_USE_COUNT
} tsr_dst_use_kind;

// -- allocate_dst_prepare.c ---------------------------------------------------

bool tsr_dst_is_tile(const tsr_value *value);
tsr_element tsr_dst_element(const tsr_value *value);
// Operand `i` of `op` is read from a circular buffer by the FPU.
bool tsr_dst_is_fpu_operand(const tsr_op *op, size_t i);
bool tsr_dst_is_pack_cast(const tsr_op *op);
tsr_dst_use_kind tsr_dst_get_use_kind(const tsr_use *use);
// The kinds of all uses, as a set of bits 1u << kind.
uint32_t tsr_dst_get_use_kinds(const tsr_value *value);
// Makes the uses of `from` of these kinds uses of `to`.
void tsr_dst_move_uses(tsr_value *from, tsr_value *to, uint32_t kinds);
// How the stream of a value serves uses of `kinds`: by unpacking for the FPU
// when only the FPU reads it, else exactly.
tsr_dst_use_kind tsr_dst_choose_compute_kind(const tsr_value *value,
                                             uint32_t kinds);
// The same for all uses; TSR_DST_USE_STORE when they are all stores.
tsr_dst_use_kind tsr_dst_choose_kind(const tsr_value *value);
// Uses that a stream of this kind cannot serve get a copy, made where `builder`
// stands, which leaves its section by streams of their kinds.
void tsr_dst_serve_others(tsr_value *value, tsr_dst_use_kind kind,
                          tsr_builder builder);
// `op` loads from a buffer that the launch stores to.
bool tsr_dst_is_of_updated(const tsr_dst_plan *plan, const tsr_op *op);
// What is in `op` or the blocks of it: TSR_DST_HOLDS_*.
uint32_t tsr_dst_get_contents(tsr_dst_plan *plan, const tsr_op *op);

// Adds a stream of values of `type`, named `name` if that is a word.
//
// in     `kind`: how it is used, TSR_DST_USE_STORE: by the writer
tsr_op *tsr_dst_add_stream(tsr_dst_plan *plan, const char *name,
                           const char *fallback, const char *from,
                           tsr_dst_use_kind kind, const tsr_type *type,
                           tsr_loc loc);

// The stream of that name.
tsr_op *tsr_dst_find_stream(tsr_dst_plan *plan, const char *symbol);

// Checks that the launch is what select-units leaves; then removes what is
// dead, gives each use of a fill its own, each load one kind of use and a
// stream.
tsr_result tsr_dst_prepare(tsr_dst_plan *plan);

// -- allocate_dst_slots.c -----------------------------------------------------

// The value as it is in DST in this section, or NULL.
tsr_dst_value *tsr_dst_find(const tsr_dst_plan *plan, const tsr_value *value);
// Says that `value` is in DST from `slot` on; NULL: a copy still to be made.
tsr_dst_value *tsr_dst_add_value(tsr_dst_plan *plan, tsr_value *value,
                                 const tsr_type *type, uint32_t slot,
                                 uint32_t uses);
void tsr_dst_release(tsr_dst_plan *plan, tsr_dst_value *value);
// One use is planned; a value without further ones gives its slots back.
void tsr_dst_consume(tsr_dst_plan *plan, tsr_dst_value *value);
// Nothing but the next `uses` uses needs the value: its slots can be written.
bool tsr_dst_can_take(const tsr_dst_plan *plan, const tsr_dst_value *value,
                      uint32_t uses);
// Nothing is in `width` slots from `slot` on; `fresh`: as in tsr_dst_allocate.
bool tsr_dst_is_free(const tsr_dst_plan *plan, uint32_t slot, uint32_t width,
                     bool fresh);
// Finds `width` free slots in a row, from `hint` on if that is possible.
//
// in     `hint`: a slot plus 1, or 0; `fresh`: that this section has not
//        written and no loop comes back to
// fails  false when there are none, even with caches dropped; plan->needed says
//        how many there would have to be
bool tsr_dst_allocate(tsr_dst_plan *plan, uint32_t width, uint32_t hint,
                      bool fresh, uint32_t *out_slot);
void tsr_dst_touch(tsr_dst_plan *plan, uint32_t slot, uint32_t width);
uint32_t tsr_dst_count_uses(const tsr_value *value);

tsr_dst_state *tsr_dst_save(tsr_dst_plan *plan);
// Back to `state`, without what was planned since.
void tsr_dst_roll_back(tsr_dst_plan *plan, const tsr_dst_state *state);
// Slots and liveness as in `state`; keeps what was planned since.
void tsr_dst_restore(tsr_dst_plan *plan, const tsr_dst_state *state);
// Drops all live values but `keep`.
void tsr_dst_keep_only(tsr_dst_plan *plan, tsr_dst_value *const *keep,
                       size_t count);

// -- allocate_dst_plan.c ------------------------------------------------------

void tsr_dst_add_edit(tsr_dst_plan *plan, tsr_dst_edit edit);
// Plans a copy before `op`, of `from` or else of `stream`, to `slot`; operand
// `operand` of `op` becomes the copy.
tsr_dst_value *tsr_dst_plan_copy(tsr_dst_plan *plan, tsr_op *op, size_t operand,
                                 const tsr_dst_value *from, tsr_value *stream,
                                 uint32_t slot);
// Plans tile math, a loop or a branch.
tsr_dst_fit tsr_dst_plan_op(tsr_dst_plan *plan, tsr_op *op);
tsr_dst_fit tsr_dst_plan_block(tsr_dst_plan *plan, tsr_block *block);

// -- allocate_dst_flow.c ------------------------------------------------------

tsr_dst_fit tsr_dst_plan_for(tsr_dst_plan *plan, tsr_op *op);
tsr_dst_fit tsr_dst_plan_if(tsr_dst_plan *plan, tsr_op *op);

// -- allocate_dst_close.c -----------------------------------------------------

// Starts the next section, in `block`.
void tsr_dst_open(tsr_dst_plan *plan, tsr_block *block);
// Makes the section that was planned, if it holds anything, and starts the
// next.
void tsr_dst_close(tsr_dst_plan *plan);

#endif
