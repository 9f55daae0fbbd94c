// --help=NAME: what a name means that one meets in options, IR or messages.

#include "cli_impl.h"

#include "tessera/support.h"
#include "tessera/type.h"

#include <string.h>

// Names that something is known about, for a hint when none is meant.
typedef struct names {
  tsr_arena *arena;
  const char **items;
  size_t count, capacity;
} names;

typedef struct topic {
  tsr_cli *cli;
  const char *name;
  tsr_buffer *out;
  names all;
} topic;

static bool is_it(topic *t, const char *name) {
  size_t room = t->all.count + 1;
  if (room > t->all.capacity) {
    const char **larger =
        TSR_NEW_ARRAY(t->all.arena, const char *, 2 * room + 64);
    if (t->all.count > 0)
      memcpy(larger, t->all.items, t->all.count * sizeof(*larger));
    t->all.items = larger;
    t->all.capacity = 2 * room + 64;
  }
  t->all.items[t->all.count++] = name;
  return strcmp(t->name, name) == 0;
}

// -- Options ------------------------------------------------------------------

static bool explain_option(topic *t) {
  for (size_t i = 0; i < t->cli->option_count; i++) {
    const tsr_cli_option *option = &t->cli->options[i];
    const char *flag = tsr_arena_printf(&t->cli->arena, "%s%s",
                                        cli_dashes(option->name), option->name);
    if (!is_it(t, option->name) && !is_it(t, flag))
      continue;
    tsr_buffer_printf(t->out, "%s: %s\n", cli_form(t->cli, option),
                      option->help);
    return true;
  }
  return false;
}

// -- Passes -------------------------------------------------------------------

static void append_states(tsr_buffer *out, const char *verb, uint32_t states) {
  for (tsr_state i = 0; i < TSR_STATE_COUNT; i++)
    if (states & (1u << i))
      tsr_buffer_printf(out, "  %s that %s (%s)\n", verb,
                        tsr_state_get_info(i)->promise,
                        tsr_state_get_info(i)->pass_name);
}

const char *cli_show_values(tsr_cli *cli, const tsr_pass_option *option) {
  const char *one = option->choices[0] ? option->choices : "VALUE";
  if (option->kind == TSR_OPTION_LIST)
    return tsr_arena_printf(&cli->arena, "[%s,...]", one);
  if (option->kind == TSR_OPTION_BOOL)
    return "true|false";
  return option->kind == TSR_OPTION_GRID ? "RxC" : one;
}

static void append_pass_option(topic *t, const char *name,
                               const tsr_pass_option *option) {
  tsr_buffer *out = t->out;
  tsr_buffer_printf(out, "  %s=%s", name, cli_show_values(t->cli, option));
  if (option->fallback[0])
    tsr_buffer_printf(out, " (default: %s)", option->fallback);
  tsr_buffer_printf(out, "\n      %s\n", option->help);
}

static void append_pass(topic *t, const tsr_pass *pass) {
  tsr_buffer *out = t->out;
  tsr_buffer_printf(out, "pass %s: %s\n", pass->name, pass->summary);
  if (pass->docs)
    tsr_buffer_printf(out, "\n%s\n", pass->docs);
  if (pass->needs | pass->gives)
    tsr_buffer_append_char(out, '\n');
  append_states(out, "needs", pass->needs);
  append_states(out, "gives", pass->gives);
  if (pass->option_count > 0)
    tsr_buffer_append_str(out, "\nOptions:\n");
  for (size_t i = 0; i < pass->option_count; i++)
    append_pass_option(t, pass->options[i].name, &pass->options[i]);
  if (pass->counter_count > 0)
    tsr_buffer_append_str(out, "\nCounters (--stats):\n");
  for (size_t i = 0; i < pass->counter_count; i++)
    tsr_buffer_printf(out, "  %s: %s\n", pass->counters[i].name,
                      pass->counters[i].help);
}

const tsr_pass_option *cli_find_pass_option(const tsr_pass *pass,
                                            const char *name) {
  for (size_t i = 0; pass && i < pass->option_count; i++)
    if (strcmp(pass->options[i].name, name) == 0)
      return &pass->options[i];
  return NULL;
}

static void append_pipeline(topic *t, const tsr_named_pipeline *pipeline) {
  tsr_buffer_printf(t->out, "pipeline %s, which runs\n", pipeline->name);
  for (size_t i = 0; i < pipeline->run_count; i++)
    tsr_buffer_printf(t->out, "  %s\n", pipeline->runs[i]);
  if (pipeline->option_count > 0)
    tsr_buffer_append_str(t->out, "\nOptions:\n");
  for (size_t i = 0; i < pipeline->option_count; i++) {
    const tsr_pipeline_option *row = &pipeline->options[i];
    const tsr_pass_option *option = cli_find_pass_option(
        tsr_registry_find_pass(t->cli->registry, row->pass_name),
        row->pass_option);
    if (option)
      append_pass_option(t, row->name, option);
  }
}

