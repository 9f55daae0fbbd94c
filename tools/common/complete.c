// --complete=LINE: what may stand for the last word of a command line, from the
// same tables as --help. Every shell asks for it, so all of them offer the
// same, also within braces and lists.
//
// The answer is, in lines: "files" or "folders" if such may stand there, else
// "words"; what of the word stays; the rest of it; and each word that may take
// the place of this rest, with a tab and what it means.

#include "cli_impl.h"

#include "tessera/pass_report.h"
#include "tessera/vector.h"

#include <ctype.h>
#include <string.h>

// What a value is, read off what --help calls it.
typedef enum value_kind {
  VALUE_NONE,
  VALUE_WORDS,  // "tree|table|json"
  VALUE_PASSES, // "PASS,..."
  VALUE_LIST,   // "LIST": passes and pipelines with their options
  VALUE_FILTER, // "WORD,...": passes and kinds of remarks
  VALUE_TARGET, // names of targets; files too
  VALUE_TOPIC,  // "NAME": whatever --help explains
  VALUE_FILE,
  VALUE_FOLDER,
  VALUE_PART,    // "WHAT,...": what is printed of a program
  VALUE_PROFILE, // "DATE": API names of tt-metal
  VALUE_OTHER,
} value_kind;

static value_kind get_kind(const tsr_cli_option *option) {
  const char *argument = option->argument;
  if (option->kind == TSR_CLI_FLAG || option->kind == TSR_CLI_FLAG_ONCE)
    return VALUE_NONE;
  if (option->kind == TSR_CLI_ON_OFF)
    return VALUE_WORDS;
  if (strchr(argument, '|') || strcmp(argument, "diff") == 0 ||
      strcmp(argument, "md") == 0)
    return VALUE_WORDS;
  if (strcmp(argument, "PASS,...") == 0)
    return VALUE_PASSES;
  if (strcmp(argument, "WHAT,...") == 0)
    return VALUE_PART;
  if (strcmp(argument, "DATE") == 0)
    return VALUE_PROFILE;
  if (strcmp(argument, "LIST") == 0)
    return VALUE_LIST;
  if (strcmp(option->name, "remarks-filter") == 0)
    return VALUE_FILTER;
  if (option->kind == TSR_CLI_TARGET)
    return VALUE_TARGET;
  if (strcmp(argument, "DIR") == 0)
    return VALUE_FOLDER;
  if (strcmp(option->name, "help") == 0)
    return VALUE_TOPIC;
  return strstr(argument, "FILE") || strcmp(argument, "PATH") == 0
             ? VALUE_FILE
             : VALUE_OTHER;
}

// -- Words of the line --------------------------------------------------------

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

// The word at `*at` as a shell hands it over; a quote may be open. NULL at the
// end of the line.
static const char *take_word(tsr_arena *arena, const char **at) {
  while (is_blank(**at))
    ++*at;
  if (!**at)
    return NULL;
  tsr_buffer word;
  tsr_buffer_init(&word);
  char quote = '\0';
  for (; **at && (quote || !is_blank(**at)); ++*at) {
    if (quote ? **at == quote : **at == '\'' || **at == '"') {
      quote = quote ? '\0' : **at;
      continue;
    }
    bool may_escape =
        quote == '"' ? strchr("\"\\$`", (*at)[1]) != NULL : !quote;
    *at += **at == '\\' && may_escape && (*at)[1];
    tsr_buffer_append_char(&word, **at);
  }
  const char *copy = tsr_arena_strdup(arena, tsr_buffer_str(&word));
  tsr_buffer_deinit(&word);
  return copy;
}

// The words of the line; the last is the one to complete, be it empty.
static void take_words(tsr_arena *arena, const char *line, tsr_vec *out) {
  const char *word, *at = line;
  bool is_open = false; // the line ends within the last word
  while ((word = take_word(arena, &at))) {
    tsr_vec_append(out, (void *)word);
    is_open = !*at;
  }
  if (!is_open || out->size < 2)
    tsr_vec_append(out, (void *)"");
}

// -- Offers -------------------------------------------------------------------

typedef struct request {
  tsr_cli *cli;
  const char *word; // to complete
  size_t stem;      // bytes of it that stay
  const char *kind; // what else may stand there
  tsr_buffer offers;
} request;

static void offer(request *r, const char *word, const char *meaning) {
  const char *part = r->word + r->stem;
  if (strncmp(word, part, strlen(part)) == 0)
    tsr_buffer_printf(&r->offers, "%s\t%s\n", word, meaning);
}

