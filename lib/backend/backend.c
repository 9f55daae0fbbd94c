// The table of backends, artifacts, and what printers ask of a program.

#include "tessera/backend.h"

#include "tessera/arena.h"
#include "tessera/support.h"
#include "tessera/vector.h"

#include <assert.h>
#include <string.h>

// -- tables -------------------------------------------------------------------

static const tsr_backend backends[] = {
#define TSR_BACKEND(id, text, about)                                           \
  {.name = text, .print = tsr_backend_print_##id, .summary = about},
#define TSR_BACKEND_ANY(id, text, about)                                       \
  {.name = text,                                                               \
   .print = tsr_backend_print_##id,                                            \
   .takes_any_stage = true,                                                    \
   .summary = about},
#define TSR_BACKEND_LLVM(id, text, about)                                      \
  {.name = text,                                                               \
   .print = tsr_backend_print_##id,                                            \
   .needs_llvm = true,                                                         \
   .summary = about},
#include "tessera/backends.def"
};

const tsr_backend *tsr_backends(size_t *out_count) {
  *out_count = sizeof backends / sizeof backends[0];
  return backends;
}

const tsr_backend *tsr_backend_find(const char *name) {
  for (size_t i = 0; i < sizeof backends / sizeof backends[0]; i++)
    if (strcmp(backends[i].name, name) == 0)
      return &backends[i];
  return NULL;
}

static const tsr_metalium_profile profiles[] = {
#define TSR_METALIUM_PROFILE(id, text, has, has_not, about)                    \
  {.name = text, .present = has, .absent = has_not, .summary = about},
#include "tessera/metalium_profiles.def"
};

const tsr_metalium_profile *tsr_metalium_get_profile(tsr_metalium id) {
  assert(id < TSR_METALIUM_COUNT);
  return &profiles[id];
}

bool tsr_metalium_find(const char *name, tsr_metalium *out) {
  for (size_t i = 0; i < TSR_METALIUM_COUNT; i++)
    if (strcmp(profiles[i].name, name) == 0) {
      *out = (tsr_metalium)i;
      return true;
    }
  return false;
}

// -- artifacts ----------------------------------------------------------------

void tsr_artifacts_init(tsr_artifacts *list) {
  *list = (tsr_artifacts){.items = NULL};
}

void tsr_artifacts_deinit(tsr_artifacts *list) {
  for (size_t i = 0; i < list->count; i++) {
    tsr_mem_resize(list->items[i].path, 0);
    tsr_buffer_deinit(&list->items[i].text);
  }
  tsr_mem_resize(list->items, 0);
  tsr_artifacts_init(list);
}

tsr_buffer *tsr_artifacts_add(tsr_artifacts *list, const char *path) {
  list->items = tsr_array_grow(NULL, list->items, &list->capacity,
                               list->count + 1, sizeof list->items[0]);
  tsr_artifact *item = &list->items[list->count++];
  size_t bytes = strlen(path) + 1;
  item->path = memcpy(tsr_mem_resize(NULL, bytes), path, bytes);
  tsr_buffer_init(&item->text);
  return &item->text;
}

// -- programs and kernels -----------------------------------------------------

static const tsr_op *find_program(const tsr_op *launch) {
  return tsr_block_find_symbol(tsr_module_block(tsr_op_get_module(launch)),
                               tsr_op_get_text(launch, "program"));
}

static bool is_known(const tsr_op *const *programs, size_t count,
                     const tsr_op *program) {
  for (size_t i = 0; i < count; i++)
    if (programs[i] == program)
      return true;
  return false;
}

size_t tsr_host_programs(const tsr_op *host, const tsr_op **programs,
                         size_t capacity) {
  tsr_vec found;
  tsr_vec_init(&found, NULL);
  for (const tsr_op *op = tsr_block_first(tsr_op_block(host, 0)); op;
       op = tsr_op_next(op)) {
    if (!tsr_op_is(op, TSR_OP_launch))
      continue;
    const tsr_op *program = find_program(op);
    const tsr_op *const *known = (const tsr_op *const *)found.data;
    if (!is_known(known, found.size, program))
      tsr_vec_append(&found, (void *)program);
  }
  for (size_t i = 0; i < found.size && i < capacity; i++)
    programs[i] = found.data[i];
  size_t count = found.size;
  tsr_vec_deinit(&found);
  return count;
}

const char *tsr_kernel_path(const tsr_op *host, const tsr_op *kernel,
                            tsr_arena *scratch) {
  const char *name = tsr_op_get_text(kernel, "name");
  if (tsr_host_programs(host, NULL, 0) <= 1)
    return tsr_arena_printf(scratch, "%s.cpp", name);
  return tsr_arena_printf(scratch, "%s/%s.cpp",
                          tsr_op_get_text(tsr_op_get_parent(kernel), "name"),
                          name);
}

// -- arguments ----------------------------------------------------------------

size_t tsr_kernel_arg_count(const tsr_op *kernel) {
  const tsr_attr *rows = tsr_op_get_attr(kernel, "args");
  return rows ? tsr_attr_count(rows) : 0;
}

tsr_kernel_arg tsr_kernel_get_arg(const tsr_op *kernel, size_t i) {
  const tsr_attr *rows = tsr_op_get_attr(kernel, "args");
  const tsr_attr *row = tsr_attr_item(rows, i);
  tsr_kernel_arg arg = {
      .kind = tsr_attr_get_text(tsr_attr_item(row, 0)),
      .place = tsr_attr_get_text(tsr_attr_item(row, 1)),
      .value = tsr_block_arg(tsr_op_block(kernel, 0), i),
  };
  arg.name = tsr_value_get_name(arg.value);
  arg.is_read = tsr_value_has_uses(arg.value);
  size_t operand = 0;
  for (size_t k = 0; k < i; k++) {
    const tsr_attr *other = tsr_attr_item(rows, k);
    operand += tsr_attr_count(other) == 2;
    const char *place = tsr_attr_get_text(tsr_attr_item(other, 1));
    arg.index += strcmp(place, arg.place) == 0;
  }
  if (tsr_attr_count(row) == 3)
    arg.symbol = tsr_attr_get_text(tsr_attr_item(row, 2));
  else
    arg.source = tsr_op_operand(kernel, operand);
  return arg;
}

static bool is_symbol(const tsr_attr *attr, const char *name) {
  return attr && tsr_attr_get_kind(attr) == TSR_ATTR_SYMBOL &&
         strcmp(tsr_attr_get_text(attr), name) == 0;
}

static bool block_uses_cb(const tsr_block *block, const char *cb) {
  static const char *const attrs[] = {"a", "b", "out", "cb"};
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    for (size_t i = 0; i < sizeof attrs / sizeof attrs[0]; i++)
      if (is_symbol(tsr_op_get_attr(op, attrs[i]), cb))
        return true;
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      if (block_uses_cb(tsr_op_block(op, b), cb))
        return true;
  }
  return false;
}

bool tsr_kernel_uses_cb(const tsr_op *kernel, const char *cb) {
  for (size_t i = 0; i < tsr_kernel_arg_count(kernel); i++) {
    tsr_kernel_arg arg = tsr_kernel_get_arg(kernel, i);
    if (arg.symbol && strcmp(arg.kind, "cb") == 0 &&
        strcmp(arg.symbol, cb) == 0)
      return true;
  }
  return block_uses_cb(tsr_op_block(kernel, 0), cb);
}
