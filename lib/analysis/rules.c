// What is said of a rule of the chip that a program is proved to break: the
// same as the model of the chip says of one that it breaks while it runs.

#include "impl.h"

#include "tessera/buffer.h"
#include "tessera/json.h"
#include "tessera/text.h"

#include <stdarg.h>

// Who breaks a rule, and what it is.
typedef struct breach {
  const char *kernel; // NULL: several do
  const uint32_t *xy;
  tsr_buffer program, op, rule; // as they are written
} breach;

static void print(const breach *what, tsr_buffer *out) {
  tsr_buffer_printf(out, "program %s, core (%u,%u)",
                    tsr_buffer_str(&what->program), what->xy[0], what->xy[1]);
  if (what->kernel)
    tsr_buffer_printf(out, ", kernel '%s': %s", what->kernel,
                      tsr_buffer_str(&what->op));
  tsr_buffer_printf(out, ": %s", tsr_buffer_str(&what->rule));
}

static cJSON *to_json(const breach *what) {
  cJSON *made = tsr_json_object();
  tsr_json_add_text(made, "program", tsr_buffer_str(&what->program));
  tsr_json_add(made, "core",
               tsr_json_ints((int[]){(int)what->xy[0], (int)what->xy[1]}, 2));
  if (what->kernel) {
    tsr_json_add_text(made, "kernel", what->kernel);
    tsr_json_add_text(made, "op", tsr_buffer_str(&what->op));
  }
  tsr_json_add_text(made, "rule", tsr_buffer_str(&what->rule));
  return made;
}

static void report(const breach *what, tsr_diag *diag, const tsr_op *op,
                   const char *id) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  print(what, &text);
  tsr_diag_error(diag, op, id, "%s", tsr_buffer_str(&text));
  cJSON *details = to_json(what);
  char *json = tsr_json_print_line(details);
  tsr_diag_set_details(diag, json);
  cJSON_free(json);
  cJSON_Delete(details);
  tsr_buffer_deinit(&text);
}

tsr_result tsr_rule_error(tsr_diag *diag, const tsr_op *op,
                          const uint32_t xy[2], const char *id,
                          const char *format, ...) {
  const tsr_op *kernel = tsr_op_find_parent(op, TSR_OP_kernel);
  const tsr_op *program = tsr_op_find_parent(op, TSR_OP_program);
  breach what = {.kernel = kernel ? tsr_op_get_text(kernel, "name") : NULL,
                 .xy = xy};
  tsr_buffer_init(&what.program);
  tsr_buffer_init(&what.op);
  tsr_buffer_init(&what.rule);
  tsr_buffer_printf(&what.program, "@%s", tsr_op_get_text(program, "name"));
  tsr_op_print(op, &what.op);
  va_list arguments;
  va_start(arguments, format);
  tsr_buffer_vprintf(&what.rule, format, arguments);
  va_end(arguments);
  report(&what, diag, op, id);
  tsr_buffer_deinit(&what.rule);
  tsr_buffer_deinit(&what.op);
  tsr_buffer_deinit(&what.program);
  return TSR_FAILED;
}
