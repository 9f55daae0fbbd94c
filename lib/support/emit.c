// Lines, blocks and includes. Names are in emit_names.c.

#include "tessera/emit.h"

#include "emit_impl.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 80, INDENT = 2, CONTINUATION = 4 };

tsr_emit *tsr_emit_create(tsr_emit_language language) {
  tsr_emit *out = tsr_mem_resize(NULL, sizeof(*out));
  *out = (tsr_emit){.language = language};
  tsr_arena_init(&out->arena);
  tsr_buffer_init(&out->banner);
  tsr_buffer_init(&out->preamble);
  tsr_buffer_init(&out->body);
  tsr_buffer_init(&out->line);
  tsr_vec_init(&out->system_includes, NULL);
  tsr_vec_init(&out->includes, NULL);
  tsr_map_init(&out->names);
  tsr_bytes_map_init(&out->taken);
  out->current = &out->body;
  return out;
}

void tsr_emit_destroy(tsr_emit *out) {
  if (!out)
    return;
  tsr_arena_deinit(&out->arena);
  tsr_buffer_deinit(&out->banner);
  tsr_buffer_deinit(&out->preamble);
  tsr_buffer_deinit(&out->body);
  tsr_buffer_deinit(&out->line);
  tsr_vec_deinit(&out->system_includes);
  tsr_vec_deinit(&out->includes);
  tsr_map_deinit(&out->names);
  tsr_bytes_map_deinit(&out->taken);
  tsr_mem_resize(out->blocks, 0);
  tsr_mem_resize(out->bindings, 0);
  tsr_mem_resize(out, 0);
}

// -- Breaking long lines ------------------------------------------------------

// A place where a line may end, and how the next one starts.
typedef struct line_break {
  size_t at;     // the blank, or 0 for none
  size_t cost;   // how much it tears apart
  size_t indent; // of what follows
  bool is_last;  // what follows fits one line
} line_break;

// Where each open bracket's content starts. Deeper brackets share the last.
typedef struct bracket_stack {
  size_t columns[32];
  size_t depth;
} bracket_stack;

enum { MAX_BRACKETS = 32 };

static void push_bracket(bracket_stack *stack, size_t column) {
  if (stack->depth < MAX_BRACKETS)
    stack->columns[stack->depth] = column;
  stack->depth++;
}

static size_t content_column(const bracket_stack *stack, size_t otherwise) {
  if (stack->depth == 0)
    return otherwise;
  size_t top = stack->depth < MAX_BRACKETS ? stack->depth : MAX_BRACKETS;
  return stack->columns[top - 1];
}

// True when a C++ line may end at the blank at `at`: behind an operator or a
// comma, between two string literals, before `<<`; not between a type and a
// name.
static bool may_break_cpp(const char *text, size_t at) {
  if (text[at + 1] == '<' && text[at + 2] == '<')
    return true;
  if (text[at - 1] == '"')
    return text[at + 1] == '"';
  if (at >= 2 && text[at - 1] == '<' && text[at - 2] == '<')
    return false;
  return strchr(",;=+-*/%&|<?:", text[at - 1]) != NULL;
}

static bool may_break(const tsr_emit *out, const char *text, size_t at) {
  if (text[at] != ' ' || at == 0)
    return false;
  return out->language == TSR_EMIT_CMAKE || may_break_cpp(text, at);
}

// Returns the index behind the literal that starts at `at`.
static size_t skip_literal(const char *text, size_t at) {
  char quote = text[at++];
  while (text[at] && text[at] != quote)
    at += text[at] == '\\' && text[at + 1] ? 2 : 1;
  return text[at] ? at + 1 : at;
}

// True at a quote that starts a literal; 1'000 is a number.
static bool starts_literal(const char *text, size_t at) {
  if (text[at] == '"')
    return true;
  return text[at] == '\'' && (at == 0 || !isalnum((unsigned char)text[at - 1]));
}

