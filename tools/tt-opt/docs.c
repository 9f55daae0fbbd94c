// References printed from the tables, so that they cannot lag behind them.

#include "opt.h"

#include "tessera/type.h"

#include <string.h>

void docs_list_passes(const tsr_registry *registry, tsr_buffer *out) {
  enum { COLUMN = 22 };
  for (size_t i = 0; i < tsr_registry_pass_count(registry); i++) {
    const tsr_pass *pass = tsr_registry_pass(registry, i);
    tsr_buffer_printf(out, "%-*s%s\n", COLUMN, pass->name, pass->summary);
  }
  for (size_t i = 0; i < tsr_registry_pipeline_count(registry); i++) {
    const tsr_named_pipeline *named = tsr_registry_pipeline(registry, i);
    tsr_buffer_printf(out, "%-*s", COLUMN, named->name);
    for (size_t j = 0; j < named->run_count; j++)
      tsr_buffer_printf(out, "%s%s", j ? "," : "", named->runs[j]);
    tsr_buffer_append_char(out, '\n');
  }
}

// -- Passes -------------------------------------------------------------------

static void append_states(tsr_buffer *out, const char *verb, uint32_t states) {
  for (tsr_state i = 0; i < TSR_STATE_COUNT; i++) {
    if (!(states & (1u << i)))
      continue;
    const tsr_state_info *info = tsr_state_get_info(i);
    tsr_buffer_printf(out, "- %s: %s (`%s`)\n", verb, info->promise,
                      info->pass_name);
  }
}

static const char *kind_name(tsr_option_kind kind) {
  switch (kind) {
  case TSR_OPTION_INT:
    return "number";
  case TSR_OPTION_BOOL:
    return "`true` or `false`";
  case TSR_OPTION_KEYWORD:
    return "one of";
  case TSR_OPTION_GRID:
    return "rows x columns";
  case TSR_OPTION_BYTES:
    return "bytes";
  case TSR_OPTION_LIST:
    return "list";
  case TSR_OPTION_STRING:
    return "text";
  }
  return "";
}

// `a|b` as `a`, `b`: a bar would end the cell of the table.
static void append_choices(tsr_buffer *out, const char *choices) {
  while (*choices) {
    size_t size = strcspn(choices, "|");
    tsr_buffer_printf(out, " `%.*s`", (int)size, choices);
    choices += size + (choices[size] == '|');
  }
}

static void append_options(tsr_buffer *out, const tsr_pass *pass) {
  if (pass->option_count == 0)
    return;
  tsr_buffer_append_str(out, "\n| option | value | default | meaning |\n"
                             "|---|---|---|---|\n");
  for (size_t i = 0; i < pass->option_count; i++) {
    const tsr_pass_option *option = &pass->options[i];
    tsr_buffer_printf(out, "| `%s` | %s", option->name,
                      kind_name(option->kind));
    append_choices(out, option->choices);
    tsr_buffer_printf(out, option->fallback[0] ? " | `%s` | " : " | %s | ",
                      option->fallback);
    tsr_buffer_printf(out, "%s |\n", option->help);
  }
}

void docs_passes(const tsr_registry *registry, tsr_buffer *out) {
  for (size_t i = 0; i < tsr_registry_pass_count(registry); i++) {
    const tsr_pass *pass = tsr_registry_pass(registry, i);
    tsr_buffer_printf(out, "%s## %s\n\n%s.\n", i ? "\n" : "", pass->name,
                      pass->summary);
    if (pass->docs)
      tsr_buffer_printf(out, "\n%s\n", pass->docs);
    if (pass->needs | pass->gives || pass->counter_count > 0)
      tsr_buffer_append_char(out, '\n');
    append_states(out, "needs", pass->needs);
    append_states(out, "gives", pass->gives);
    for (size_t c = 0; c < pass->counter_count; c++)
      tsr_buffer_printf(out, "- counts `%s`: %s\n", pass->counters[c].name,
                        pass->counters[c].help);
    append_options(out, pass);
  }
}

// -- Ops ----------------------------------------------------------------------

typedef struct flag_name {
  uint32_t flag;
  const char *name;
} flag_name;

static const flag_name trait_names[] = {
    {TSR_TRAIT_TERMINATOR, "ends a block"},
    {TSR_TRAIT_SYMBOL, "defines a symbol"},
    {TSR_TRAIT_ISOLATED, "uses no value from outside"},
    {TSR_TRAIT_COMMUTATIVE, "commutative"},
};

