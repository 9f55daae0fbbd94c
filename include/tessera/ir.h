// The IR: a module of ops with SSA values, nested regions and use lists.
//
// Ops, values, blocks and regions live in the module's arena and are never
// freed singly. Names, types and attributes are interned in the context. Every
// region here has exactly one block: control flow is structured (for, if), so
// "region" and "block" are one thing and the API speaks of blocks.
#ifndef TESSERA_IR_H
#define TESSERA_IR_H

#include "tessera/attr.h"
#include "tessera/diag.h"

TSR_BEGIN_DECLS

// -- op kinds (rows of ops.def) -----------------------------------------------

typedef enum tsr_op_kind {
#define TSR_OP(id, ...) TSR_OP_##id,
#include "tessera/ops.def"
  TSR_OP_COUNT
} tsr_op_kind;

// What an op is, whatever its operands.
enum {
  TSR_TRAIT_TERMINATOR = 1u << 0, // ends a block
  TSR_TRAIT_SYMBOL = 1u << 1,     // defines @name (attribute "name")
  TSR_TRAIT_ISOLATED = 1u << 2,   // its block uses no value from outside
  TSR_TRAIT_TENSOR_MATH = 1u << 3,
  TSR_TRAIT_TILE_MATH = 1u << 4,   // element by element on tile values
  TSR_TRAIT_COMMUTATIVE = 1u << 5, // in its first two operands
  TSR_TRAIT_INDEX_MATH = 1u << 6,
  TSR_TRAIT_LOOP = 1u << 7,
  TSR_TRAIT_FUNCTION = 1u << 8, // func, reference, host, program
};

// What executing an op touches. Regions add the effects of what they hold.
enum {
  TSR_EFFECT_READ_BUFFER = 1u << 0,
  TSR_EFFECT_WRITE_BUFFER = 1u << 1,
  TSR_EFFECT_ALLOC = 1u << 2,
  TSR_EFFECT_CB_PRODUCE = 1u << 3, // reserve, push, write pages
  TSR_EFFECT_CB_CONSUME = 1u << 4, // wait, pop, read pages
  TSR_EFFECT_NOC = 1u << 5,
  TSR_EFFECT_DST_READ = 1u << 6,
  TSR_EFFECT_DST_WRITE = 1u << 7,
  TSR_EFFECT_CONFIG = 1u << 8, // writes engine configuration
  TSR_EFFECT_LAUNCH = 1u << 9,
};

// Which part of the compute engine's configuration an op needs set, or sets.
enum {
  TSR_CONFIG_FPU = 1u << 0,  // unpack + math for one kind of FPU op or copy
  TSR_CONFIG_SFPU = 1u << 1, // constants of one SFPU op
  TSR_CONFIG_SRCA = 1u << 2, // input format of source register A
  TSR_CONFIG_SRCB = 1u << 3,
  TSR_CONFIG_PACK = 1u << 4, // packer output format
};

typedef tsr_result tsr_op_verify_fn(const tsr_op *op, tsr_diag *diag);

// One row of ops.def. See that file for the syntax language.
typedef struct tsr_op_info {
  const char *mnemonic;
  const char *operands; // group names: "a, b, rest*, maybe?"
  const char *attrs;    // "dst: int?, unit: keyword?"
  const char *syntax;   // between mnemonic and type; NULL: operands
  uint32_t results;     // number; TSR_RESULTS_ANY: as written
  bool has_block;
  uint32_t traits;
  uint32_t effects;
  uint32_t config; // TSR_CONFIG_*: needed by machine ops, set by init ops
  tsr_op_verify_fn *verify;
  // Machine op of the same meaning on the FPU / SFPU (tile ops only), and its
  // init op (machine ops only); TSR_OP_none where there is none.
  tsr_op_kind fpu, sfpu, init;
  const char *summary;
} tsr_op_info;

#define TSR_RESULTS_ANY UINT32_MAX

// The row of a kind; lasts for ever.
const tsr_op_info *tsr_op_kind_get_info(tsr_op_kind kind);
// Returns TSR_OP_none when there is no such op.
tsr_op_kind tsr_op_kind_find(const char *mnemonic, size_t length);

