// Diagnostics: located messages with the source line and a caret.
//
// A diag collects messages; the tool prints them. Messages start lower-case,
// have no final period, and say what would be right.
#ifndef TESSERA_DIAG_H
#define TESSERA_DIAG_H

#include "tessera/base.h"

typedef enum tsr_severity {
  TSR_SEVERITY_ERROR,
  TSR_SEVERITY_WARNING,
  TSR_SEVERITY_NOTE, // belongs to the message before it
} tsr_severity;

typedef struct tsr_message {
  tsr_severity severity;
  tsr_loc loc;
  const char *text;
} tsr_message;

tsr_diag *tsr_diag_create(void);
void tsr_diag_destroy(tsr_diag *diag); // NULL is fine

// Makes a source text known, so that messages can show its lines. `text` must
// outlive the diag; `file` as in tsr_loc.
void tsr_diag_add_source(tsr_diag *diag, const char *file, const char *text,
                         size_t bytes);

// Reports; the first returns TSR_FAILED so that reporting and returning are
// one line. After 20 errors further ones are counted, not kept.
tsr_result tsr_diag_error_at(tsr_diag *diag, tsr_loc loc, const char *format,
                             ...) TSR_PRINTF(3, 4);
tsr_result tsr_diag_error(tsr_diag *diag, const tsr_op *op, const char *format,
                          ...) TSR_PRINTF(3, 4);
void tsr_diag_warn_at(tsr_diag *diag, tsr_loc loc, const char *format, ...)
    TSR_PRINTF(3, 4);
void tsr_diag_warn(tsr_diag *diag, const tsr_op *op, const char *format, ...)
    TSR_PRINTF(3, 4);
// Adds to the message before it.
void tsr_diag_note_at(tsr_diag *diag, tsr_loc loc, const char *format, ...)
    TSR_PRINTF(3, 4);
void tsr_diag_note(tsr_diag *diag, const tsr_op *op, const char *format, ...)
    TSR_PRINTF(3, 4);

size_t tsr_diag_count(const tsr_diag *diag); // messages kept
const tsr_message *tsr_diag_get(const tsr_diag *diag, size_t i);
size_t tsr_diag_error_count(const tsr_diag *diag); // all, kept or not

struct tsr_buffer;
// Appends every message as `file:line:col: error: text`, the source line and a
// caret below it.
void tsr_diag_print(const tsr_diag *diag, struct tsr_buffer *out);

#endif
