// The syntax strings of ops.def, compiled.
//
// Parser and printer walk the same array, so they cannot disagree about an op.
#ifndef TESSERA_TEXT_SYNTAX_H
#define TESSERA_TEXT_SYNTAX_H

#include "tessera/arena.h"
#include "tessera/ir.h"

enum { TSR_MAX_ATTRS = 16 };

typedef enum tsr_part_kind {
  TSR_PART_SPACE,  // a blank in print, if anything follows
  TSR_PART_TEXT,   // these characters
  TSR_PART_GROUP,  // operands of group `index`
  TSR_PART_ATTR,   // value of attribute `index`
  TSR_PART_DICT,   // {remaining attributes}
  TSR_PART_OPTION, // up to part `end`, or nothing
  TSR_PART_OPTION_END,
} tsr_part_kind;

typedef struct tsr_part {
  tsr_part_kind kind;
  size_t index;
  const char *text;
  size_t size;
  size_t end;
} tsr_part;

typedef struct tsr_syntax {
  const char *mnemonic;
  size_t mnemonic_size;
  bool custom; // lib/text has functions for this op; no parts
  bool has_dict_part;
  tsr_part *parts;
  size_t part_count;
  // Attributes in the order of ops.def: those that have a place in the syntax,
  // or that a custom function writes, are not part of the braces.
  size_t attr_count;
  bool has_place[TSR_MAX_ATTRS];
} tsr_syntax;

// The compiled rows that were asked for so far.
typedef struct tsr_syntax_table {
  tsr_arena *arena;
  const tsr_syntax *rows[TSR_OP_COUNT];
} tsr_syntax_table;

void tsr_syntax_table_init(tsr_syntax_table *table, tsr_arena *arena);
const tsr_syntax *tsr_syntax_compile(tsr_syntax_table *table, tsr_op_kind kind);

static inline const tsr_syntax *tsr_syntax_get(tsr_syntax_table *table,
                                               tsr_op_kind kind) {
  const tsr_syntax *row = table->rows[kind];
  return row ? row : tsr_syntax_compile(table, kind);
}

// Number of the attribute, or attr_count when there is none of that name.
size_t tsr_syntax_find_attr(tsr_op_kind kind, const char *name, size_t length);

#endif