// Parsed form of `operands` and `attrs`, made once per process.
typedef enum tsr_group_arity {
  TSR_GROUP_ONE,
  TSR_GROUP_OPTIONAL,
  TSR_GROUP_VARIADIC
} tsr_group_arity;
enum { TSR_MAX_GROUPS = 8 };
size_t tsr_op_kind_group_count(tsr_op_kind kind);
const char *tsr_op_kind_group_name(tsr_op_kind kind, size_t group);
tsr_group_arity tsr_op_kind_group_arity(tsr_op_kind kind, size_t group);

// Attributes an op may have, from its row.
size_t tsr_op_kind_attr_count(tsr_op_kind kind);
const char *tsr_op_kind_attr_name(tsr_op_kind kind, size_t i);
tsr_attr_kind tsr_op_kind_attr_kind(tsr_op_kind kind, size_t i);
bool tsr_op_kind_attr_is_optional(tsr_op_kind kind, size_t i);
// Name of an attribute kind: "int", "keyword", ...
const char *tsr_attr_kind_name(tsr_attr_kind kind);

// -- context and module -------------------------------------------------------

// Owns interned strings, types and attributes; outlives its modules. Not
// thread-safe: one context per thread.
tsr_context *tsr_context_create(void);
void tsr_context_destroy(tsr_context *context); // NULL is fine
// Returns the one copy of these bytes, NUL-terminated.
const char *tsr_context_intern(tsr_context *context, const char *text);
const char *tsr_context_intern_bytes(tsr_context *context, const char *bytes,
                                     size_t length);

// An empty module: one op of kind `module` with an empty block.
tsr_module *tsr_module_create(tsr_context *context);
void tsr_module_destroy(tsr_module *module); // NULL is fine
tsr_context *tsr_module_get_context(const tsr_module *module);
// A number that grows with every change to the module's ops, operands, types
// and attributes; names and locations do not count.
uint64_t tsr_module_get_changes(const tsr_module *module);
// Bytes that are handed out of them.
size_t tsr_module_memory_bytes(const tsr_module *module);
size_t tsr_context_memory_bytes(const tsr_context *context);
// The module op. Its attributes: name (symbol), target (string), grid (cores),
// version (int), passes (array of string).
tsr_op *tsr_module_op(const tsr_module *module);
tsr_block *tsr_module_block(const tsr_module *module);
// Deep copy, names and locations included.
tsr_module *tsr_module_clone(const tsr_module *module);
// Gives every value a unique name within its top-level function, the values of
// a kernel within it and its program: keeps names
// that are unique, numbers the unnamed from 0, appends _1, _2, ... to repeats;
// arguments of functions keep theirs. Printing does this first, the pass
// manager after each pass, so text and memory agree.
void tsr_module_name_values(tsr_module *module);

// -- ops ----------------------------------------------------------------------

// All of what a new op needs. Zero fields mean none.
typedef struct tsr_op_desc {
  tsr_op_kind kind;
  tsr_loc loc;
  // Operands group after group; `groups[g]` is the number in group g. May be
  // NULL when every group is TSR_GROUP_ONE.
  tsr_value *const *operands;
  size_t operand_count;
  const uint32_t *groups;
  const tsr_type *const *result_types;
  size_t result_count;
  // Blocks the op starts with (0, 1, or 2 for `if` with else).
  size_t block_count;
} tsr_op_desc;

// A detached op; append or insert it next. Operands are values of `module`, and
// no type is NULL.
tsr_op *tsr_op_create(tsr_module *module, const tsr_op_desc *desc);
// Puts a detached op behind the last one of `block`, which is not in it.
void tsr_block_append(tsr_block *block, tsr_op *op);
// Puts a detached op right before `position`, which stands in a block and is
// neither `op` nor in it.
void tsr_op_insert_before(tsr_op *op, tsr_op *position);
// The same, right behind `position`.
void tsr_op_insert_after(tsr_op *op, tsr_op *position);
// Takes `op` out of the block that it stands in; it may be inserted elsewhere.
void tsr_op_remove(tsr_op *op);
// Removes `op` and all it holds for good; its results must have no uses left.
void tsr_op_erase(tsr_op *op);

