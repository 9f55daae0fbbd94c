// Diagnostics: located messages with the source line and a caret.
//
// A diag collects messages; the tool prints them. Messages start lower-case,
// have no final period, and say what would be right. Each is a row of
// tessera/diags.def with an id, which TSR_DIAG names:
//
//   return tsr_diag_error(diag, op, TSR_DIAG(loop_step_small));
//
// Passes from outside of Tessera write an id and a format of their own instead:
//
//   return tsr_diag_error(diag, op, "my-pass-odd-size", "size %u is odd",
//   size);
#ifndef TESSERA_DIAG_H
#define TESSERA_DIAG_H

#include "tessera/base.h"

#include <inttypes.h>
#include <stdarg.h>

TSR_BEGIN_DECLS

typedef enum tsr_severity {
  TSR_SEVERITY_ERROR,
  TSR_SEVERITY_WARNING,
  TSR_SEVERITY_NOTE,   // belongs to the message before it
  TSR_SEVERITY_REMARK, // what a pass did, for who asked
} tsr_severity;

typedef struct tsr_message {
  tsr_severity severity;
  tsr_loc loc;
  const char *id; // as it is shown: "loop-step-small"
  const char *text;
  // What it is about, for programs to read: a JSON object, or NULL.
  const char *details;
} tsr_message;

// A row of tessera/diags.def.
typedef struct tsr_diag_row {
  const char *title; // of a part: a heading, with nothing but a meaning
  const char *id;    // as in TSR_DIAG
  tsr_severity severity;
  const char *format;
  const char *meaning; // what is wrong and what to do; NULL for notes
} tsr_diag_row;

// An empty list of messages. `diag` belongs to one thread.
//
// owns   the caller destroys it, after whatever refers to it
tsr_diag *tsr_diag_create(void);
void tsr_diag_destroy(tsr_diag *diag); // NULL is fine

// Has every error kept, not only the first 20.
void tsr_diag_keep_all(tsr_diag *diag);
// Whether there were more errors than are kept: what looks for errors only may
// stop.
bool tsr_diag_is_full(const tsr_diag *diag);

// Makes a source text known, so that messages can show its lines. `text` must
// outlive the diag; `file` as in tsr_loc.
void tsr_diag_add_source(tsr_diag *diag, const char *file, const char *text,
                         size_t bytes);

// Id and format of a row, as two arguments. The format is a constant, so that
// the compiler checks the arguments behind it.
#define TSR_DIAG(id) #id, tsr_diag_text_##id

#define TSR_ERROR(id, text, meaning)                                           \
  TSR_UNUSED static const char tsr_diag_text_##id[] = text;
#define TSR_WARNING(id, text, meaning) TSR_ERROR(id, text, meaning)
#define TSR_NOTE(id, text)             TSR_ERROR(id, text, )
#include "tessera/diags.def"

// Reports; the first returns TSR_FAILED so that reporting and returning are
// one line. After 20 errors further ones are counted, not kept, unless
// tsr_diag_keep_all says otherwise.
tsr_result tsr_diag_error_at(tsr_diag *diag, tsr_loc loc, const char *id,
                             const char *format, ...) TSR_PRINTF(4, 5);
tsr_result tsr_diag_error(tsr_diag *diag, const tsr_op *op, const char *id,
                          const char *format, ...) TSR_PRINTF(4, 5);
void tsr_diag_warn_at(tsr_diag *diag, tsr_loc loc, const char *id,
                      const char *format, ...) TSR_PRINTF(4, 5);
void tsr_diag_warn(tsr_diag *diag, const tsr_op *op, const char *id,
                   const char *format, ...) TSR_PRINTF(4, 5);
// Says what was done; nothing is wrong. `id` names the kind of remark.
void tsr_diag_remark_at(tsr_diag *diag, tsr_loc loc, const char *id,
                        const char *text);
// Adds to the message before it.
void tsr_diag_note_at(tsr_diag *diag, tsr_loc loc, const char *id,
                      const char *format, ...) TSR_PRINTF(4, 5);
void tsr_diag_note(tsr_diag *diag, const tsr_op *op, const char *id,
                   const char *format, ...) TSR_PRINTF(4, 5);
// Gives the message before it, if that was kept, its details.
//
// in     a JSON object, copied; NULL or "": none
void tsr_diag_set_details(tsr_diag *diag, const char *json);
// For functions that take a format themselves.
tsr_result tsr_diag_verror_at(tsr_diag *diag, tsr_loc loc, const char *id,
                              const char *format, va_list arguments)
    TSR_PRINTF(4, 0);

// Told of each message when it is reported, beside its being kept. Messages
// that are not kept (repeated warnings, too many errors) are not told.
typedef void tsr_diag_handler_fn(void *user, const tsr_message *message);
// Has `handler` told from now on, or nobody when it is NULL.
void tsr_diag_set_handler(tsr_diag *diag, tsr_diag_handler_fn *handler,
                          void *user);

size_t tsr_diag_count(const tsr_diag *diag); // messages kept
// A message by its number, in the order of reporting; it lives as long as
// `diag`.
const tsr_message *tsr_diag_get(const tsr_diag *diag, size_t i);
size_t tsr_diag_error_count(const tsr_diag *diag); // all, kept or not

// The rows of tessera/diags.def, with a title for each part.
const tsr_diag_row *tsr_diag_rows(size_t *out_count);

struct tsr_buffer;
// Appends every message as `file:line:col: error: text [id]`, the source line
// and a caret below it. A text of several lines has the id in its first one.
// Notes are shown without their id.
void tsr_diag_print(const tsr_diag *diag, struct tsr_buffer *out);
// The same for one message of `diag`.
void tsr_diag_print_message(const tsr_diag *diag, const tsr_message *message,
                            struct tsr_buffer *out);
// "error"
const char *tsr_severity_name(tsr_severity severity);
// Appends `text` so that it is valid UTF-8, whatever file it comes from: other
// bytes as <hex>, and tabs as blanks. Lines remain.
void tsr_diag_print_text(const char *text, struct tsr_buffer *out);

TSR_END_DECLS

#endif
