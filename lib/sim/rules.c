// The rules of the chip: what happens when one is broken, and those that must
// hold when a kernel or a program has ended.

#include "internal.h"

#include "tessera/json.h"
#include "tessera/vector.h"

#include <stdlib.h>
#include <string.h>

void tsr_sim_set_strict(tsr_sim *sim, tsr_sim_strict strict) {
  sim->strict = strict;
}

void tsr_sim_set_listener(tsr_sim *sim, tsr_sim_listener *listener,
                          void *context) {
  sim->listener = listener;
  sim->listener_context = context;
}

// -- Saying so ----------------------------------------------------------------

static bool is_same(const said *a, const said *b) {
  return a->format == b->format && a->code == b->code &&
         a->where.file == b->where.file && a->where.line == b->where.line &&
         a->where.op == b->where.op;
}

// True the first time that the core says `now`: a loop says it again.
static bool is_first_on(const core_report *report, const said *now) {
  for (size_t i = 0; i < report->remark_count; i++)
    if (is_same(&report->remarks[i].about, now))
      return false;
  return true;
}

// True the first time that any core says `now`.
static bool is_first(tsr_sim *sim, const said *now) {
  for (size_t i = 0; i < sim->said_count; i++)
    if (is_same(&sim->said[i], now))
      return false;
  sim->said = tsr_array_grow(NULL, sim->said, &sim->said_capacity,
                             sim->said_count + 1, sizeof *sim->said);
  sim->said[sim->said_count++] = *now;
  return true;
}

TSR_PRINTF(3, 0)
static void describe(breach *out, const thread *self, const char *format,
                     va_list arguments) {
  start_breach(out, self);
  describe_op(&out->op, self);
  tsr_buffer_vprintf(&out->rule, format, arguments);
}

static void forget(breach *dead) {
  tsr_buffer_deinit(&dead->op);
  tsr_buffer_deinit(&dead->rule);
}

TSR_PRINTF(3, 0)
static void say(const thread *self, tsr_sim_severity severity,
                const char *format, va_list arguments) {
  core_report *to = &self->home->report;
  said about = {.format = format, .code = self->code, .where = self->where};
  if (!self->home->sim->listener || !is_first_on(to, &about))
    return;
  breach what = {.self = NULL};
  describe(&what, self, format, arguments);
  to->remarks = tsr_array_grow(NULL, to->remarks, &to->remark_capacity,
                               to->remark_count + 1, sizeof *to->remarks);
  to->remarks[to->remark_count++] =
      (remark){.about = about, .severity = severity, .what = what};
}

static void tell(const tsr_sim *sim, const remark *now) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  print_breach(&now->what, &text);
  cJSON *details = breach_to_json(&now->what);
  char *json = tsr_json_print_line(details);
  sim->listener(sim->listener_context, now->severity, now->about.where,
                tsr_buffer_str(&text), json);
  cJSON_free(json);
  cJSON_Delete(details);
  tsr_buffer_deinit(&text);
}

static void tell_remarks(tsr_sim *sim, core_report *from) {
  for (; from->told < from->remark_count; from->told++) {
    const remark *now = &from->remarks[from->told];
    if (is_first(sim, &now->about))
      tell(sim, now);
  }
}

void tell_reports(tsr_sim *sim) {
  for (uint32_t i = 0; i < sim->core_count && !sim->failed; i++) {
    core_report *from = &sim->cores[i].report;
    tell_lines(&sim->cores[i]);
    tell_remarks(sim, from);
    if (!from->failed)
      continue;
    sim->failed = true;
    tsr_buffer_clear(&sim->error);
    print_breach(&from->error, &sim->error);
    set_error_details(sim, breach_to_json(&from->error));
    sim->error_kind = TSR_SIM_ERROR_RULE;
    sim->error_where = from->error.where;
  }
}

void forget_reports(tsr_sim *sim) {
  for (uint32_t i = 0; i < sim->core_count; i++) {
    core_report *dead = &sim->cores[i].report;
    for (size_t k = 0; k < dead->remark_count; k++)
      forget(&dead->remarks[k].what);
    tsr_mem_resize(dead->remarks, 0);
    forget(&dead->error);
    *dead = (core_report){.failed = false};
  }
}

void fail_call(thread *self, const char *format, ...) {
  core_report *to = &self->home->report;
  va_list arguments;
  va_start(arguments, format);
  describe(&to->error, self, format, arguments);
  va_end(arguments);
  to->failed = true;
  leave_thread(self);
}

