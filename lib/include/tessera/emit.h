// Writes program text: C++ and CMake.
//
// The emitter owns everything about a text that is not its content:
// indentation, braces, statement ends, line length, blank lines, the includes,
// and names that are unique and allowed. A format string given to it holds one
// expression or statement: no newline, no brace, no indentation.

#ifndef TESSERA_EMIT_H
#define TESSERA_EMIT_H

#include "tessera/base.h"
#include "tessera/buffer.h"

typedef struct tsr_emit tsr_emit;

typedef enum tsr_emit_language {
  TSR_EMIT_CPP,
  TSR_EMIT_CMAKE, // no statement ends; open("if(X)") is closed by "endif()"
} tsr_emit_language;

tsr_emit *tsr_emit_create(tsr_emit_language language);
void tsr_emit_destroy(tsr_emit *out); // NULL is fine

// Appends the whole text to `text`: banner, includes, preamble, body.
//
// in     every block that was opened has been closed
void tsr_emit_finish(tsr_emit *out, tsr_buffer *text);

// -- Lines --------------------------------------------------------------------

// A comment of any length, wrapped at the column width. One call is one
// paragraph.
void tsr_emit_comment(tsr_emit *out, const char *format, ...) TSR_PRINTF(2, 3);

// A comment that stands above the includes.
void tsr_emit_banner(tsr_emit *out, const char *format, ...) TSR_PRINTF(2, 3);

// One statement, without its semicolon. Lines that are too long continue
// indented, broken at a blank outside of string literals.
void tsr_emit_stmt(tsr_emit *out, const char *format, ...) TSR_PRINTF(2, 3);

// A preprocessor line, without its '#', at the left edge, never broken.
void tsr_emit_directive(tsr_emit *out, const char *format, ...)
    TSR_PRINTF(2, 3);

// An empty line. Never two in a row, none at the start or end of a block.
void tsr_emit_blank(tsr_emit *out);

// #include "path" and #include <path>; each printed once, sorted, at the top.

#ifdef __cplusplus
extern "C" {
#endif
void tsr_emit_include(tsr_emit *out, const char *path);
void tsr_emit_include_system(tsr_emit *out, const char *path);

// Between these two, directives go before the includes instead of into the
// body: for checks that must come first.
void tsr_emit_begin_preamble(tsr_emit *out);
void tsr_emit_end_preamble(tsr_emit *out);

// -- Blocks -------------------------------------------------------------------

// Opens a block behind a head such as `for (...)`; "" for none.
// A block is a scope for names.
void tsr_emit_open(tsr_emit *out, const char *format, ...) TSR_PRINTF(2, 3);

// Opens an initialiser list behind a head such as `const int a[] = `, to be
// closed like a block.
void tsr_emit_open_list(tsr_emit *out, const char *format, ...)
    TSR_PRINTF(2, 3);

// Begins the scope of the next block before its head is printed, so that names
// the head declares (loop variables, parameters) belong to the block.
void tsr_emit_begin_scope(tsr_emit *out);

// Closes the block and opens its other half, such as `else`.
void tsr_emit_reopen(tsr_emit *out, const char *format, ...) TSR_PRINTF(2, 3);

// Closes the block.
void tsr_emit_close(tsr_emit *out);

// Closes the list and ends the statement it is part of: "" prints `};`, ")"
// prints `});`.
void tsr_emit_close_stmt(tsr_emit *out, const char *format, ...)
    TSR_PRINTF(2, 3);

// One element of an initialiser list, ended by a comma.
void tsr_emit_item(tsr_emit *out, const char *format, ...) TSR_PRINTF(2, 3);

// A namespace, "" for an unnamed one; its body is not indented.
void tsr_emit_open_namespace(tsr_emit *out, const char *name);
void tsr_emit_close_namespace(tsr_emit *out);

// -- Names --------------------------------------------------------------------

// Gives `key` a name in the current scope, as close to `wanted` as C++ allows.
//
// out    a word in lib/support/reserved_words.def gets a trailing underscore, a
//        name taken in this or an enclosing scope a number ("tile", "tile_2");
//        what is no letter, digit or '_' becomes '_', several '_' become one,
//        and a name that would start with a digit or '_' gets a 'v' in front
// owns   the name lives as long as the emitter
const char *tsr_emit_declare(tsr_emit *out, const void *key,
                             const char *wanted);

// A name nothing refers to by key, as for a helper variable.
const char *tsr_emit_unique(tsr_emit *out, const char *wanted);

// Returns the name of `key`, or NULL when it has none in scope.
const char *tsr_emit_find_name(const tsr_emit *out, const void *key);

// The same; `key` must have a name.
const char *tsr_emit_name(const tsr_emit *out, const void *key);

// Keeps a name that the text uses by itself (an API function) from being given
// out in this scope.
void tsr_emit_reserve(tsr_emit *out, const char *name);

// -- Literals -----------------------------------------------------------------

// Returns a C++ string literal, quotes included, that lives as long as the
// emitter.
const char *tsr_emit_quote(tsr_emit *out, const char *text);

#ifdef __cplusplus
}
#endif

#endif
