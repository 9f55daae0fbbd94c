// What the files of the parser share.
//
// One token of lookahead; going back is done by seeking the lexer. Functions
// return TSR_FAILED (or NULL) after reporting; an op that failed is skipped as
// a whole and parsing goes on behind it.
#ifndef TESSERA_TEXT_PARSER_H
#define TESSERA_TEXT_PARSER_H

#include "../ir/impl.h"
#include "lexer.h"
#include "syntax.h"

#include "tessera/diag.h"
#include "tessera/hash.h"
#include "tessera/ir.h"
#include "tessera/text.h"
#include "tessera/vector.h"

#include <string.h>

enum {
  // Bounds of what a core set can say; far beyond any chip, and small enough
  // that counting cores cannot overflow.
  TSR_MAX_CORE_SIDE = 1024,
  TSR_MAX_CORE_RANGES = 1024,
};

// A name in scope. The note of the interned text is its place in `visible`,
// counted from 1.
typedef struct tsr_name {
  tsr_ref text;          // of the context
  tsr_ref value;         // 0: its op was wrong, so uses say nothing more
  uint32_t outer;        // what the note was before
  uint32_t function;     // number of the isolated op it belongs to
  uint32_t line, column; // where it was defined
} tsr_name;

typedef struct tsr_scopes {
  tsr_name *visible; // in order of definition
  size_t count, capacity;
  uint32_t function, function_count;
  uint32_t mark; // of the names that the function has, or had
  // A function has two values of one name, or one without.
  bool needs_names;
} tsr_scopes;

// The head of the op being parsed. One at a time: blocks are parsed after it
// was made.
typedef struct tsr_head {
  tsr_op_kind kind;
  tsr_loc loc;
  const tsr_syntax *syntax;
  tsr_vec operands; // group after group, as every syntax has them
  uint32_t group_sizes[TSR_MAX_GROUPS];
  const tsr_attr *attrs[TSR_MAX_ATTRS];
  tsr_vec types;
} tsr_head;

// A name whose value is made later.
typedef struct tsr_pending {
  const char *name; // interned
  uint32_t line, column;
  const tsr_type *type; // block arguments
  const char *modifier; // function arguments
} tsr_pending;

// A type that was read before: the same characters mean it again.
typedef struct tsr_known_type {
  const char *text; // up to its `>`, if it has parameters
  size_t size;
  const tsr_type *type;
} tsr_known_type;

enum { TSR_KNOWN_TYPES = 8 };

typedef struct tsr_parser {
  tsr_lexer lexer;
  tsr_token token;
  tsr_loc end; // of the token before
  tsr_context *context;
  tsr_module *module;
  tsr_diag *diag;
  const char *file;
  tsr_arena arena;
  tsr_syntax_table syntax;
  tsr_scopes scopes;
  tsr_head head;
  tsr_known_type types[TSR_KNOWN_TYPES]; // a ring
  size_t type_count, last_type;
  tsr_bytes_map symbols; // block and name of what was defined -> tsr_loc
  // Names waiting for their values: of results and block arguments. A stack.
  tsr_pending *pending;
  size_t pending_count, pending_capacity;
  uint32_t block_depth, array_depth;
  size_t op_start;                    // offset of the op being parsed
  size_t passed;                      // offset that the caller was told of last
  const tsr_parse_defaults *defaults; // or NULL
  uint32_t first_line;
  const tsr_block *function; // around the current token, or NULL
  bool failed;
  bool stopped; // nothing after this point is worth reading
} tsr_parser;

// -- Tokens (parser.c) --------------------------------------------------------

static inline tsr_loc tsr_parser_token_loc(const tsr_parser *p,
                                           const tsr_token *token) {
  return (tsr_loc){p->file, token->line, token->column};
}

static inline tsr_loc tsr_parser_loc(const tsr_parser *p) {
  return tsr_parser_token_loc(p, &p->token);
}

static inline void tsr_parser_advance(tsr_parser *p) {
  size_t bytes = p->lexer.position - p->token.offset;
  p->end.line = p->token.line;
  p->end.column = p->token.column + (uint32_t)bytes;
  tsr_lexer_next(&p->lexer, &p->token);
}

// Reads on from `offset`, which lies in the line of the current token.
void tsr_parser_seek(tsr_parser *p, size_t offset);

static inline bool tsr_parser_at(const tsr_parser *p, char punct) {
  return p->token.kind == TSR_TOKEN_PUNCT && p->token.text[0] == punct;
}

static inline bool tsr_parser_at_word(const tsr_parser *p, const char *word) {
  size_t size = strlen(word);
  return p->token.kind == TSR_TOKEN_WORD && p->token.size == size &&
         memcmp(p->token.text, word, size) == 0;
}

