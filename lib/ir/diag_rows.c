// The rows of diags.def, for those who list or explain messages.

#include "tessera/diag.h"

static const tsr_diag_row rows[] = {
#define TSR_DIAG_PART(name, summary) {.title = name, .meaning = summary},
#define TSR_ERROR(name, text, why)                                             \
  {.id = #name, .severity = TSR_SEVERITY_ERROR, .format = text, .meaning = why},
#define TSR_WARNING(name, text, why)                                           \
  {.id = #name,                                                                \
   .severity = TSR_SEVERITY_WARNING,                                           \
   .format = text,                                                             \
   .meaning = why},
#define TSR_NOTE(name, text)                                                   \
  {.id = #name, .severity = TSR_SEVERITY_NOTE, .format = text},
#include "tessera/diags.def"
};

const tsr_diag_row *tsr_diag_rows(size_t *out_count) {
  *out_count = sizeof rows / sizeof *rows;
  return rows;
}
