// The bodies of the IR's structs. Private to lib/ir: use lists, interning and
// names are true because only this folder can write them.
#ifndef TESSERA_LIB_IR_IMPL_H
#define TESSERA_LIB_IR_IMPL_H

#include "tessera/arena.h"
#include "tessera/buffer.h"
#include "tessera/hash.h"
#include "tessera/ir.h"

struct tsr_context {
  tsr_arena arena; // types and attributes
  tsr_interner names;
  uint32_t last_mark; // of names
  tsr_bytes_map types;
  tsr_bytes_map attrs;
};

struct tsr_type {
  tsr_type_desc desc;
  tsr_context *context;
  const char *text; // interned
};

struct tsr_attr {
  tsr_attr_kind kind;
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

// Appends a type's text from its description.
void print_type_desc(const tsr_type_desc *desc, tsr_buffer *out);

typedef struct named_attr {
  const char *name; // interned
  const tsr_attr *value;
} named_attr;

struct tsr_use { // an element of its op's `operands`
  tsr_value *value;
  tsr_op *op;
  tsr_use *next, *prev;
};

typedef enum value_kind {
  VALUE_RESULT,
  VALUE_ARG,
  VALUE_INDEX,
  VALUE_BOOL,
  VALUE_ALL
} value_kind;

struct tsr_value {
  const tsr_type *type;
  const char *name; // interned, or NULL
  tsr_use *uses;
  union {
    tsr_op *op;
    tsr_block *block;
    int64_t number;
  } def;
  uint32_t position;
  value_kind kind;
};

// What only arguments have.
typedef struct block_arg {
  tsr_value value;
  const char *modifier; // function arguments: "out", "inout" or NULL
  tsr_loc loc;
} block_arg;

struct tsr_block {
  tsr_op *parent;
  tsr_op *first, *last;
  tsr_value **args;
  size_t arg_count, arg_capacity;
  bool is_ordered; // every op's `order` grows along the block
};

// An op, its operands and its results are one piece of memory, until it gets
// more operands than it was made with.
struct tsr_op {
  tsr_module *module;
  tsr_block *parent;
  tsr_op *next, *prev;
  tsr_use *operands;
  uint32_t *groups; // NULL: one operand a group
  tsr_value *results;
  tsr_block *blocks;
  named_attr *attrs;
  tsr_loc loc;
  uint32_t operand_count, operand_capacity;
  uint32_t result_count, block_count;
  uint32_t order;
  uint32_t mark; // 0 but while somebody uses it
  uint16_t attr_count, attr_capacity;
  uint16_t kind;
};

struct tsr_module {
  tsr_context *context;
  tsr_arena arena;
  tsr_op *op;
  tsr_bytes_map constants;
};

#endif