static void offer_named(request *r, const char *before, const char *name,
                        const char *behind, const char *meaning) {
  offer(r, tsr_arena_printf(&r->cli->arena, "%s%s%s", before, name, behind),
        meaning);
}

// "a|b|c"
static void offer_choices(request *r, const char *choices) {
  for (const char *at = choices; *at;) {
    size_t bytes = strcspn(at, "|");
    offer(r, tsr_arena_strndup(&r->cli->arena, at, bytes), "");
    at += bytes + (at[bytes] == '|');
  }
}

// The last of several with commas.
static void offer_parts(request *r) {
  const char *comma = strrchr(r->word + r->stem, ',');
  if (comma)
    r->stem = (size_t)(comma + 1 - r->word);
#define TSR_BACKEND(id, name, summary)      offer(r, name, summary);
#define TSR_BACKEND_ANY(id, name, summary)  offer(r, name, summary);
#define TSR_BACKEND_LLVM(id, name, summary) offer(r, name, summary);
#include "tessera/backends.def"
}

static void offer_profiles(request *r) {
#define TSR_METALIUM_PROFILE(id, name, present, absent, summary)               \
  offer(r, name, summary);
#include "tessera/metalium_profiles.def"
}

static const char *pass_name(const request *r, size_t i) {
  return tsr_registry_pass(r->cli->registry, i)->name;
}

static void offer_passes(request *r, const char *before) {
  const tsr_registry *registry = r->cli->registry;
  for (size_t i = 0; i < tsr_registry_pass_count(registry); i++)
    offer_named(r, before, pass_name(r, i), "",
                tsr_registry_pass(registry, i)->summary);
}

static void offer_pipelines(request *r, const char *before) {
  const tsr_registry *registry = r->cli->registry;
  for (size_t i = 0; i < tsr_registry_pipeline_count(registry); i++)
    offer_named(r, before, tsr_registry_pipeline(registry, i)->name, "",
                "run its passes");
}

// Kinds of remarks in small letters, as all other words are.
static void offer_kinds(request *r) {
  for (int k = TSR_REMARK_PASSED; k <= TSR_REMARK_ANALYSIS; k++) {
    char *name = tsr_arena_strdup(&r->cli->arena,
                                  tsr_remark_kind_name((tsr_remark_kind)k));
    for (char *at = name; *at; at++)
      *at = (char)tolower((unsigned char)*at);
    offer(r, name, "remarks of this kind");
  }
}

static void offer_targets(request *r) {
  for (size_t i = 0; i < tsr_target_count(); i++)
    offer(r, tsr_target_name(i), "");
  const char *alias;
  for (size_t i = 0; (alias = tsr_target_alias(i)); i++)
    offer(r, alias, "");
}

static void offer_topics(request *r) {
  size_t count;
  const char *const *names = cli_list_topics(r->cli, &count);
  for (size_t i = 0; i < count; i++)
    offer(r, names[i], "");
}

// -- Options of passes --------------------------------------------------------

// Moves the stem behind the last `sign` from `from` on that is in no quotes
// and, where `open` is none of the signs, in no brackets. Returns whether there
// is one.
static bool move_stem(request *r, size_t from, char sign) {
  bool is_quoted = false, is_found = false;
  size_t depth = 0;
  for (size_t i = from; r->word[i]; i++) {
    char c = r->word[i];
    is_quoted ^= c == '"';
    if (is_quoted)
      continue;
    depth += c == '[';
    depth -= c == ']' && depth > 0;
    if (c == sign && depth == 0) {
      r->stem = i + 1;
      is_found = true;
    }
  }
  return is_found;
}

static void offer_values(request *r, const tsr_pass_option *option) {
  if (option->kind == TSR_OPTION_BOOL)
    offer_choices(r, "true|false");
  if (option->kind == TSR_OPTION_KEYWORD)
    offer_choices(r, option->choices);
  if (option->kind != TSR_OPTION_LIST)
    return;
  if (r->word[r->stem] == '[') {
    const char *comma = strrchr(r->word + r->stem, ',');
    r->stem = comma ? (size_t)(comma + 1 - r->word) : r->stem + 1;
  }
  offer_choices(r, option->choices);
}

// An option of a pass or pipeline, as it is called there.
typedef struct named_option {
  const char *name;
  const tsr_pass_option *option; // NULL: nothing is known of its values
} named_option;

