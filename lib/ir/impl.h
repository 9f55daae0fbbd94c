// How the IR lies in memory, and its accessors as inline functions. For lib/ir,
// which alone may write, and lib/text, which reads and prints every op once and
// would spend a third of its time in calls. docs/design/ir-memory.md has the
// pictures.
//
// Whatever a module owns is in the module's space, names, types and attributes
// are in the context's, and the module knows its context; so a reference needs
// 32 bits. Functions here take any object of the module and follow what it
// refers to.
#ifndef TESSERA_LIB_IR_IMPL_H
#define TESSERA_LIB_IR_IMPL_H

#include "../support/space.h"

#include "tessera/arena.h"
#include "tessera/buffer.h"
#include "tessera/hash.h"
#include "tessera/ir.h"

#include <assert.h>

// -- the context --------------------------------------------------------------

// References to names are to this, and pointers to its text.
typedef struct ir_name {
  uint32_t length;
  // For one user at a time, who leaves it 0: the parser's record of a value.
  uint32_t note;
  // For one user at a time; starts at 0 and never goes back. A round that marks
  // names draws a number that no name has yet.
  uint32_t mark;
  char text[]; // zero-terminated
} ir_name;

typedef struct ir_name_slot {
  uint32_t hash;
  tsr_ref name; // 0: free
} ir_name_slot;

// Names are looked up several times soon after they were made, so a few that
// were asked for last are found without touching the large table.
enum { IR_RECENT_NAMES = 2048 };

struct tsr_context {
  tsr_space space;
  ir_name_slot *names;
  size_t name_count, name_capacity; // a power of two
  uint32_t last_mark;
  const tsr_type *plain_types[TSR_TYPE_COUNT]; // without parameters; or NULL
  bool has_odd_types;
  tsr_bytes_map types;
  tsr_bytes_map attrs;
  ir_name_slot recent_names[IR_RECENT_NAMES];
};

static inline ir_name *ir_name_of(const char *text) {
  return (ir_name *)((uintptr_t)text - offsetof(ir_name, text));
}

static inline tsr_ref ir_name_ref(const char *text) {
  return text ? tsr_ref_to(ir_name_of(text)) : 0;
}

struct tsr_type {
  tsr_type_desc desc;
  tsr_context *context;
  const char *text; // interned
  bool is_odd;      // tsr_type_check refuses it
};

struct tsr_attr {
  tsr_attr_kind kind;
  uint16_t depth;  // arrays: of arrays in it, at most TSR_MAX_NESTING + 1
  bool is_no_text; // what is printed for it could not be read back
  union {
    int64_t number;
    double real;
    bool flag;
    const char *text;
    const tsr_type *type;
    const tsr_attr *const *items;
    const tsr_core_range *ranges;
    const tsr_run *runs;
  } as;
  size_t count; // array, cores, runs
};

// One that tsr_attr_get_text takes.
static inline bool ir_attr_has_text(const tsr_attr *attr) {
  return attr->kind == TSR_ATTR_STRING || attr->kind == TSR_ATTR_KEYWORD ||
         attr->kind == TSR_ATTR_SYMBOL;
}

// The attribute of that name and kind; NULL: there is none, or it has not been
// verified and is of another kind.
const tsr_attr *ir_get_attr_of(const tsr_op *op, const char *name,
                               tsr_attr_kind kind);

// Appends a type's text from its description.
void tsr_type_print_desc(const tsr_type_desc *desc, tsr_buffer *out);

// -- rows of ops.def, their strings taken apart -------------------------------

enum { IR_MAX_ATTRS = 16 };

typedef struct ir_row {
  size_t mnemonic_length;
  size_t group_count;
  const char *groups[TSR_MAX_GROUPS];
  tsr_group_arity arities[TSR_MAX_GROUPS];
  size_t attr_count;
  const char *attrs[IR_MAX_ATTRS];
  tsr_attr_kind attr_kinds[IR_MAX_ATTRS];
  bool is_optional[IR_MAX_ATTRS];
  bool has_plain_groups; // each is one operand
  bool needs_attrs;      // not all are optional
} ir_row;

