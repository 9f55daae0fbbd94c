// Cuts IR text into tokens, one pass, no memory.

#include "lexer.h"

#include <string.h>

// What a character can be part of.
enum { DIGIT = 1, LETTER = 2, BLANK = 4 };

#define LETTERS_8(c)                                                           \
  [(c)] = LETTER, [(c) + 1] = LETTER, [(c) + 2] = LETTER, [(c) + 3] = LETTER,  \
  [(c) + 4] = LETTER, [(c) + 5] = LETTER, [(c) + 6] = LETTER,                  \
  [(c) + 7] = LETTER
#define LETTERS_26(c)                                                          \
  LETTERS_8(c), LETTERS_8((c) + 8), LETTERS_8((c) + 16),                       \
      [(c) + 24] = LETTER, [(c) + 25] = LETTER
static const unsigned char classes[256] = {
    LETTERS_26('a'), LETTERS_26('A'), ['_'] = LETTER, ['0'] = DIGIT,
    ['1'] = DIGIT,   ['2'] = DIGIT,   ['3'] = DIGIT,  ['4'] = DIGIT,
    ['5'] = DIGIT,   ['6'] = DIGIT,   ['7'] = DIGIT,  ['8'] = DIGIT,
    ['9'] = DIGIT,   [' '] = BLANK,   ['\t'] = BLANK, ['\r'] = BLANK};

static inline bool is(char c, unsigned char class) {
  return (classes[(unsigned char)c] & class) != 0;
}

static inline bool is_letter(char c) { return is(c, LETTER); }

bool tsr_char_is_digit(char c) { return is(c, DIGIT); }

bool tsr_char_is_word(char c) { return is(c, LETTER | DIGIT); }

void tsr_lexer_init(tsr_lexer *lexer, const char *text, size_t size) {
  *lexer = (tsr_lexer){.text = text, .size = size, .line = 1};
  // Some editors mark UTF-8 with these three bytes.
  if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
    lexer->position = lexer->line_start = 3;
}

// The character `ahead` of the position; NUL past the end.
static inline char peek(const tsr_lexer *lexer, size_t ahead) {
  size_t left = lexer->size - lexer->position;
  return ahead < left ? lexer->text[lexer->position + ahead] : '\0';
}

static inline bool at_end(const tsr_lexer *lexer) {
  return lexer->position >= lexer->size;
}

static inline void skip(tsr_lexer *lexer, unsigned char class) {
  size_t at = lexer->position;
  while (at < lexer->size && is(lexer->text[at], class))
    at++;
  lexer->position = at;
}

static void skip_comment(tsr_lexer *lexer) {
  const char *start = lexer->text + lexer->position;
  const char *end = memchr(start, '\n', lexer->size - lexer->position);
  lexer->position = end ? (size_t)(end - lexer->text) : lexer->size;
}

static void start_line(tsr_lexer *lexer) {
  lexer->line++;
  lexer->line_start = ++lexer->position;
}

// Skips blanks and comments. Returns whether a line began.
static bool skip_blanks(tsr_lexer *lexer) {
  bool first_on_line = lexer->position == lexer->line_start;
  for (;;) {
    skip(lexer, BLANK);
    char c = peek(lexer, 0);
    if (c == '\n') {
      start_line(lexer);
      first_on_line = true;
    } else if (c == '/' && peek(lexer, 1) == '/') {
      skip_comment(lexer);
    } else {
      break;
    }
  }
  return first_on_line;
}

static void skip_digits(tsr_lexer *lexer) { skip(lexer, DIGIT); }

static tsr_token_kind lex_number(tsr_lexer *lexer) {
  tsr_token_kind kind = TSR_TOKEN_INT;
  if (peek(lexer, 0) == '-')
    lexer->position++;
  skip_digits(lexer);
  if (peek(lexer, 0) == '.' && tsr_char_is_digit(peek(lexer, 1))) {
    kind = TSR_TOKEN_FLOAT;
    lexer->position++;
    skip_digits(lexer);
  }
  char e = peek(lexer, 0), sign = peek(lexer, 1);
  size_t digits_at = sign == '+' || sign == '-' ? 2 : 1;
  if ((e == 'e' || e == 'E') && tsr_char_is_digit(peek(lexer, digits_at))) {
    kind = TSR_TOKEN_FLOAT;
    lexer->position += digits_at;
    skip_digits(lexer);
  }
  return kind;
}

