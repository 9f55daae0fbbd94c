#include "grow.h"

#include "tessera/support.h"

#include <string.h>

enum { MAX_PASSES = 32 };

// One of "a|b|c".
static void append_word(choices *c, const char *words, tsr_buffer *out) {
  uint32_t count = 1;
  for (const char *at = words; *at; at++)
    count += *at == '|';
  for (uint32_t skip = choose(c, count); skip; skip--)
    words = strchr(words, '|') + 1;
  tsr_buffer_append(out, words, strcspn(words, "|"));
}

// Mostly more than anything needs, so that limits seldom end a run.
static void append_bytes(choices *c, tsr_buffer *out) {
  static const char *const units[] = {"MiB", "KiB", "GiB"};
  uint32_t unit = choose(c, 10);
  tsr_buffer_printf(out, "%u%s", 1 + choose(c, unit == 1 ? 1024 : 1),
                    units[unit < 3 ? unit : 0]);
}

// Words of the row, or any where it has none.
static void append_list(choices *c, const char *words, tsr_buffer *out) {
  tsr_buffer_append_str(out, "[");
  for (uint32_t i = 0, count = 1 + choose(c, 3); i < count; i++) {
    tsr_buffer_append_str(out, i ? "," : "");
    append_word(c, *words ? words : "a|b|f", out);
  }
  tsr_buffer_append_str(out, "]");
}

// Mostly small numbers, as far as the row's range has them.
static void append_number(choices *c, const char *range, tsr_buffer *out) {
  uint64_t low = 0, high = UINT64_MAX;
  const char *dots = strstr(range, "..");
  if (dots && (!tsr_parse_u64(range, (size_t)(dots - range), &low) ||
               !tsr_parse_u64(dots + 2, strlen(dots + 2), &high)))
    low = 0, high = UINT64_MAX; // the registry refuses such rows
  uint64_t number = 1 + choose(c, chance(c, 20) ? 64 : 5);
  if (number < low || number > high)
    number = low + number % (high - low + 1);
  tsr_buffer_append_u64(out, number);
}

static void append_option(choices *c, const tsr_pass_option *option,
                          tsr_buffer *out) {
  tsr_buffer_printf(out, "%s=", option->name);
  switch (option->kind) {
  case TSR_OPTION_INT:
    append_number(c, option->choices, out);
    break;
  case TSR_OPTION_BOOL:
    tsr_buffer_append_str(out, chance(c, 50) ? "true" : "false");
    break;
  case TSR_OPTION_KEYWORD:
    append_word(c, option->choices, out);
    break;
  case TSR_OPTION_GRID:
    tsr_buffer_printf(out, "%ux%u", 1 + choose(c, 3), 1 + choose(c, 3));
    break;
  case TSR_OPTION_BYTES:
    append_bytes(c, out);
    break;
  case TSR_OPTION_LIST:
    append_list(c, option->choices, out);
    break;
  case TSR_OPTION_STRING:
    append_word(c, "f|\"\"|\"a, {b}\"", out);
    break;
  }
}

// Fewer bits than the bound of the reference is made for.
static bool loses_bits(const tsr_pass_option *option) {
  return strcmp(option->name, "fidelity") == 0 ||
         strcmp(option->name, "approx") == 0;
}

static void append_run(choices *c, const tsr_pass *pass, bool keeps_bounds,
                       tsr_buffer *out) {
  if (out->size)
    tsr_buffer_append_str(out, ",");
  tsr_buffer_append_str(out, pass->name);
  const char *separator = "{";
  for (size_t i = 0; i < pass->option_count; i++) {
    const tsr_pass_option *option = &pass->options[i];
    if (!chance(c, 30) || (keeps_bounds && loses_bits(option)))
      continue;
    tsr_buffer_append_str(out, separator);
    append_option(c, option, out);
    separator = ",";
  }
  if (*separator == ',')
    tsr_buffer_append_str(out, "}");
}

static void append_any(choices *c, const tsr_registry *registry,
                       bool keeps_bounds, tsr_buffer *out) {
  uint32_t count = (uint32_t)tsr_registry_pass_count(registry);
  append_run(c, tsr_registry_pass(registry, choose(c, count)), keeps_bounds,
             out);
}

// A pass that may stand anywhere.
static void append_between(choices *c, const tsr_registry *registry,
                           bool keeps_bounds, tsr_buffer *out) {
  const tsr_pass *found[MAX_PASSES];
  uint32_t count = 0;
  for (size_t i = 0; i < tsr_registry_pass_count(registry); i++) {
    const tsr_pass *pass = tsr_registry_pass(registry, i);
    if (!pass->needs && !pass->gives && count < MAX_PASSES)
      found[count++] = pass;
  }
  append_run(c, found[choose(c, count)], keeps_bounds, out);
}

void grow_passes(choices *c, const tsr_registry *registry, bool keeps_bounds,
                 tsr_buffer *out) {
  if (chance(c, 10)) {
    for (uint32_t left = 1 + choose(c, 8); left; left--)
      append_any(c, registry, keeps_bounds, out);
    return;
  }
  const tsr_named_pipeline *order =
      tsr_registry_find_pipeline(registry, "default");
  size_t count = chance(c, 30) ? 1 + choose(c, (uint32_t)order->run_count)
                               : order->run_count;
  for (size_t i = 0; i < count; i++) {
    const tsr_pass *pass = tsr_registry_find_pass(registry, order->runs[i]);
    bool is_optional = !pass->gives;
    if (!is_optional || !chance(c, 25))
      append_run(c, pass, keeps_bounds, out);
    if (chance(c, 20))
      append_between(c, registry, keeps_bounds, out);
  }
}
