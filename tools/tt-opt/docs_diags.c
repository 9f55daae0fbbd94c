// Messages: --list-diagnostics and --help-diagnostics=md, from diags.def.

#include "opt.h"

#include <string.h>

static const char *severity_name(tsr_severity severity) {
  switch (severity) {
  case TSR_SEVERITY_ERROR:
    return "error";
  case TSR_SEVERITY_WARNING:
    return "warning";
  case TSR_SEVERITY_NOTE:
    return "note";
  case TSR_SEVERITY_REMARK:
    return "remark";
  }
  return "";
}

void docs_list_diagnostics(tsr_buffer *out) {
  size_t count;
  const tsr_diag_row *rows = tsr_diag_rows(&count);
  for (size_t i = 0; i < count; i++) {
    if (rows[i].title)
      continue;
    tsr_buffer_append_dashed(out, rows[i].id);
    tsr_buffer_printf(out, "  %s: %s\n", severity_name(rows[i].severity),
                      rows[i].format);
  }
}

// A format as people read it: an ellipsis where something is put in.
static void append_message(tsr_buffer *out, const char *format) {
  static const char flags[] = "-+ #0123456789.*lhzjt";
  for (const char *c = format; *c; c++) {
    if (*c == '|')
      tsr_buffer_append_char(out, '\\');
    if (*c != '%' || c[1] == '%') {
      tsr_buffer_append_char(out, *c);
      c += *c == '%';
      continue;
    }
    c += 1 + strspn(c + 1, flags);
    tsr_buffer_append_str(out, "\u2026");
  }
}

static void append_row(tsr_buffer *out, const tsr_diag_row *row) {
  tsr_buffer_append_str(out, "| `");
  tsr_buffer_append_dashed(out, row->id);
  tsr_buffer_printf(out, "` | %s: `", severity_name(row->severity));
  append_message(out, row->format);
  tsr_buffer_printf(out, "` | %s |\n", row->meaning);
}

void docs_diagnostics(tsr_buffer *out) {
  tsr_buffer_append_str(
      out, "# Messages\n\n"
           "Errors and warnings end in an id in brackets; this page says what "
           "each means and\nwhat to do. `\u2026` stands for what the message "
           "puts there. It is printed by\n`tt-opt --help-diagnostics=md`. What "
           "the model says about kernels is in\n[model](model.md).\n");
  size_t count;
  const tsr_diag_row *rows = tsr_diag_rows(&count);
  for (size_t i = 0; i < count; i++) {
    if (rows[i].title)
      tsr_buffer_printf(out,
                        "\n## %s\n\n%s\n\n| id | message | meaning |\n"
                        "|---|---|---|\n",
                        rows[i].title, rows[i].meaning);
    else if (rows[i].severity != TSR_SEVERITY_NOTE)
      append_row(out, &rows[i]);
  }
}