static tsr_token_kind lex_word(tsr_lexer *lexer) {
  skip(lexer, LETTER | DIGIT);
  while (peek(lexer, 0) == '.' && is_letter(peek(lexer, 1))) {
    lexer->position++;
    skip(lexer, LETTER | DIGIT);
  }
  return TSR_TOKEN_WORD;
}

// %name and @name.
static tsr_token_kind lex_name(tsr_lexer *lexer, tsr_token_kind kind) {
  lexer->position++;
  size_t start = lexer->position;
  skip(lexer, LETTER | DIGIT);
  return lexer->position > start ? kind : TSR_TOKEN_BAD;
}

// A string ends on the line it began; `\` keeps the next character in it.
static tsr_token_kind lex_string(tsr_lexer *lexer, char quote) {
  lexer->position++;
  while (!at_end(lexer) && peek(lexer, 0) != '\n') {
    char c = peek(lexer, 0);
    if (c == quote) {
      lexer->position++;
      return TSR_TOKEN_STRING;
    }
    bool escapes = c == '\\' && peek(lexer, 1) != '\n';
    lexer->position += escapes && lexer->position + 1 < lexer->size ? 2 : 1;
  }
  return TSR_TOKEN_BAD;
}

static tsr_token_kind lex_dash(tsr_lexer *lexer) {
  if (tsr_char_is_digit(peek(lexer, 1)))
    return lex_number(lexer);
  if (peek(lexer, 1) == '>') {
    lexer->position += 2;
    return TSR_TOKEN_ARROW;
  }
  bool is_inf = lexer->size - lexer->position >= 4 &&
                memcmp(lexer->text + lexer->position, "-inf", 4) == 0 &&
                !tsr_char_is_word(peek(lexer, 4));
  lexer->position += is_inf ? 4 : 1;
  return is_inf ? TSR_TOKEN_FLOAT : TSR_TOKEN_PUNCT;
}

static tsr_token_kind lex_other(tsr_lexer *lexer, char c) {
  lexer->position++;
  switch (c) {
  case '{':
  case '}':
  case '(':
  case ')':
  case '[':
  case ']':
  case '<':
  case '>':
  case ',':
  case ':':
  case '=':
  case '*':
  case '+':
  case '?':
    return TSR_TOKEN_PUNCT;
  default:
    return TSR_TOKEN_BAD;
  }
}

static tsr_token_kind lex(tsr_lexer *lexer) {
  char c = peek(lexer, 0);
  if (is_letter(c))
    return lex_word(lexer);
  if (tsr_char_is_digit(c))
    return lex_number(lexer);
  switch (c) {
  case '%':
    return lex_name(lexer, TSR_TOKEN_VALUE);
  case '@':
    return lex_name(lexer, TSR_TOKEN_SYMBOL);
  case '"':
  case '\'':
    return lex_string(lexer, c);
  case '-':
    return lex_dash(lexer);
  default:
    return lex_other(lexer, c);
  }
}

// Leaves the mark of names and the quotes of strings out of the text.
static void trim_marks(tsr_token *token) {
  switch (token->kind) {
  case TSR_TOKEN_VALUE:
  case TSR_TOKEN_SYMBOL:
    token->text++;
    token->size--;
    break;
  case TSR_TOKEN_STRING:
    token->text++;
    token->size -= 2;
    break;
  case TSR_TOKEN_END:
  case TSR_TOKEN_WORD:
  case TSR_TOKEN_INT:
  case TSR_TOKEN_FLOAT:
  case TSR_TOKEN_ARROW:
  case TSR_TOKEN_PUNCT:
  case TSR_TOKEN_BAD:
    break;
  }
}

void tsr_lexer_next(tsr_lexer *lexer, tsr_token *out) {
  out->first_on_line = skip_blanks(lexer);
  out->offset = lexer->position;
  out->text = lexer->text + lexer->position;
  out->line = lexer->line;
  out->column = (uint32_t)(lexer->position - lexer->line_start) + 1;
  out->kind = at_end(lexer) ? TSR_TOKEN_END : lex(lexer);
  out->size = lexer->position - out->offset;
  trim_marks(out);
}

void tsr_lexer_seek(tsr_lexer *lexer, const tsr_token *token, size_t offset) {
  lexer->position = offset;
  lexer->line = token->line;
  lexer->line_start = token->offset - (token->column - 1);
}
