// Compiles the syntax strings of ops.def.
//
// They are ours, so a mistake in them is a broken invariant, not an input
// error.

#include "syntax.h"

#include "tessera/buffer.h"
#include "tessera/vector.h"

#include <assert.h>
#include <string.h>

// Attributes that a custom syntax writes in places of its own.
static const struct {
  tsr_op_kind kind;
  const char *attr;
} custom_places[] = {
    {TSR_OP_module, "name"},       {TSR_OP_module, "target"},
    {TSR_OP_module, "grid"},       {TSR_OP_module, "version"},
    {TSR_OP_module, "passes"},     {TSR_OP_func, "name"},
    {TSR_OP_func, "results"},      {TSR_OP_func, "visibility"},
    {TSR_OP_reference, "name"},    {TSR_OP_reference, "results"},
    {TSR_OP_host, "name"},         {TSR_OP_program, "name"},
    {TSR_OP_program, "cores"},     {TSR_OP_kernel, "name"},
    {TSR_OP_kernel, "cores"},      {TSR_OP_kernel, "args"},
    {TSR_OP_core_launch, "cores"}, {TSR_OP_core_launch, "params"},
};

static bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9');
}

static size_t word_size(const char *text) {
  size_t size = 0;
  while (is_word_char(text[size]))
    size++;
  return size;
}

size_t tsr_syntax_find_attr(tsr_op_kind kind, const char *name, size_t length) {
  size_t count = tsr_op_kind_attr_count(kind);
  size_t i = 0;
  while (i < count && (strlen(tsr_op_kind_attr_name(kind, i)) != length ||
                       memcmp(tsr_op_kind_attr_name(kind, i), name, length)))
    i++;
  return i;
}

static size_t find_group(tsr_op_kind kind, const char *name, size_t length) {
  size_t count = tsr_op_kind_group_count(kind);
  size_t i = 0;
  while (i < count && (strlen(tsr_op_kind_group_name(kind, i)) != length ||
                       memcmp(tsr_op_kind_group_name(kind, i), name, length)))
    i++;
  assert(i < count && "syntax names an unknown operand group");
  return i;
}

// What the syntax is when ops.def gives none: all groups, comma separated.
static const char *default_syntax(tsr_arena *arena, tsr_op_kind kind) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  for (size_t g = 0; g < tsr_op_kind_group_count(kind); g++) {
    const char *name = tsr_op_kind_group_name(kind, g);
    bool always = tsr_op_kind_group_arity(kind, g) == TSR_GROUP_ONE;
    tsr_buffer_printf(&text,
                      g == 0 && always ? "$%s"
                      : g == 0         ? "(?$%s?)"
                      : always         ? ", $%s"
                                       : "(?, $%s?)",
                      name);
  }
  const char *copy = tsr_arena_strdup(arena, tsr_buffer_str(&text));
  tsr_buffer_deinit(&text);
  return copy;
}

typedef struct compiler {
  tsr_op_kind kind;
  tsr_syntax *syntax;
  const char *at;
  size_t open; // the option being compiled; part_count when none
  size_t next_group;
} compiler;

static tsr_part *add_part(compiler *c, tsr_part_kind kind, size_t size) {
  tsr_part *part = &c->syntax->parts[c->syntax->part_count++];
  part->kind = kind;
  part->text = c->at;
  part->size = size;
  c->at += size;
  return part;
}

static void compile_reference(compiler *c) {
  char mark = *c->at++;
  size_t size = word_size(c->at);
  if (mark == '$') {
    size_t group = find_group(c->kind, c->at, size);
    assert(group >= c->next_group && "groups stand in their order");
    c->next_group = group + 1;
    add_part(c, TSR_PART_GROUP, size)->index = group;
    return;
  }
  size_t attr = tsr_syntax_find_attr(c->kind, c->at, size);
  assert(attr < c->syntax->attr_count && "syntax names an unknown attribute");
  c->syntax->has_place[attr] = true;
  add_part(c, TSR_PART_ATTR, size)->index = attr;
}

static void compile_part(compiler *c) {
  if (*c->at == '$' || *c->at == '#' || *c->at == '@') {
    compile_reference(c);
  } else if (*c->at == ' ') {
    add_part(c, TSR_PART_SPACE, 1);
  } else if (strncmp(c->at, "{}", 2) == 0) {
    c->syntax->has_dict_part = true;
    add_part(c, TSR_PART_DICT, 2);
  } else if (strncmp(c->at, "(?", 2) == 0) {
    c->open = c->syntax->part_count;
    add_part(c, TSR_PART_OPTION, 2);
  } else if (strncmp(c->at, "?)", 2) == 0) {
    c->syntax->parts[c->open].end = c->syntax->part_count;
    add_part(c, TSR_PART_OPTION_END, 2);
  } else {
    size_t size = word_size(c->at);
    add_part(c, TSR_PART_TEXT, size > 0 ? size : 1);
  }
}

static void mark_custom(tsr_syntax *syntax, tsr_op_kind kind) {
  syntax->custom = true;
  for (size_t i = 0; i < sizeof(custom_places) / sizeof(custom_places[0]); i++)
    if (custom_places[i].kind == kind) {
      const char *name = custom_places[i].attr;
      size_t attr = tsr_syntax_find_attr(kind, name, strlen(name));
      assert(attr < syntax->attr_count);
      syntax->has_place[attr] = true;
    }
}

static const tsr_syntax *compile(tsr_arena *arena, tsr_op_kind kind) {
  const tsr_op_info *info = tsr_op_kind_get_info(kind);
  tsr_syntax *syntax = TSR_NEW(arena, tsr_syntax);
  syntax->mnemonic = info->mnemonic;
  syntax->mnemonic_size = strlen(info->mnemonic);
  syntax->attr_count = tsr_op_kind_attr_count(kind);
  assert(syntax->attr_count <= TSR_MAX_ATTRS);
  const char *text = info->syntax ? info->syntax : default_syntax(arena, kind);
  if (strcmp(text, "custom") == 0) {
    mark_custom(syntax, kind);
    return syntax;
  }
  // No part is shorter than one character.
  syntax->parts = TSR_NEW_ARRAY(arena, tsr_part, strlen(text) + 1);
  compiler c = {.kind = kind, .syntax = syntax, .at = text};
  while (*c.at)
    compile_part(&c);
  return syntax;
}

void tsr_syntax_table_init(tsr_syntax_table *table, tsr_arena *arena) {
  memset(table, 0, sizeof(*table));
  table->arena = arena;
}

const tsr_syntax *tsr_syntax_compile(tsr_syntax_table *table,
                                     tsr_op_kind kind) {
  return table->rows[kind] = compile(table->arena, kind);
}
