// Names that C++ accepts and that differ from all others in scope.

#include "tessera/emit.h"

#include "emit_impl.h"

#include <assert.h>
#include <string.h>

static const char *const reserved_words[] = {
#define TSR_RESERVED_WORD(word) #word,
#include "reserved_words.def"
};

static bool is_reserved(const char *name) {
  const size_t count = sizeof(reserved_words) / sizeof(*reserved_words);
  for (size_t i = 0; i < count; i++)
    if (strcmp(reserved_words[i], name) == 0)
      return true;
  return false;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
         c == '_';
}

// Turns any text into a word C++ lets us declare. Two underscores in a row, or
// one in front, belong to the compiler.
static void spell(tsr_buffer *name, const char *wanted) {
  tsr_buffer_clear(name);
  if (!*wanted || is_digit(*wanted) || *wanted == '_')
    tsr_buffer_append_char(name, 'v');
  for (const char *c = wanted; *c; c++) {
    char next = is_word(*c) ? *c : '_';
    if (next == '_' && name->size && name->data[name->size - 1] == '_')
      continue;
    tsr_buffer_append_char(name, next);
  }
  if (is_reserved(name->data))
    tsr_buffer_append_char(name, '_');
}

static bool is_taken(const tsr_emit *out, const char *name, size_t bytes) {
  return tsr_bytes_map_find(&out->taken, name, bytes) != NULL;
}

// Adds a number to `name` if it needs one to be unique.
static void make_unique(const tsr_emit *out, tsr_buffer *name) {
  const size_t plain = name->size;
  const bool ends_in_blank = name->data[plain - 1] == '_';
  for (unsigned number = 2; is_taken(out, name->data, name->size); number++) {
    tsr_buffer_truncate(name, plain);
    tsr_buffer_printf(name, "%s%u", ends_in_blank ? "" : "_", number);
  }
}

// Puts `name` in force in the current scope; returns a copy that stays.
static const char *bind(tsr_emit *out, const void *key, const char *name) {
  const char *kept;
  void **taken = tsr_bytes_map_get(&out->taken, name, strlen(name), &kept);
  *taken = out;
  out->bindings =
      tsr_array_grow(NULL, out->bindings, &out->binding_capacity,
                     out->binding_count + 1, sizeof(*out->bindings));
  out->bindings[out->binding_count++] = (emit_binding){key, kept};
  if (key)
    tsr_map_set(&out->names, key, (void *)(uintptr_t)kept);
  return kept;
}

void tsr_emit_drop_bindings(tsr_emit *out, size_t count) {
  while (out->binding_count > count) {
    emit_binding dropped = out->bindings[--out->binding_count];
    *tsr_bytes_map_get(&out->taken, dropped.name, strlen(dropped.name), NULL) =
        NULL;
    if (dropped.key)
      tsr_map_remove(&out->names, dropped.key);
  }
}

const char *tsr_emit_declare(tsr_emit *out, const void *key,
                             const char *wanted) {
  assert(!key || !tsr_map_has(&out->names, key));
  tsr_buffer name;
  tsr_buffer_init(&name);
  spell(&name, wanted);
  make_unique(out, &name);
  const char *bound = bind(out, key, name.data);
  tsr_buffer_deinit(&name);
  return bound;
}

const char *tsr_emit_unique(tsr_emit *out, const char *wanted) {
  return tsr_emit_declare(out, NULL, wanted);
}

const char *tsr_emit_find_name(const tsr_emit *out, const void *key) {
  return tsr_map_find(&out->names, key);
}

const char *tsr_emit_name(const tsr_emit *out, const void *key) {
  const char *name = tsr_emit_find_name(out, key);
  assert(name && "declared before it is used");
  return name;
}

void tsr_emit_reserve(tsr_emit *out, const char *name) {
  if (!is_taken(out, name, strlen(name)))
    bind(out, NULL, name);
}

const char *tsr_emit_quote(tsr_emit *out, const char *text) {
  tsr_buffer quoted;
  tsr_buffer_init(&quoted);
  tsr_buffer_append_char(&quoted, '"');
  for (const char *c = text; *c; c++) {
    if (*c == '"' || *c == '\\')
      tsr_buffer_append_char(&quoted, '\\');
    if (*c >= ' ' && *c <= '~')
      tsr_buffer_append_char(&quoted, *c);
    else // octal, as hexadecimal escapes do not end after two digits
      tsr_buffer_printf(&quoted, "\\%03o", (unsigned)(unsigned char)*c);
  }
  tsr_buffer_append_char(&quoted, '"');
  const char *kept = tsr_arena_strdup(&out->arena, quoted.data);
  tsr_buffer_deinit(&quoted);
  return kept;
}