// What an op is: its kind, the row of ops.def, its mnemonic.
tsr_op_kind tsr_op_get_kind(const tsr_op *op);
const tsr_op_info *tsr_op_get_info(const tsr_op *op);
const char *tsr_op_get_mnemonic(const tsr_op *op);
// Where an op is from: its module, and the place in the text.
tsr_module *tsr_op_get_module(const tsr_op *op);
tsr_loc tsr_op_get_loc(const tsr_op *op);
void tsr_op_set_loc(tsr_op *op, tsr_loc loc);
// Whether it is of a kind; false for NULL.
static inline bool tsr_op_is(const tsr_op *op, tsr_op_kind kind) {
  return op && tsr_op_get_kind(op) == kind;
}
// Whether its row has the trait, one of TSR_TRAIT_*.
bool tsr_op_has_trait(const tsr_op *op, uint32_t trait);
// A number for whoever works on the module now, who leaves it 0: numbers of ops
// without a hash table.
uint32_t tsr_op_get_mark(const tsr_op *op);
void tsr_op_set_mark(tsr_op *op, uint32_t mark);

// Its neighbours in its block; NULL at the ends and for a detached op.
tsr_op *tsr_op_next(const tsr_op *op);
tsr_op *tsr_op_prev(const tsr_op *op);
// What holds it; NULL for the module op and a detached one.
tsr_block *
tsr_op_get_parent_block(const tsr_op *op);   // NULL: module or detached
tsr_op *tsr_op_get_parent(const tsr_op *op); // the op that holds it
// The enclosing op of `kind` (not `op` itself), or NULL.
tsr_op *tsr_op_find_parent(const tsr_op *op, tsr_op_kind kind);
// `a` comes before `b` in one block. Linear in the block the first time after
// a change, constant afterwards.
bool tsr_op_is_before(const tsr_op *a, const tsr_op *b);
// `outer` is `inner` or holds it, however deep.
bool tsr_op_contains(const tsr_op *outer, const tsr_op *inner);
// `op` holds an op of `kind`, however deep.
bool tsr_op_contains_kind(const tsr_op *op, tsr_op_kind kind);
// The op of `block` that is or holds `op`; NULL when `op` is outside.
tsr_op *tsr_block_find_ancestor(const tsr_block *block, const tsr_op *op);

// Operands by number, over all groups.
size_t tsr_op_operand_count(const tsr_op *op);
tsr_value *tsr_op_operand(const tsr_op *op, size_t i);
// Puts another value in place of operand `i`; use lists follow.
void tsr_op_set_operand(tsr_op *op, size_t i, tsr_value *value);
// Replaces all operands; `groups` as in tsr_op_desc.
void tsr_op_set_operands(tsr_op *op, tsr_value *const *operands, size_t count,
                         const uint32_t *groups);
// Operands of one declared group.
size_t tsr_op_group_size(const tsr_op *op, size_t group);
size_t tsr_op_group_start(const tsr_op *op, size_t group);
tsr_value *tsr_op_group_operand(const tsr_op *op, size_t group, size_t i);

// Results by number.
size_t tsr_op_result_count(const tsr_op *op);
tsr_value *tsr_op_result(const tsr_op *op, size_t i);

// Blocks by number: one for most ops that have any, two for `if` with else.
size_t tsr_op_block_count(const tsr_op *op);
tsr_block *tsr_op_block(const tsr_op *op, size_t i);

// The attribute of a name, which need not be interned; NULL when there is none.
const tsr_attr *tsr_op_get_attr(const tsr_op *op, const char *name);
// Gives `op` an attribute, in place of one of that name. `attr` is not NULL.
void tsr_op_set_attr(tsr_op *op, const char *name, const tsr_attr *attr);
// Takes an attribute away; nothing happens when there is none of that name.
void tsr_op_remove_attr(tsr_op *op, const char *name);
// Attributes by number, in the order in which they were given.
size_t tsr_op_attr_count(const tsr_op *op);
// The name of attribute `i`, interned.
const char *tsr_op_attr_name(const tsr_op *op, size_t i);
// The value of attribute `i`.
const tsr_attr *tsr_op_attr_value(const tsr_op *op, size_t i);
// What an attribute holds; `fallback` or NULL when there is none of that name
// that is a number, a truth value, or a string, keyword or symbol.
int64_t tsr_op_get_int(const tsr_op *op, const char *name, int64_t fallback);
bool tsr_op_get_bool(const tsr_op *op, const char *name, bool fallback);
const char *tsr_op_get_text(const tsr_op *op, const char *name); // or NULL
void tsr_op_set_int(tsr_op *op, const char *name, int64_t value);
void tsr_op_set_bool(tsr_op *op, const char *name, bool value);
void tsr_op_set_keyword(tsr_op *op, const char *name, const char *text);
void tsr_op_set_symbol(tsr_op *op, const char *name, const char *symbol);