// The `i`-th option of what is called `name`; false: there are no more.
static bool get_option(const request *r, const char *name, size_t i,
                       named_option *out) {
  const tsr_registry *registry = r->cli->registry;
  const tsr_pass *pass = tsr_registry_find_pass(registry, name);
  if (pass) {
    if (i < pass->option_count)
      *out = (named_option){pass->options[i].name, &pass->options[i]};
    return i < pass->option_count;
  }
  const tsr_named_pipeline *named = tsr_registry_find_pipeline(registry, name);
  if (!named || i >= named->option_count)
    return false;
  const tsr_pipeline_option *row = &named->options[i];
  *out = (named_option){
      row->name,
      cli_find_pass_option(tsr_registry_find_pass(registry, row->pass_name),
                           row->pass_option)};
  return true;
}

// The names in "a=1,b=[x,y],", from `from` up to the stem.
static void take_given(const request *r, size_t from, tsr_vec *out) {
  request before = *r;
  while (before.stem > from) {
    before.word = tsr_arena_strndup(&r->cli->arena, r->word, before.stem - 1);
    before.stem = from;
    move_stem(&before, from, ',');
    const char *name = before.word + before.stem;
    tsr_vec_append(out,
                   tsr_arena_strndup(&r->cli->arena, name, strcspn(name, "=")));
  }
}

static bool has_text(const tsr_vec *texts, const char *text) {
  for (size_t i = 0; i < texts->size; i++)
    if (strcmp(texts->data[i], text) == 0)
      return true;
  return false;
}

// "a=1,b=2", from `from` on: options of what is called `name`, each of which
// may be given once.
static void complete_options(request *r, const char *name, size_t from) {
  r->stem = from;
  move_stem(r, from, ',');
  size_t start = r->stem;
  tsr_vec given;
  tsr_vec_init(&given, &r->cli->arena);
  take_given(r, from, &given);
  bool has_value = move_stem(r, start, '=');
  named_option one;
  for (size_t i = 0; get_option(r, name, i, &one); i++) {
    size_t bytes = strlen(one.name);
    if (!has_value && !has_text(&given, one.name))
      offer_named(r, "", one.name, "=", one.option ? one.option->help : "");
    else if (has_value && one.option &&
             strncmp(r->word + start, one.name, bytes) == 0 &&
             start + bytes + 1 == r->stem)
      offer_values(r, one.option);
  }
}

// -- Values of options --------------------------------------------------------

// "a,b{c=1,d=2},e": the stem ends where the word at the end begins. Returns the
// place of a brace that is open there, or 0.
static size_t find_brace(request *r, size_t from) {
  bool is_quoted = false;
  size_t open = 0;
  r->stem = from;
  for (size_t i = from; r->word[i]; i++) {
    char c = r->word[i];
    is_quoted ^= c == '"' && open;
    if (is_quoted)
      continue;
    if (c == '{')
      open = i;
    else if (c == '}')
      open = 0;
    else if (!open && (c == ',' || c == ' '))
      r->stem = i + 1;
  }
  return open;
}

static void complete_pipeline(request *r, size_t from) {
  size_t open = find_brace(r, from);
  if (open) {
    const char *name =
        tsr_arena_strndup(&r->cli->arena, r->word + r->stem, open - r->stem);
    complete_options(r, name, open + 1);
    return;
  }
  offer_passes(r, "");
  offer_pipelines(r, "");
}

static void complete_list(request *r, size_t from) {
  r->stem = from;
  move_stem(r, from, ',');
  offer_passes(r, "");
}

// NAME=FILE: of names, nothing is known before modules are read.
static void complete_file(request *r, const tsr_cli_option *option) {
  bool has_name =
      option->kind == TSR_CLI_INPUTS || option->kind == TSR_CLI_OUTPUTS;
  const char *equals = has_name ? strchr(r->word + r->stem, '=') : NULL;
  if (equals)
    r->stem = (size_t)(equals + 1 - r->word);
  if (equals || !has_name)
    r->kind = "files";
}

