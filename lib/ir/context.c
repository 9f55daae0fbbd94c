// The context: interned names, types and attributes.

#include "impl.h"

#include <stdlib.h>
#include <string.h>

tsr_context *tsr_context_create(void) {
  tsr_context *context = tsr_mem_resize(NULL, sizeof *context);
  tsr_arena_init(&context->arena);
  tsr_interner_init(&context->names);
  context->last_mark = 0;
  tsr_bytes_map_init(&context->types);
  tsr_bytes_map_init(&context->attrs);
  return context;
}

void tsr_context_destroy(tsr_context *context) {
  if (!context)
    return;
  tsr_bytes_map_deinit(&context->attrs);
  tsr_bytes_map_deinit(&context->types);
  tsr_interner_deinit(&context->names);
  tsr_arena_deinit(&context->arena);
  tsr_mem_resize(context, 0);
}

const char *tsr_context_intern(tsr_context *context, const char *text) {
  return tsr_intern(&context->names, text);
}

const char *tsr_context_intern_bytes(tsr_context *context, const char *bytes,
                                     size_t length) {
  return tsr_intern_bytes(&context->names, bytes, length);
}