static inline bool tsr_parser_take(tsr_parser *p, char punct) {
  bool found = tsr_parser_at(p, punct);
  if (found)
    tsr_parser_advance(p);
  return found;
}

static inline bool tsr_parser_take_word(tsr_parser *p, const char *word) {
  bool found = tsr_parser_at_word(p, word);
  if (found)
    tsr_parser_advance(p);
  return found;
}

tsr_result tsr_parser_expect(tsr_parser *p, char punct);
tsr_result tsr_parser_expect_word(tsr_parser *p, const char *word);
// Reports that `what` should stand where the current token stands.
tsr_result tsr_parser_expected(tsr_parser *p, const char *what);
tsr_result tsr_parser_error(tsr_parser *p, tsr_loc loc, const char *id,
                            const char *format, ...) TSR_PRINTF(4, 5);
// Text of the current token, shortened for a message; in the parser's arena.
const char *tsr_parser_excerpt(tsr_parser *p, const tsr_token *token);
// " (did you mean 'x'?)" or "".
const char *tsr_parser_hint(tsr_parser *p, const char *word,
                            const char *const *names, size_t count);
const char *tsr_parser_intern(tsr_parser *p, const tsr_token *token);
// One level further down; `*depth` is one of the parser's.
tsr_result tsr_parser_enter(tsr_parser *p, uint32_t *depth, const char *what);

// -- Names (parse_names.c) ----------------------------------------------------

tsr_result tsr_parser_define(tsr_parser *p, const tsr_pending *name,
                             tsr_value *value);
// Defines a name whose op was wrong: its uses are not errors of their own.
void tsr_parser_define_unknown(tsr_parser *p, const tsr_pending *name);
// Forgets the names defined since there were `mark` of them.
void tsr_parser_forget(tsr_parser *p, size_t mark);
// One operand: %name, a number, true, false, *.
tsr_result tsr_parser_operand(tsr_parser *p, tsr_value **out);
bool tsr_parser_at_operand(const tsr_parser *p);
// One operand, added to a group of the head.
tsr_result tsr_parser_add_operand(tsr_parser *p, size_t group);
// Operands separated by commas, none or more.
tsr_result tsr_parser_add_operands(tsr_parser *p, size_t group);

// -- Types and attributes (parse_type.c, parse_attr.c) ------------------------

const tsr_type *tsr_parser_type(tsr_parser *p);
bool tsr_parser_at_type(const tsr_parser *p);
// RxC; both at least 1 and at most `limit`.
tsr_result tsr_parser_pair(tsr_parser *p, uint32_t limit, const char *what,
                           uint32_t *out_rows, uint32_t *out_cols);
tsr_result tsr_parser_int(tsr_parser *p, int64_t *out);
// Integers count as well.
tsr_result tsr_parser_float(tsr_parser *p, double *out);
const tsr_attr *tsr_parser_attr(tsr_parser *p, tsr_attr_kind kind);
const tsr_attr *tsr_parser_string(tsr_parser *p);
bool tsr_parser_at_attr(const tsr_parser *p, tsr_attr_kind kind);
// {name = value, ...} into head.attrs.
tsr_result tsr_parser_dict(tsr_parser *p);
// The current `{` opens attributes, not a block.
bool tsr_parser_at_dict(const tsr_parser *p);

// -- Ops (parse_op.c, parse_custom.c) -----------------------------------------

// Adds to a group of the head; groups are filled in their order.
void tsr_parser_push(tsr_parser *p, size_t group, tsr_value *value);
// Starts a head of this kind at the current token, which is the mnemonic.
void tsr_parser_begin(tsr_parser *p, tsr_op_kind kind);
// %name onto the pending stack.
tsr_result tsr_parser_pend(tsr_parser *p, const char *what);
// `: type, type` into head.types.
tsr_result tsr_parser_types(tsr_parser *p);
// Makes the op of `head` at the end of `into`; NULL when an attribute is
// missing or its symbol is taken.
tsr_op *tsr_parser_make(tsr_parser *p, tsr_block *into, size_t block_count);
// Gives `block` an argument for each pending name from `first` on, and takes
// them off the stack.
void tsr_parser_define_args(tsr_parser *p, tsr_block *block, size_t first);
// `{ ops }` into `block`; names defined since `mark` end with it.
tsr_result tsr_parser_block(tsr_parser *p, tsr_block *block, size_t mark);
// The location behind an op, if there is one: loc("file":3:4), loc(unknown).
tsr_result tsr_parser_loc_of(tsr_parser *p, tsr_op *op);
// Ops up to `}` or the end of the text.
void tsr_parser_ops(tsr_parser *p, tsr_block *block);
// The op that `head` begins, its blocks included.
tsr_result tsr_parser_custom(tsr_parser *p, tsr_block *into, tsr_op **out);
// From `module` up to its `{`.
tsr_result tsr_parser_module_head(tsr_parser *p);

#endif
