// What passes say while they run, on its way to whoever watches.

#include "tessera/pass_report.h"

#include "tessera/buffer.h"
#include "tessera/vector.h"

#include <assert.h>
#include <string.h>

void tsr_pass_env_count(const tsr_pass_env *env, const char *name,
                        uint64_t more) {
  const tsr_pass *pass = env->run->pass;
  size_t i = 0;
  while (i < pass->counter_count && strcmp(pass->counters[i].name, name) != 0)
    i++;
  assert(i < pass->counter_count && "the pass declares no such counter");
  if (env->hooks && env->hooks->count && more > 0)
    env->hooks->count(env->hooks->user, pass, i, more);
}

void tsr_pass_env_enter(const tsr_pass_env *env, const char *name) {
  if (env->hooks && env->hooks->stretch)
    env->hooks->stretch(env->hooks->user, name);
}

void tsr_pass_env_leave(const tsr_pass_env *env) {
  if (env->hooks && env->hooks->stretch)
    env->hooks->stretch(env->hooks->user, NULL);
}

void tsr_pass_env_debug(const tsr_pass_env *env, const char *format, ...) {
  if (!env->hooks || !env->hooks->debug)
    return;
  tsr_buffer text;
  tsr_buffer_init(&text);
  va_list arguments;
  va_start(arguments, format);
  tsr_buffer_vprintf(&text, format, arguments);
  va_end(arguments);
  env->hooks->debug(env->hooks->user, env->run->pass, tsr_buffer_str(&text));
  tsr_buffer_deinit(&text);
}

// -- Remarks ------------------------------------------------------------------

const char *tsr_remark_kind_name(tsr_remark_kind kind) {
  switch (kind) {
  case TSR_REMARK_PASSED:
    return "Passed";
  case TSR_REMARK_MISSED:
    return "Missed";
  case TSR_REMARK_ANALYSIS:
    return "Analysis";
  }
  return "";
}

bool tsr_pass_env_wants_remarks(const tsr_pass_env *env) {
  return env->hooks && env->hooks->remark;
}

// Parts of a text, cut out of it.
typedef struct parts {
  tsr_arena *arena;
  tsr_remark_part *items;
  size_t count, capacity;
  tsr_buffer text; // without the marks of arguments
} parts;

static void add_part(parts *p, const char *key, const char *text,
                     size_t bytes) {
  if (!key && bytes == 0)
    return;
  p->items = tsr_array_grow(p->arena, p->items, &p->capacity, p->count + 1,
                            sizeof(*p->items));
  p->items[p->count++] =
      (tsr_remark_part){key, tsr_arena_strndup(p->arena, text, bytes)};
  tsr_buffer_append(&p->text, text, bytes);
}

// The size of an argument's text: up to the brace that closes it, as values
// may have braces of their own.
static size_t value_size(const char *text) {
  size_t depth = 0, size = 0;
  for (; text[size] && (text[size] != '}' || depth > 0); size++) {
    depth += text[size] == '{';
    depth -= text[size] == '}';
  }
  return size;
}

// Bytes of the key in `{key:`, or 0 when `text` does not begin with that.
static size_t key_size(const char *text) {
  if (text[0] != '{')
    return 0;
  size_t size = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz_");
  return text[1 + size] == ':' ? size : 0;
}

static void take_apart(parts *p, const char *text) {
  const char *start = text;
  while (*text) {
    size_t bytes = key_size(text);
    if (bytes == 0) {
      text++;
      continue;
    }
    add_part(p, NULL, start, (size_t)(text - start));
    const char *key = tsr_arena_strndup(p->arena, text + 1, bytes);
    const char *value = text + bytes + 2;
    size_t size = value_size(value);
    add_part(p, key, value, size);
    start = text = value + size + (value[size] == '}');
  }
  add_part(p, NULL, start, (size_t)(text - start));
}

// The function, program or kernel that `op` is or stands in.
static const char *find_function(const tsr_op *op) {
  while (op && !(tsr_op_has_trait(op, TSR_TRAIT_SYMBOL) &&
                 tsr_op_block_count(op) > 0))
    op = tsr_op_get_parent(op);
  return op ? tsr_op_get_text(op, "name") : NULL;
}

TSR_PRINTF(6, 0)
static void remark(const tsr_pass_env *env, tsr_remark_kind kind,
                   const char *name, tsr_loc loc, const tsr_op *in,
                   const char *format, va_list arguments) {
  if (!tsr_pass_env_wants_remarks(env))
    return;
  tsr_arena arena;
  tsr_arena_init(&arena);
  parts p = {.arena = &arena};
  tsr_buffer_init(&p.text);
  take_apart(&p, tsr_arena_vprintf(&arena, format, arguments));
  tsr_remark made = {.kind = kind,
                     .pass = env->run->pass,
                     .name = name,
                     .loc = loc,
                     .function = find_function(in),
                     .text = tsr_buffer_str(&p.text),
                     .parts = p.items,
                     .part_count = p.count};
  env->hooks->remark(env->hooks->user, &made);
  tsr_buffer_deinit(&p.text);
  tsr_arena_deinit(&arena);
}

void tsr_pass_env_remark(const tsr_pass_env *env, tsr_remark_kind kind,
                         const char *name, const tsr_op *op, const char *format,
                         ...) {
  va_list arguments;
  va_start(arguments, format);
  remark(env, kind, name, tsr_op_get_loc(op), op, format, arguments);
  va_end(arguments);
}

void tsr_pass_env_remark_at(const tsr_pass_env *env, tsr_remark_kind kind,
                            const char *name, tsr_loc loc, const tsr_op *in,
                            const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  remark(env, kind, name, loc, in, format, arguments);
  va_end(arguments);
}