extern const tsr_op_info tsr_op_infos[TSR_OP_COUNT];
extern ir_row tsr_op_rows[TSR_OP_COUNT]; // once there is a context
void tsr_op_need_rows(void);

// -- objects of a module ------------------------------------------------------

typedef struct ir_named_attr {
  tsr_ref name, value; // of the context
} ir_named_attr;

struct tsr_use { // an operand; of one value, all are in a list
  tsr_ref value, op;
  tsr_ref next, prev;
};

typedef enum ir_value_kind {
  IR_RESULT,
  IR_ARG,
  IR_INDEX,
  IR_BOOL,
  IR_ALL
} ir_value_kind;

// Largest number of a result or an argument.
enum { IR_MAX_NUMBER = (1 << 29) - 1 };

struct tsr_value {
  tsr_ref type, name; // of the context; name may be 0
  tsr_ref uses;
  uint32_t kind : 3;
  uint32_t number : 29; // which result or argument
};

typedef struct ir_loc {
  tsr_ref file; // of the context
  uint32_t line, column;
} ir_loc;

typedef struct ir_arg {
  tsr_value value;
  tsr_ref block;
  tsr_ref modifier; // of the context; function arguments: "out" or "inout"
  ir_loc loc;
} ir_arg;

typedef struct ir_constant {
  tsr_value value;
  int64_t number;
} ir_constant;

struct tsr_block {
  _Alignas(TSR_REF_BYTES) tsr_ref parent;
  tsr_ref first, last;
  tsr_ref args; // an array of references
  uint32_t arg_count, arg_capacity;
  uint32_t is_ordered; // every op's `order` grows along the block
};

// An op is one piece of memory with all that it has:
//
//   results, the last one first | op | blocks | attributes | groups | operands
//
// until it gets more operands or attributes than it was made with; those are
// then elsewhere, the groups right before the operands.
struct tsr_op {
  _Alignas(TSR_REF_BYTES) tsr_ref parent; // block
  tsr_ref next, prev;
  ir_loc loc;
  uint32_t order;
  uint32_t mark; // 0 but while somebody uses it
  tsr_ref operands, attrs;
  uint32_t operand_count;
  uint32_t result_count : 29;
  uint32_t block_count : 2;
  uint32_t has_groups : 1; // 0: one operand a group
  uint16_t kind;
  uint8_t attr_count, attr_capacity;
};

// These stand side by side and are referred to.
_Static_assert(sizeof(tsr_value) % TSR_REF_BYTES == 0, "result");
_Static_assert(sizeof(tsr_op) % TSR_REF_BYTES == 0, "op");
_Static_assert(sizeof(tsr_use) % TSR_REF_BYTES == 0, "operand");
_Static_assert(sizeof(tsr_block) % TSR_REF_BYTES == 0, "block");

struct tsr_module {
  tsr_space space;
  tsr_context *context;
  tsr_op *op;
  tsr_bytes_map constants;
  uint64_t changes; // to what is in `op`
  // Every value has a name that no other of its scope has.
  bool is_named;
  // Some value may have a name that could not be read back.
  bool has_odd_names;
};

// The op of `desc` with room for attributes.
tsr_op *tsr_op_create_with(tsr_module *module, const tsr_op_desc *desc,
                           uint8_t attr_capacity);

// -- modules ------------------------------------------------------------------

static inline tsr_module *ir_module(const void *object) {
  return (tsr_module *)tsr_space_of(object);
}

static inline tsr_context *ir_context(const void *object) {
  return ir_module(object)->context;
}

// Of an op, a block or a value that is no constant: facts about the module may
// be true no more.
static inline void ir_note_change(const void *object) {
  ir_module(object)->changes++;
}

// Whether text is letters, digits and `_`, as the names of values and symbols
// are; there is at least one.
bool ir_is_name(const char *text);

// The text of a name that an object of a module refers to, or NULL.
static inline const char *ir_text(const void *object, tsr_ref name) {
  return name ? ((ir_name *)tsr_ref_at(ir_context(object), name))->text : NULL;
}

// -- values -------------------------------------------------------------------

static inline const tsr_type *ir_type(const tsr_value *value) {
  return tsr_ref_at(ir_context(value), value->type);
}

static inline tsr_type_kind ir_type_kind(const tsr_value *value) {
  return ir_type(value)->desc.kind;
}