static const flag_name effect_names[] = {
    {TSR_EFFECT_READ_BUFFER, "reads a buffer"},
    {TSR_EFFECT_WRITE_BUFFER, "writes a buffer"},
    {TSR_EFFECT_ALLOC, "allocates"},
    {TSR_EFFECT_CB_PRODUCE, "fills a circular buffer"},
    {TSR_EFFECT_CB_CONSUME, "drains a circular buffer"},
    {TSR_EFFECT_NOC, "uses the NoC"},
    {TSR_EFFECT_DST_READ, "reads DST"},
    {TSR_EFFECT_DST_WRITE, "writes DST"},
    {TSR_EFFECT_CONFIG, "configures an engine"},
    {TSR_EFFECT_LAUNCH, "launches"},
};

static void append_flags(tsr_buffer *out, const flag_name *names, size_t count,
                         uint32_t flags, size_t *written) {
  for (size_t i = 0; i < count; i++)
    if (flags & names[i].flag)
      tsr_buffer_printf(out, "%s%s", (*written)++ ? ", " : "", names[i].name);
}

// A cell of the table: text, or a dash where there is none.
static void append_cell(tsr_buffer *out, const char *text) {
  if (text && *text)
    tsr_buffer_printf(out, " | `%s`", text);
  else
    tsr_buffer_append_str(out, " | -");
}

static void append_op(tsr_buffer *out, const tsr_op_info *info) {
  size_t written = 0;
  tsr_buffer_printf(out, "| `%s`", info->mnemonic);
  append_cell(out, info->operands);
  append_cell(out, info->attrs);
  append_cell(out, info->syntax);
  if (info->results == TSR_RESULTS_ANY)
    tsr_buffer_append_str(out, " | any | ");
  else
    tsr_buffer_printf(out, " | %u | ", (unsigned)info->results);
  tsr_buffer_append_str(out, info->summary);
  size_t start = out->size;
  tsr_buffer_append_str(out, " (");
  append_flags(out, trait_names, sizeof(trait_names) / sizeof(trait_names[0]),
               info->traits, &written);
  append_flags(out, effect_names,
               sizeof(effect_names) / sizeof(effect_names[0]), info->effects,
               &written);
  tsr_buffer_append_str(out, ")");
  if (written == 0)
    tsr_buffer_truncate(out, start);
  tsr_buffer_append_str(out, " |\n");
}

void docs_ops(tsr_buffer *out) {
  tsr_buffer_append_str(
      out, "| op | operands | attributes | syntax | results | meaning |\n"
           "|---|---|---|---|---|---|\n");
  for (size_t i = 1; i < TSR_OP_COUNT; i++)
    append_op(out, tsr_op_kind_get_info((tsr_op_kind)i));
}

void docs_list_ops(tsr_buffer *out) {
  for (size_t i = 1; i < TSR_OP_COUNT; i++) {
    const tsr_op_info *info = tsr_op_kind_get_info((tsr_op_kind)i);
    tsr_buffer_printf(out, "%-22s%s\n", info->mnemonic, info->summary);
  }
}

// -- Types --------------------------------------------------------------------

typedef struct type_row {
  const char *keyword, *summary;
} type_row;

static const type_row types[] = {
#define TSR_TYPE(id, keyword, summary) {keyword, summary},
#include "tessera/types.def"
};
enum { TYPE_COUNT = sizeof(types) / sizeof(types[0]) };

void docs_list_types(tsr_buffer *out) {
  for (size_t i = 0; i < TYPE_COUNT; i++)
    tsr_buffer_printf(out, "%-22s%s\n", types[i].keyword, types[i].summary);
  for (size_t i = 0; i < TSR_ELEMENT_COUNT; i++) {
    const tsr_element_info *info = tsr_element_get_info((tsr_element)i);
    tsr_buffer_printf(out, "%-22selement format%s\n", info->name,
                      info->supported ? "" : ", not to be computed with yet");
  }
}

void docs_types(tsr_buffer *out) {
  tsr_buffer_append_str(out, "| type | meaning |\n|---|---|\n");
  for (size_t i = 0; i < TYPE_COUNT; i++)
    tsr_buffer_printf(out, "| `%s` | %s |\n", types[i].keyword,
                      types[i].summary);
  tsr_buffer_append_str(
      out, "\n| format | tile bytes | mantissa bits | may be computed with |\n"
           "|---|---|---|---|\n");
  for (size_t i = 0; i < TSR_ELEMENT_COUNT; i++) {
    const tsr_element_info *info = tsr_element_get_info((tsr_element)i);
    tsr_buffer_printf(out, "| `%s` | ", info->name);
    if (info->tile_bytes > 0)
      tsr_buffer_printf(out, "%u |", (unsigned)info->tile_bytes);
    else
      tsr_buffer_append_str(out, "in registers only |");
    if (info->is_float)
      tsr_buffer_printf(out, " %u", (unsigned)info->mantissa_bits);
    tsr_buffer_printf(out, " | %s |\n", info->supported ? "yes" : "not yet");
  }
}
