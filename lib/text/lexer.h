// Cuts IR text into tokens.
//
// The parser may go back to the start of the current token and read it by
// characters: `250x256xbf16` and `8x8` are words of their own only where a type
// or a grid is expected.
#ifndef TESSERA_TEXT_LEXER_H
#define TESSERA_TEXT_LEXER_H

#include "tessera/base.h"

typedef enum tsr_token_kind {
  TSR_TOKEN_END,
  TSR_TOKEN_WORD,   // func, tile.mma, hifi4
  TSR_TOKEN_VALUE,  // %name; text is the name
  TSR_TOKEN_SYMBOL, // @name; text is the name
  TSR_TOKEN_INT,    // 42, -1
  TSR_TOKEN_FLOAT,  // 0.5, 1e-05, -inf
  TSR_TOKEN_STRING, // "text" or 'text'; text is what stands between, raw
  TSR_TOKEN_ARROW,  // ->
  TSR_TOKEN_PUNCT,  // one character
  TSR_TOKEN_BAD,    // text is the offending bytes
} tsr_token_kind;

typedef struct tsr_token {
  tsr_token_kind kind;
  bool first_on_line;
  const char *text; // in the source, not zero-terminated
  size_t size;
  size_t offset; // of the whole token in the source
  uint32_t line, column;
} tsr_token;

typedef struct tsr_lexer {
  const char *text;
  size_t size;
  size_t position;
  size_t line_start;
  uint32_t line;
} tsr_lexer;

void tsr_lexer_init(tsr_lexer *lexer, const char *text, size_t size);

// Writes the next token; END over and over at the end.
void tsr_lexer_next(tsr_lexer *lexer, tsr_token *out);

// Goes to `offset` in the line of `token`, which is at or after it.
void tsr_lexer_seek(tsr_lexer *lexer, const tsr_token *token, size_t offset);

bool tsr_char_is_digit(char c);
bool tsr_char_is_word(char c); // letter, digit, underscore

#endif