static inline const char *ir_value_name(const tsr_value *value) {
  return ir_text(value, value->name);
}

// Only of results.
static inline tsr_op *ir_value_op(const tsr_value *value) {
  return (tsr_op *)(uintptr_t)(value + value->number + 1);
}

// Only of arguments.
static inline tsr_block *ir_value_block(const tsr_value *value) {
  return tsr_ref_at(value, ((const ir_arg *)value)->block);
}

static inline int64_t ir_value_constant(const tsr_value *value) {
  return ((const ir_constant *)value)->number;
}

static inline tsr_use *ir_value_uses(const tsr_value *value) {
  return tsr_ref_get(value, value->uses);
}

static inline tsr_use *ir_use_next(const tsr_use *use) {
  return tsr_ref_get(use, use->next);
}

static inline tsr_op *ir_use_op(const tsr_use *use) {
  return tsr_ref_at(use, use->op);
}

static inline tsr_value *ir_use_value(const tsr_use *use) {
  return tsr_ref_at(use, use->value);
}

// -- ops ----------------------------------------------------------------------

static inline const tsr_op_info *ir_info(const tsr_op *op) {
  return &tsr_op_infos[op->kind];
}

static inline const ir_row *ir_op_row(const tsr_op *op) {
  return &tsr_op_rows[op->kind];
}

static inline tsr_op *ir_next(const tsr_op *op) {
  return tsr_ref_get(op, op->next);
}

static inline tsr_op *ir_prev(const tsr_op *op) {
  return tsr_ref_get(op, op->prev);
}

static inline tsr_block *ir_parent_block(const tsr_op *op) {
  return tsr_ref_get(op, op->parent);
}

static inline tsr_op *ir_block_op(const tsr_block *block) {
  return tsr_ref_at(block, block->parent);
}

static inline tsr_op *ir_parent(const tsr_op *op) {
  return op->parent ? ir_block_op(tsr_ref_at(op, op->parent)) : NULL;
}

static inline tsr_use *ir_operands(const tsr_op *op) {
  return tsr_ref_at(op, op->operands);
}

static inline tsr_value *ir_operand(const tsr_op *op, size_t i) {
  assert(i < op->operand_count);
  return ir_use_value(&ir_operands(op)[i]);
}

static inline tsr_value *ir_result(const tsr_op *op, size_t i) {
  return (tsr_value *)(uintptr_t)op - 1 - i;
}

static inline tsr_block *ir_block(const tsr_op *op, size_t i) {
  return (tsr_block *)(uintptr_t)(op + 1) + i;
}

static inline const uint32_t *ir_groups(const tsr_op *op) {
  return (const uint32_t *)ir_operands(op) - ir_op_row(op)->group_count;
}

static inline size_t ir_group_size(const tsr_op *op, size_t group) {
  return op->has_groups ? ir_groups(op)[group] : 1;
}

static inline size_t ir_group_start(const tsr_op *op, size_t group) {
  if (!op->has_groups)
    return group;
  size_t start = 0;
  for (size_t g = 0; g < group; g++)
    start += ir_groups(op)[g];
  return start;
}

static inline ir_named_attr *ir_attrs(const tsr_op *op) {
  return tsr_ref_at(op, op->attrs);
}

static inline const char *ir_attr_name(const tsr_op *op, size_t i) {
  return ir_text(op, ir_attrs(op)[i].name);
}

static inline const tsr_attr *ir_attr_value(const tsr_op *op, size_t i) {
  return tsr_ref_at(ir_context(op), ir_attrs(op)[i].value);
}

static inline tsr_op *ir_first(const tsr_block *block) {
  return tsr_ref_get(block, block->first);
}

static inline tsr_op *ir_last(const tsr_block *block) {
  return tsr_ref_get(block, block->last);
}

static inline tsr_value *ir_block_arg(const tsr_block *block, size_t i) {
  const tsr_ref *args = tsr_ref_at(block, block->args);
  return tsr_ref_at(block, args[i]);
}

static inline tsr_loc ir_unpack_loc(const void *object, ir_loc loc) {
  return (tsr_loc){ir_text(object, loc.file), loc.line, loc.column};
}

#endif
