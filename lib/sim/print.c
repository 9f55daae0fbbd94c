// What kernels print. A thread collects a line; whole lines wait at their core
// until no core runs, so that their order is the same on any number of host
// threads.

#include "internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void tsr_sim_set_printer(tsr_sim *sim, tsr_sim_printer *printer,
                         void *context) {
  sim->printer = printer;
  sim->printer_context = context;
}

void begin_printing(thread *self) {
  tsr_buffer_init(&self->print_line);
  self->print_settings[TSR_SIM_PRINT_BASE] = 10;
  self->print_settings[TSR_SIM_PRINT_PRECISION] = 6;
}

static void end_line(thread *self) {
  const char *text = tsr_buffer_str(&self->print_line);
  tsr_buffer_printf(&self->home->printed, "%d%s\n", (int)self->processor, text);
  tsr_buffer_clear(&self->print_line);
}

void finish_line(thread *self) {
  if (*tsr_buffer_str(&self->print_line))
    end_line(self);
}

void end_printing(thread *self) { tsr_buffer_deinit(&self->print_line); }

void tell_lines(core *on) {
  const tsr_sim *sim = on->sim;
  tsr_buffer *lines = &on->printed;
  if (!sim->printer || !*tsr_buffer_str(lines))
    return;
  tsr_buffer line;
  tsr_buffer_init(&line);
  for (const char *at = tsr_buffer_str(lines); *at;) {
    size_t length = strcspn(at + 1, "\n");
    tsr_buffer_clear(&line);
    tsr_buffer_printf(&line, "%.*s", (int)length, at + 1);
    sim->printer(sim->printer_context, on->x, on->y, (uint32_t)(*at - '0'),
                 tsr_buffer_str(&line));
    at += 1 + length + 1;
  }
  tsr_buffer_deinit(&line);
  tsr_buffer_clear(lines);
}

// -- Values -------------------------------------------------------------------

// The thread, where somebody wants to read what it prints.
static thread *printing_thread(void) {
  thread *self = current_thread();
  return self->home->sim->printer ? self : NULL;
}

static void put(thread *self, const char *text) {
  int missing = self->print_settings[TSR_SIM_PRINT_WIDTH] - (int)strlen(text);
  self->print_settings[TSR_SIM_PRINT_WIDTH] = 0;
  self->printed_tile = false;
  for (; missing > 0; missing--)
    tsr_buffer_append_str(&self->print_line, " ");
  for (;;) {
    size_t length = strcspn(text, "\n");
    tsr_buffer_printf(&self->print_line, "%.*s", (int)length, text);
    if (!text[length])
      return;
    end_line(self);
    text += length + 1;
  }
}

void tsr_sim_print_text(const char *text) {
  thread *self = printing_thread();
  if (self)
    put(self, text);
}

void tsr_sim_print_end_line(void) {
  thread *self = printing_thread();
  if (self && (!self->printed_tile || *tsr_buffer_str(&self->print_line)))
    put(self, "\n");
}

void tsr_sim_print_unsigned(uint64_t value) {
  thread *self = printing_thread();
  if (!self)
    return;
  char text[32];
  int base = self->print_settings[TSR_SIM_PRINT_BASE];
  if (base == 16)
    snprintf(text, sizeof text, "%" PRIx64, value);
  else if (base == 8)
    snprintf(text, sizeof text, "%" PRIo64, value);
  else
    snprintf(text, sizeof text, "%" PRIu64, value);
  put(self, text);
}

void tsr_sim_print_signed(int64_t value) {
  thread *self = printing_thread();
  if (!self)
    return;
  if (value >= 0 || self->print_settings[TSR_SIM_PRINT_BASE] != 10) {
    // In other bases the bits of a word.
    tsr_sim_print_unsigned(value < 0 ? (uint32_t)value : (uint64_t)value);
    return;
  }
  char text[32];
  snprintf(text, sizeof text, "%" PRId64, value);
  put(self, text);
}

void tsr_sim_print_float(double value) {
  thread *self = printing_thread();
  if (!self)
    return;
  char text[512];
  int digits = self->print_settings[TSR_SIM_PRINT_PRECISION];
  if (self->print_settings[TSR_SIM_PRINT_FIXED])
    snprintf(text, sizeof text, "%.*f", digits, value);
  else
    snprintf(text, sizeof text, "%.*g", digits, value);
  put(self, text);
}

void tsr_sim_print_set(tsr_sim_print_setting what, int value) {
  thread *self = printing_thread();
  if (self)
    self->print_settings[what] = value;
}
