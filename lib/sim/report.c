// What the model says when a program is wrong.

#include "internal.h"

#include "tessera/json.h"

TSR_PRINTF(3, 0)
static tsr_result fail(tsr_sim *sim, tsr_sim_error_kind kind,
                       const char *format, va_list arguments) {
  tsr_buffer_clear(&sim->error);
  sim->error_kind = kind;
  sim->error_where = (tsr_sim_where){NULL, 0, 0};
  tsr_buffer_clear(&sim->error_details);
  tsr_buffer_vprintf(&sim->error, format, arguments);
  return TSR_FAILED;
}

tsr_result fail_host(tsr_sim *sim, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  tsr_result result = fail(sim, TSR_SIM_ERROR_SETUP, format, arguments);
  va_end(arguments);
  return result;
}

tsr_result fail_machine(tsr_sim *sim, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  tsr_result result = fail(sim, TSR_SIM_ERROR_MACHINE, format, arguments);
  va_end(arguments);
  return result;
}

void describe_role(tsr_buffer *out, const thread *self) {
  tsr_buffer_printf(out, "kernel '%s' (%s)", self->code->name,
                    processor_name(self->processor));
}

tsr_sim_error_kind tsr_sim_error_get_kind(const tsr_sim *sim) {
  return sim->error_kind;
}

tsr_sim_where tsr_sim_error_where(const tsr_sim *sim) {
  return sim->error_where;
}

const char *tsr_sim_error_details(const tsr_sim *sim) {
  return tsr_buffer_str(&sim->error_details);
}

// -- For people ---------------------------------------------------------------

void tsr_sim_set_op_names(tsr_sim *sim, tsr_sim_op_name *name,
                          tsr_sim_op_mnemonic *mnemonic, void *context) {
  sim->op_name = name;
  sim->op_mnemonic = mnemonic;
  sim->op_name_context = context;
}

void tsr_sim_set_user(tsr_sim *sim, const void *user) { sim->user = user; }

const void *tsr_sim_get_user(void) { return current_thread()->home->sim->user; }

const char *name_call(const thread *self, call_name call) {
  static const struct {
    const char *function, *op, *method;
  } names[] = {
#define TSR_SIM_CALL_NAME(id, op, method) {#id, op, method},
#include "call_names.def"
  };
  if (self->home->sim->op_name)
    return names[call].op;
  return self->by_method ? names[call].method : names[call].function;
}

begun_at begin_here(const thread *self) {
  return (begun_at){self->call, self->where};
}

void describe_begun(tsr_buffer *out, const tsr_sim *sim,
                    const begun_at *begun) {
  if (begun->where.op && sim->op_name)
    sim->op_name(sim->op_name_context, begun->where.op, out);
  else
    tsr_buffer_append_str(out, begun->call);
}

void describe_op(tsr_buffer *out, const thread *self) {
  begun_at now = begin_here(self);
  describe_begun(out, self->home->sim, &now);
}

// An op's place is for the host to say.
static void append_place(tsr_buffer *out, tsr_sim_where where) {
  if (where.line && !where.op)
    tsr_buffer_printf(out, "%s:%u: ", where.file, where.line);
}

void describe_call(tsr_buffer *out, const thread *self) {
  append_place(out, self->where);
  describe_op(out, self);
}

const char *describe_earlier(thread *self, const begun_at *begun) {
  tsr_buffer_clear(&self->earlier);
  describe_begun(&self->earlier, self->home->sim, begun);
  if (begun->where.line)
    tsr_buffer_printf(&self->earlier, " at %s:%u", begun->where.file,
                      begun->where.line);
  return tsr_buffer_str(&self->earlier);
}

void start_breach(breach *out, const thread *self) {
  tsr_buffer_clear(&out->op);
  tsr_buffer_clear(&out->rule);
  out->self = self;
  out->where = self->where;
}

bool tsr_sim_find_place(tsr_sim_place *out) {
  const thread *self = current_thread();
  if (!self)
    return false;
  *out = (tsr_sim_place){.program = self->code->program->name,
                         .kernel = self->code->name,
                         .x = self->home->x,
                         .y = self->home->y};
  return true;
}

static bool has_op(const breach *what) { return what->op.size > 0; }

void print_breach(const breach *what, tsr_buffer *out) {
  const thread *self = what->self;
  tsr_buffer_printf(out, "program %s, core (%u,%u), ",
                    self->code->program->name, self->home->x, self->home->y);
  describe_role(out, self);
  tsr_buffer_append_str(out, ": ");
  if (has_op(what))
    append_place(out, what->where);
  if (has_op(what))
    tsr_buffer_printf(out, "%s: ", tsr_buffer_str(&what->op));
  tsr_buffer_append_str(out, tsr_buffer_str(&what->rule));
}

// -- For programs to read -----------------------------------------------------

void set_error_details(tsr_sim *sim, cJSON *details) {
  char *text = tsr_json_print_line(details);
  tsr_buffer_clear(&sim->error_details);
  tsr_buffer_append_str(&sim->error_details, text);
  cJSON_free(text);
  cJSON_Delete(details);
}

cJSON *breach_to_json(const breach *what) {
  const thread *self = what->self;
  cJSON *made = tsr_json_object();
  tsr_json_add_text(made, "program", self->code->program->name);
  tsr_json_add(
      made, "core",
      tsr_json_ints((int[]){(int)self->home->x, (int)self->home->y}, 2));
  tsr_json_add_text(made, "kernel", self->code->name);
  tsr_json_add_text(made, "thread", processor_name(self->processor));
  if (has_op(what))
    tsr_json_add_text(made, "op", tsr_buffer_str(&what->op));
  tsr_json_add_text(made, "rule", tsr_buffer_str(&what->rule));
  return made;
}