// An option of passes, by itself.
static bool explain_pass_option(topic *t) {
  const tsr_registry *registry = t->cli->registry;
  bool found = false;
  for (size_t i = 0; registry && i < tsr_registry_pass_count(registry); i++) {
    const tsr_pass *pass = tsr_registry_pass(registry, i);
    for (size_t k = 0; k < pass->option_count; k++) {
      if (!is_it(t, pass->options[k].name))
        continue;
      tsr_buffer_printf(t->out, "option of pass %s: --%s=%s=...\n", pass->name,
                        pass->name, pass->options[k].name);
      append_pass_option(t, pass->options[k].name, &pass->options[k]);
      found = true;
    }
  }
  return found;
}

static bool explain_pass(topic *t) {
  const tsr_registry *registry = t->cli->registry;
  if (!registry)
    return false;
  for (size_t i = 0; i < tsr_registry_pass_count(registry); i++)
    if (is_it(t, tsr_registry_pass(registry, i)->name)) {
      append_pass(t, tsr_registry_pass(registry, i));
      return true;
    }
  for (size_t i = 0; i < tsr_registry_pipeline_count(registry); i++)
    if (is_it(t, tsr_registry_pipeline(registry, i)->name)) {
      append_pipeline(t, tsr_registry_pipeline(registry, i));
      return true;
    }
  return false;
}

// -- IR -----------------------------------------------------------------------

// The next meaning of the name.
static void begin_meaning(topic *t) {
  if (t->out->size > 0)
    tsr_buffer_append_char(t->out, '\n');
}

static void append_field(tsr_buffer *out, const char *name, const char *text) {
  if (text && *text)
    tsr_buffer_printf(out, "  %s: %s\n", name, text);
}

static bool explain_op(topic *t) {
  for (size_t i = 1; i < TSR_OP_COUNT; i++) {
    const tsr_op_info *info = tsr_op_kind_get_info((tsr_op_kind)i);
    if (!is_it(t, info->mnemonic))
      continue;
    begin_meaning(t);
    tsr_buffer_printf(t->out, "op %s: %s\n", info->mnemonic, info->summary);
    append_field(t->out, "operands", info->operands);
    append_field(t->out, "attributes", info->attrs);
    append_field(t->out, "written", info->syntax);
    if (info->results == TSR_RESULTS_ANY)
      tsr_buffer_append_str(t->out, "  results: any number\n");
    else
      tsr_buffer_printf(t->out, "  results: %u\n", (unsigned)info->results);
    return true;
  }
  return false;
}

typedef struct type_row {
  const char *keyword, *summary;
} type_row;

static const type_row types[] = {
#define TSR_TYPE(id, keyword, summary) {keyword, summary},
#include "tessera/types.def"
};

static bool explain_type(topic *t) {
  for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
    if (is_it(t, types[i].keyword)) {
      begin_meaning(t);
      tsr_buffer_printf(t->out, "type %s: %s\n", types[i].keyword,
                        types[i].summary);
      return true;
    }
  for (size_t i = 0; i < TSR_ELEMENT_COUNT; i++) {
    const tsr_element_info *info = tsr_element_get_info((tsr_element)i);
    if (!is_it(t, info->name))
      continue;
    begin_meaning(t);
    tsr_buffer_printf(t->out,
                      "element format %s: %u bytes a tile, %u explicit bits of "
                      "mantissa\n",
                      info->name, (unsigned)info->tile_bytes,
                      (unsigned)info->mantissa_bits);
    return true;
  }
  return false;
}

// -- Messages -----------------------------------------------------------------

static bool explain_message(topic *t) {
  size_t count;
  const tsr_diag_row *rows = tsr_diag_rows(&count);
  for (size_t i = 0; i < count; i++) {
    if (!rows[i].id || !rows[i].meaning)
      continue;
    tsr_buffer id;
    tsr_buffer_init(&id);
    tsr_buffer_append_dashed(&id, rows[i].id);
    bool found =
        is_it(t, tsr_arena_strdup(&t->cli->arena, tsr_buffer_str(&id)));
    tsr_buffer_deinit(&id);
    if (!found)
      continue;
    begin_meaning(t);
    tsr_buffer_printf(t->out, "message %s: %s\n  %s\n", t->name, rows[i].format,
                      rows[i].meaning);
    return true;
  }
  return false;
}

// A pass, an op and a type may share a name.
static bool explain(topic *t) {
  bool found = explain_pass(t) || explain_option(t);
  found |= explain_op(t);
  found |= explain_type(t);
  found |= explain_message(t);
  return found || explain_pass_option(t);
}

const char *const *cli_list_topics(tsr_cli *cli, size_t *out_count) {
  // Nothing is called so, so all names are gone through.
  topic t = {.cli = cli, .name = "", .all = {.arena = &cli->arena}};
  explain(&t);
  size_t count = 0;
  for (size_t i = 0; i < t.all.count; i++) {
    // An option is there with its dashes and without.
    if (t.all.items[i][0] != '-')
      t.all.items[count++] = t.all.items[i];
  }
  *out_count = count;
  return t.all.items;
}

int cli_append_topic(tsr_cli *cli, const char *name, tsr_buffer *out) {
  topic t = {
      .cli = cli, .name = name, .out = out, .all = {.arena = &cli->arena}};
  if (explain(&t))
    return TSR_EXIT_OK;
  const char *close = tsr_closest(name, t.all.items, t.all.count);
  if (close)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_topic_near), name, close);
  return tsr_cli_wrong(cli, TSR_DIAG(cli_topic_unknown), name);
}