// The value of an option, from `from` on.
static void complete_value(request *r, const tsr_cli_option *option,
                           size_t from) {
  r->stem = from;
  switch (get_kind(option)) {
  case VALUE_WORDS:
    offer_choices(r, option->argument ? option->argument : "on|off");
    return;
  case VALUE_PASSES:
    complete_list(r, from);
    return;
  case VALUE_LIST:
    complete_pipeline(r, from);
    return;
  case VALUE_FILTER:
    complete_list(r, from);
    offer_kinds(r);
    return;
  case VALUE_PART:
    offer_parts(r);
    return;
  case VALUE_PROFILE:
    offer_profiles(r);
    return;
  case VALUE_TARGET:
    offer_targets(r);
    r->kind = "files";
    return;
  case VALUE_TOPIC:
    offer_topics(r);
    return;
  case VALUE_FILE:
    complete_file(r, option);
    return;
  case VALUE_FOLDER:
    r->kind = "folders";
    return;
  case VALUE_NONE:
  case VALUE_OTHER:
    return;
  }
}

// -- Names of options ---------------------------------------------------------

static bool is_given(const request *r, const tsr_cli_option *option,
                     const tsr_vec *words) {
  for (size_t i = 1; i + 1 < words->size; i++) {
    const char *value, *name = cli_read_name(r->cli, words->data[i], &value);
    if (name && strcmp(name, option->name) == 0)
      return true;
  }
  return false;
}

// Words take one dash as well, letters only one.
static void offer_names(request *r, const tsr_vec *words) {
  const tsr_cli *cli = r->cli;
  const char *dashes = r->word[1] && r->word[1] != '-' ? "-" : "--";
  for (size_t i = 0; i < cli->option_count; i++) {
    const tsr_cli_option *option = &cli->options[i];
    bool is_letter = option->name[1] == '\0';
    if (cli_is_list(option->kind) || !is_given(r, option, words))
      offer_named(r, is_letter ? "-" : dashes, option->name,
                  cli_needs_value(option->kind) && !is_letter ? "=" : "",
                  option->help);
  }
  if (!cli->pass_flags)
    return;
  offer_passes(r, dashes);
  offer_pipelines(r, dashes);
}

// --name=value
static void complete_option(request *r, const char *name, const char *value) {
  const tsr_cli_option *option = cli_find_option(r->cli, name);
  size_t from = (size_t)(value - r->word);
  if (option)
    complete_value(r, option, from);
  else if (r->cli->pass_flags)
    complete_options(r, name, from);
}

// -- Where the word stands ----------------------------------------------------

typedef struct place {
  const tsr_cli_option *option; // whose value the word is; NULL: none
  bool is_rest;                 // behind "--"
} place;

static place find_place(const request *r, const tsr_vec *words) {
  for (size_t i = 1; i + 1 < words->size; i++) {
    if (strcmp(words->data[i], "--") == 0)
      return (place){.is_rest = true};
    const char *value, *name = cli_read_name(r->cli, words->data[i], &value);
    const tsr_cli_option *option = name ? cli_find_option(r->cli, name) : NULL;
    if (!option || value || !cli_needs_value(option->kind))
      continue;
    if (i + 2 == words->size)
      return (place){.option = option};
    const char *next = cli_read_name(r->cli, words->data[i + 1], &value);
    i += !next || !cli_find_option(r->cli, next);
  }
  return (place){NULL, false};
}

static void complete_word(request *r, const tsr_vec *words) {
  place at = find_place(r, words);
  const char *value = NULL;
  const char *name = at.is_rest ? NULL : cli_read_name(r->cli, r->word, &value);
  if (name && value)
    complete_option(r, name, value);
  else if (r->word[0] == '-' && !at.is_rest)
    offer_names(r, words);
  else if (at.option)
    complete_value(r, at.option, 0);
  else
    r->kind = "files";
}

// A tool that has passes' names in values only does not know the passes
// otherwise.
static void find_passes(tsr_cli *cli) {
  if (cli->registry)
    return;
  cli->registry = tsr_registry_create();
  tsr_registry_add_builtin(cli->registry);
}

void cli_complete(tsr_cli *cli, const char *line, tsr_buffer *out) {
  find_passes(cli);
  tsr_vec words;
  tsr_vec_init(&words, &cli->arena);
  take_words(&cli->arena, line, &words);
  cli_load_plugins(cli, (int)words.size - 1, (char **)words.data);
  request r = {.cli = cli, .word = words.data[words.size - 1], .kind = "words"};
  tsr_buffer_init(&r.offers);
  complete_word(&r, &words);
  tsr_buffer_printf(out, "%s\n%.*s\n%s\n%s", r.kind, (int)r.stem, r.word,
                    r.word + r.stem, tsr_buffer_str(&r.offers));
  tsr_buffer_deinit(&r.offers);
}