// Effects of the op itself and of everything in its blocks.
uint32_t tsr_op_get_effects(const tsr_op *op);

// Copies `op` and its blocks, detached. Values in `map` (not NULL; a tsr_map
// from include/tessera/hash.h, old tsr_value * to new) replace operands;
// results and block arguments of copied ops are added to it.
struct tsr_map;
tsr_op *tsr_op_clone(const tsr_op *op, tsr_module *into, struct tsr_map *map);

// -- blocks -------------------------------------------------------------------

// The first and last op of a block, or NULL; tsr_op_next walks between them.
tsr_op *tsr_block_first(const tsr_block *block);
tsr_op *tsr_block_last(const tsr_block *block);
// The op that holds the block.
tsr_op *tsr_block_get_parent(const tsr_block *block);
// The terminator, or NULL.
tsr_op *tsr_block_terminator(const tsr_block *block);

// True for a `func` of stage 1: it takes tensors or returns them.
bool tsr_is_over_tensors(const tsr_op *op);

// True for a `func` that is only called: it says so, with the attribute
// visibility = private. Nothing outside of the module runs it.
bool tsr_op_is_private(const tsr_op *op);

// Adds an argument behind the others. `name` may be NULL.
tsr_value *tsr_block_add_arg(tsr_block *block, const tsr_type *type,
                             tsr_loc loc, const char *name);
// Removes argument `i` for good; it must have no uses.
void tsr_block_erase_arg(tsr_block *block, size_t i); // must have no uses
// Arguments by number.
size_t tsr_block_arg_count(const tsr_block *block);
tsr_value *tsr_block_arg(const tsr_block *block, size_t i);
// A modifier of a function argument: "out" or "inout"; NULL for a plain one.
const char *tsr_value_get_modifier(const tsr_value *value);
void tsr_value_set_modifier(tsr_value *value, const char *modifier);

// -- values -------------------------------------------------------------------

// Constants are values without a defining op, one per number in a module.
tsr_value *tsr_module_index(tsr_module *module, int64_t value);
tsr_value *tsr_module_bool(tsr_module *module, bool value);
// The index `*` of tile.contract: all of this axis, reduced.
tsr_value *tsr_module_all(tsr_module *module);
// What a constant is: index or bool, or `*`.
bool tsr_value_is_constant(const tsr_value *value); // index or bool, not `*`
bool tsr_value_is_all(const tsr_value *value);
// The number of a constant; 0 or 1 of a bool.
int64_t tsr_value_get_constant(const tsr_value *value);
// Whether it is an index constant, and its number.
bool tsr_value_is_index(const tsr_value *value, int64_t *out_number);

// The type. Changing it changes no op that uses the value.
const tsr_type *tsr_value_get_type(const tsr_value *value);
void tsr_value_set_type(tsr_value *value, const tsr_type *type);
// Name without '%'; NULL until given or until tsr_module_name_values.
const char *tsr_value_get_name(const tsr_value *value);
void tsr_value_set_name(tsr_value *value, const char *name);
// The same for a name that the context has interned already.
void tsr_value_set_interned_name(tsr_value *value, const char *name);
// Where it was written: the place of its op or argument.
tsr_loc tsr_value_get_loc(const tsr_value *value);
// The op that defines it; NULL for block arguments and constants.
tsr_op *tsr_value_get_def(const tsr_value *value);
// The block it is an argument of, or NULL.
tsr_block *tsr_value_get_block(const tsr_value *value);
// Which result or argument it is.
size_t tsr_value_get_number(const tsr_value *value);