// Ending a line inside brackets is worse than outside, and between operands
// worse than behind a comma or an assignment.
static size_t break_cost(const char *text, size_t at, size_t depth) {
  return 2 * depth + (strchr(",;=", text[at - 1]) ? 0 : 1);
}

// True when `next` is the better place to end the line: late and cheap, unless
// that would leave most of the line empty for nothing.
static bool is_better(line_break next, line_break best, size_t half) {
  if (best.at == 0 || next.cost <= best.cost)
    return true;
  return !best.is_last && best.at < half;
}

// Finds where to end a line that has `room` columns and begins at `column`.
static line_break find_break(const tsr_emit *out, const char *text,
                             size_t column, size_t room, size_t indent,
                             bracket_stack *brackets) {
  line_break best = {.at = 0};
  bracket_stack found = *brackets;
  const size_t length = strlen(text);
  for (size_t i = 0; text[i] && (i <= room || best.at == 0);) {
    if (starts_literal(text, i)) {
      i = skip_literal(text, i);
      continue;
    }
    if (strchr("([{", text[i]))
      push_bracket(&found, column + i + 1);
    if (strchr(")]}", text[i]) && found.depth > 0)
      found.depth--;
    if (may_break(out, text, i)) {
      line_break next = {.at = i,
                         .cost = break_cost(text, i, found.depth),
                         .indent = content_column(&found, indent)};
      next.is_last = next.indent + length - i - 1 <= COLUMNS;
      if (is_better(next, best, room / 2)) {
        best = next;
        *brackets = found;
      }
    }
    i++;
  }
  return best;
}

// Prints `text` at the current indentation, over several lines if need be.
static void put_wrapped(tsr_emit *out, const char *text) {
  const size_t start = out->depth * INDENT;
  bracket_stack brackets = {.depth = 0};
  size_t column = start;
  for (;;) {
    tsr_buffer_append_repeated(out->current, ' ', column);
    size_t room = column < COLUMNS ? COLUMNS - column : 1;
    line_break end = {.at = 0};
    if (strlen(text) > room)
      end =
          find_break(out, text, column, room, start + CONTINUATION, &brackets);
    if (end.at == 0)
      break;
    tsr_buffer_append(out->current, text, end.at);
    tsr_buffer_append_char(out->current, '\n');
    text += end.at + 1;
    column = end.indent;
  }
  tsr_buffer_append_str(out->current, text);
  tsr_buffer_append_char(out->current, '\n');
}

// -- Lines --------------------------------------------------------------------

static const char *format_line(tsr_emit *out, const char *format,
                               va_list arguments) TSR_PRINTF(2, 0);

static const char *format_line(tsr_emit *out, const char *format,
                               va_list arguments) {
  tsr_buffer_clear(&out->line);
  tsr_buffer_vprintf(&out->line, format, arguments);
  assert(!strchr(tsr_buffer_str(&out->line), '\n') &&
         "lines are the emitter's business");
  return tsr_buffer_str(&out->line);
}

static void put_comment(const tsr_emit *out, tsr_buffer *to, size_t indent,
                        const char *text) {
  const char *mark = out->language == TSR_EMIT_CMAKE ? "#" : "//";
  size_t column = 0; // 0: at the start of a line
  while (*text) {
    size_t word = strcspn(text, " ");
    if (column > 0 && column + 1 + word > COLUMNS) {
      tsr_buffer_append_char(to, '\n');
      column = 0;
    }
    if (column == 0) {
      tsr_buffer_append_repeated(to, ' ', indent);
      tsr_buffer_append_str(to, mark);
      column = indent + strlen(mark);
    }
    tsr_buffer_append_char(to, ' ');
    tsr_buffer_append(to, text, word);
    column += 1 + word;
    text += word;
    text += strspn(text, " ");
  }
  tsr_buffer_append_char(to, '\n');
}

void tsr_emit_comment(tsr_emit *out, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  put_comment(out, out->current, out->depth * INDENT,
              format_line(out, format, arguments));
  va_end(arguments);
}

void tsr_emit_banner(tsr_emit *out, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  put_comment(out, &out->banner, 0, format_line(out, format, arguments));
  va_end(arguments);
}