void break_rule(thread *self, const char *format, ...) {
  core_report *to = &self->home->report;
  tsr_sim_strict strict = self->home->sim->strict;
  if (strict == TSR_SIM_STRICT_OFF || to->failed)
    return;
  va_list arguments;
  va_start(arguments, format);
  if (strict == TSR_SIM_STRICT_WARN) {
    say(self, TSR_SIM_WARNING, format, arguments);
    va_end(arguments);
    return;
  }
  describe(&to->error, self, format, arguments);
  va_end(arguments);
  to->failed = true;
  // What is found between the threads' turns has nobody to leave.
  if (self == current_thread())
    leave_thread(self);
}

void note(const thread *self, const char *format, ...) {
  if (self->home->sim->strict == TSR_SIM_STRICT_OFF)
    return;
  va_list arguments;
  va_start(arguments, format);
  say(self, TSR_SIM_NOTE, format, arguments);
  va_end(arguments);
}

// -- At the end of a kernel ---------------------------------------------------

// Messages are about the last call that was not waited for.
static void go_back_to(thread *self, const begun_at *begun) {
  self->call = begun->call;
  self->where = begun->where;
}

static uint32_t count_writes(const noc_port *port) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < TRANSACTION_MAX; i++)
    count += port->writes[i];
  return count;
}

static void check_port_end(thread *self, const noc_port *port) {
  if (port->read_count) {
    go_back_to(self, &port->reads[port->read_count - 1].begun);
    break_rule(self, "the kernel ends with %zu reads that no %s waited for",
               port->read_count, name_call(self, CALL_noc_async_read_barrier));
  }
  if (count_writes(port)) {
    go_back_to(self, &port->last_write);
    break_rule(self, "the kernel ends with %u writes that no %s waited for",
               count_writes(port),
               name_call(self, CALL_noc_async_write_barrier));
  }
  if (port->posted_writes) {
    go_back_to(self, &port->last_posted_write);
    break_rule(self,
               "the kernel ends with %u posted writes that no "
               "noc_async_posted_writes_flushed waited for",
               port->posted_writes);
  }
  if (port->atomics) {
    go_back_to(self, &port->last_atomic);
    break_rule(self,
               "the kernel ends with %u semaphore increments that no "
               "noc_async_atomic_barrier waited for",
               port->atomics);
  }
  if (port->is_linked) {
    go_back_to(self, &port->linked);
    break_rule(self, "the kernel ends before the multicast that this one is "
                     "linked to");
  }
}

void check_kernel_end(thread *self) {
  for (int noc = 0; noc < NOC_COUNT; noc++)
    check_port_end(self, &self->ports[noc]);
  if (self->in_section) {
    bool is_math = self->processor == TSR_SIM_MATH;
    go_back_to(self, &self->section);
    break_rule(self, "the kernel ends before %s",
               name_call(self, is_math ? CALL_tile_regs_commit
                                       : CALL_tile_regs_release));
  }
}

// -- At the end of a program --------------------------------------------------

static void check_cb_at_exit(const core *on, uint32_t id) {
  cb_state *cb = &on->cbs[id];
  uint64_t waited = cb->popped + cb->fronted;
  if (cb->is_global)
    return;
  if (cb->producer && cb->pushed > waited) {
    cb->producer->call = "cb_push_back";
    cb->producer->where = cb->pushed_at;
    break_rule(cb->producer,
               "%llu of the %llu pages pushed to %s were never waited for",
               (unsigned long long)(cb->pushed - waited),
               (unsigned long long)cb->pushed, cb->label);
  } else if (cb->consumer && cb->fronted) {
    cb->consumer->call = "cb_wait_front";
    cb->consumer->where = cb->waited_at;
    static const char *const format =
        "%u pages of %s were waited for and never popped";
    if (cb->consumer->code->config.is_generated)
      break_rule(cb->consumer, format, cb->fronted, cb->label);
    else
      note(cb->consumer, format, cb->fronted, cb->label);
  }
}

void check_exit(tsr_sim *sim) {
  for (uint32_t i = 0; i < sim->core_count; i++) {
    const core *on = &sim->cores[i];
    for (size_t k = 0; k < on->cb_count && !on->report.failed; k++)
      check_cb_at_exit(on, on->cb_ids[k]);
  }
}