// Uses in no particular order: results must not depend on it. Walk with
//   for (const tsr_use *u = tsr_value_first_use(v); u; u = tsr_use_next(u))
typedef struct tsr_use tsr_use;
const tsr_use *tsr_value_first_use(const tsr_value *value);
const tsr_use *tsr_use_next(const tsr_use *use);
tsr_op *tsr_use_get_op(const tsr_use *use);
size_t tsr_use_get_index(const tsr_use *use); // operand number
bool tsr_value_has_uses(const tsr_value *value);
// Puts `with` in place of `value` wherever that is an operand.
void tsr_value_replace_uses(tsr_value *value, tsr_value *with);

// -- symbols ------------------------------------------------------------------

// The function that a `call` of a verified module calls.
tsr_op *tsr_call_get_callee(const tsr_op *call);

// The op in `block` with attribute name = @name, or NULL. A `reference` only
// where nothing else has the name: it has that of the function it describes.
tsr_op *tsr_block_find_symbol(const tsr_block *block, const char *name);
// Looks outward from `from`: its block, the block around that, ...
tsr_op *tsr_op_find_symbol(const tsr_op *from, const char *name);
// A name not yet a symbol in `block`: base, base_1, base_2, ... interned.
const char *tsr_block_unique_symbol(tsr_block *block, const char *base);

// -- verifying ----------------------------------------------------------------

// The ops that a function which calls others may come to with all of theirs.
enum { TSR_MAX_CALLED_OPS = 1 << 20 };

// Checks what holds of any module at any stage: attributes and operand types
// by each op's row and verifier, types by tsr_type_check, values defined before
// they are used, blocks ended, symbols defined once, calls that fit what they
// call and come to an end. Reports every error it finds.
TSR_MUST_USE tsr_result tsr_module_verify(const tsr_module *module,
                                          tsr_diag *diag);

// -- building -----------------------------------------------------------------

// Who wants to know what changes. Both functions are set.
typedef struct tsr_op_listener {
  // `op` was made, or has other operands or attributes, or another place.
  void (*changed)(struct tsr_op_listener *listener, tsr_op *op);
  // `op` is about to go; called for each of the ops in it, too.
  void (*erased)(struct tsr_op_listener *listener, tsr_op *op);
} tsr_op_listener;

// Where new ops go: before `before`, or at the end of `block` when it is NULL.
typedef struct tsr_builder {
  tsr_module *module;
  tsr_block *block;
  tsr_op *before;
  tsr_loc loc;
  tsr_op_listener *listener; // told of every op that is built; NULL: nobody
} tsr_builder;

// A builder whose ops go to the end of a block, with the location `loc`.
tsr_builder tsr_builder_at_end(tsr_module *module, tsr_block *block,
                               tsr_loc loc);
// A builder whose ops go before `op`, with its location.
tsr_builder tsr_builder_before(tsr_op *op); // location of `op`
// Creates an op and puts it where the builder is, with the builder's location
// unless `desc` has one.
tsr_op *tsr_build(tsr_builder *builder, const tsr_op_desc *desc);
// An op whose operand groups are all single, with `result` (NULL: none).
tsr_op *tsr_build_op(tsr_builder *builder, tsr_op_kind kind,
                     const tsr_type *result, size_t operand_count,
                     tsr_value *const *operands);
// One and two operand ops with one result.
tsr_value *tsr_build_unary(tsr_builder *builder, tsr_op_kind kind,
                           const tsr_type *type, tsr_value *a);
tsr_value *tsr_build_binary(tsr_builder *builder, tsr_op_kind kind,
                            const tsr_type *type, tsr_value *a, tsr_value *b);
// Index arithmetic, folded when both are constants or one is neutral.
tsr_value *tsr_build_index(tsr_builder *builder, tsr_op_kind kind, tsr_value *a,
                           tsr_value *b);
// `for` with bounds, step 1 and carried values; the loop variable is block
// argument 0, carried values follow. A loop that carries values still needs
// its `yield`; a block that hands nothing over has no terminator.
tsr_op *tsr_build_for(tsr_builder *builder, tsr_value *from, tsr_value *to,
                      tsr_value *const *carry, size_t carry_count,
                      const char *name, tsr_builder *out_body);

TSR_END_DECLS

#endif