void tsr_emit_stmt(tsr_emit *out, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  format_line(out, format, arguments);
  va_end(arguments);
  if (out->language == TSR_EMIT_CPP)
    tsr_buffer_append_char(&out->line, ';');
  put_wrapped(out, out->line.data);
}

void tsr_emit_item(tsr_emit *out, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  format_line(out, format, arguments);
  va_end(arguments);
  if (out->language == TSR_EMIT_CPP)
    tsr_buffer_append_char(&out->line, ',');
  put_wrapped(out, tsr_buffer_str(&out->line));
}

void tsr_emit_directive(tsr_emit *out, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const char *text = format_line(out, format, arguments);
  va_end(arguments);
  tsr_buffer_append_char(out->current, '#');
  tsr_buffer_append_str(out->current, text);
  tsr_buffer_append_char(out->current, '\n');
}

// True when the text ends in a line that an empty one may follow.
static bool may_be_followed_by_blank(const tsr_emit *out) {
  const tsr_buffer *text = out->current;
  if (text->size < 2 || text->data[text->size - 2] == '\n')
    return false;
  return text->data[text->size - 2] != '{';
}

void tsr_emit_blank(tsr_emit *out) {
  if (may_be_followed_by_blank(out))
    tsr_buffer_append_char(out->current, '\n');
}

static void remove_blank(tsr_emit *out) {
  tsr_buffer *text = out->current;
  if (text->size >= 2 && text->data[text->size - 1] == '\n' &&
      text->data[text->size - 2] == '\n')
    tsr_buffer_truncate(text, text->size - 1);
}

void tsr_emit_begin_preamble(tsr_emit *out) {
  assert(out->current == &out->body && out->block_count == 0);
  out->current = &out->preamble;
}

void tsr_emit_end_preamble(tsr_emit *out) {
  assert(out->current == &out->preamble);
  out->current = &out->body;
}

// -- Blocks -------------------------------------------------------------------

void tsr_emit_begin_scope(tsr_emit *out) {
  assert(!out->has_early_scope && "one block, one scope");
  out->blocks = tsr_array_grow(NULL, out->blocks, &out->block_capacity,
                               out->block_count + 1, sizeof(*out->blocks));
  out->blocks[out->block_count++] =
      (emit_block){.first_binding = out->binding_count};
  out->has_early_scope = true;
}

// Starts a block whose head has been printed.
static void push_block(tsr_emit *out, const char *closer, size_t levels) {
  if (!out->has_early_scope)
    tsr_emit_begin_scope(out);
  out->has_early_scope = false;
  emit_block *block = &out->blocks[out->block_count - 1];
  block->closer = closer;
  block->levels = levels;
  out->depth += levels;
}

// Ends the innermost block and its scope; returns what closes it.
static const char *pop_block(tsr_emit *out) {
  assert(out->block_count > 0 && !out->has_early_scope);
  remove_blank(out);
  emit_block block = out->blocks[--out->block_count];
  out->depth -= block.levels;
  tsr_emit_drop_bindings(out, block.first_binding);
  return block.closer;
}

// Returns "endif()" for "if(X)".
static const char *make_cmake_closer(tsr_emit *out, const char *head) {
  size_t word = strcspn(head, "(");
  return tsr_arena_printf(&out->arena, "end%.*s()", (int)word, head);
}

static void put_head(tsr_emit *out) {
  if (out->language == TSR_EMIT_CPP)
    tsr_buffer_append_str(&out->line, out->line.size ? " {" : "{");
  put_wrapped(out, tsr_buffer_str(&out->line));
}

void tsr_emit_open(tsr_emit *out, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const char *head = format_line(out, format, arguments);
  va_end(arguments);
  const char *closer =
      out->language == TSR_EMIT_CPP ? "}" : make_cmake_closer(out, head);
  put_head(out);
  push_block(out, closer, 1);
}

void tsr_emit_open_list(tsr_emit *out, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  format_line(out, format, arguments);
  va_end(arguments);
  tsr_buffer_append_char(&out->line, '{');
  put_wrapped(out, tsr_buffer_str(&out->line));
  push_block(out, "}", CONTINUATION / INDENT);
}

void tsr_emit_reopen(tsr_emit *out, const char *format, ...) {
  const char *closer = pop_block(out);
  va_list arguments;
  va_start(arguments, format);
  format_line(out, format, arguments);
  va_end(arguments);
  if (out->language == TSR_EMIT_CPP) {
    const char *head =
        tsr_arena_printf(&out->arena, "} %s", tsr_buffer_str(&out->line));
    tsr_buffer_clear(&out->line);
    tsr_buffer_append_str(&out->line, head);
  }
  put_head(out);
  push_block(out, closer, 1);
}

static void put_closer(tsr_emit *out, const char *closer, const char *tail) {
  tsr_buffer_append_repeated(out->current, ' ', out->depth * INDENT);
  tsr_buffer_append_str(out->current, closer);
  tsr_buffer_append_str(out->current, tail);
  tsr_buffer_append_char(out->current, '\n');
}

void tsr_emit_close(tsr_emit *out) { put_closer(out, pop_block(out), ""); }

void tsr_emit_close_stmt(tsr_emit *out, const char *format, ...) {
  const char *closer = pop_block(out);
  va_list arguments;
  va_start(arguments, format);
  format_line(out, format, arguments);
  va_end(arguments);
  tsr_buffer_append_char(&out->line, ';');
  put_closer(out, closer, out->line.data);
}

void tsr_emit_open_namespace(tsr_emit *out, const char *name) {
  const char *blank = *name ? " " : "";
  tsr_buffer_printf(out->current, "namespace%s%s {\n", blank, name);
  push_block(
      out, tsr_arena_printf(&out->arena, "} // namespace%s%s", blank, name), 0);
}

void tsr_emit_close_namespace(tsr_emit *out) {
  const char *closer = pop_block(out);
  tsr_emit_blank(out);
  put_closer(out, closer, "");
}

// -- Includes and the whole ---------------------------------------------------

static void add_include(tsr_emit *out, tsr_vec *paths, const char *path) {
  for (size_t i = 0; i < paths->size; i++)
    if (strcmp(paths->data[i], path) == 0)
      return;
  tsr_vec_append(paths, tsr_arena_strdup(&out->arena, path));
}

void tsr_emit_include(tsr_emit *out, const char *path) {
  add_include(out, &out->includes, path);
}

void tsr_emit_include_system(tsr_emit *out, const char *path) {
  add_include(out, &out->system_includes, path);
}

static int compare_paths(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

// Starts a section: an empty line if anything stands above it.
static void begin_section(tsr_buffer *text, size_t start) {
  if (text->size > start)
    tsr_buffer_append_char(text, '\n');
}

static void put_section(tsr_buffer *text, size_t start,
                        const tsr_buffer *section) {
  if (section->size == 0)
    return;
  begin_section(text, start);
  tsr_buffer_append(text, section->data, section->size);
}

static void put_includes(tsr_buffer *text, size_t start, tsr_vec *paths,
                         const char *format_open, const char *format_close) {
  if (paths->size == 0)
    return;
  begin_section(text, start);
  qsort((void *)paths->data, paths->size, sizeof(*paths->data), compare_paths);
  for (size_t i = 0; i < paths->size; i++) {
    tsr_buffer_append_str(text, format_open);
    tsr_buffer_append_str(text, paths->data[i]);
    tsr_buffer_append_str(text, format_close);
  }
}

void tsr_emit_finish(tsr_emit *out, tsr_buffer *text) {
  assert(out->block_count == 0 && out->current == &out->body);
  remove_blank(out);
  size_t start = text->size;
  put_section(text, start, &out->banner);
  put_section(text, start, &out->preamble);
  put_includes(text, start, &out->system_includes, "#include <", ">\n");
  put_includes(text, start, &out->includes, "#include \"", "\"\n");
  put_section(text, start, &out->body);
}
