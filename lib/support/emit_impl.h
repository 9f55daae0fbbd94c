// The body of the emitter, shared by the files that write lines and those that
// give names.

#ifndef TESSERA_SUPPORT_EMIT_IMPL_H
#define TESSERA_SUPPORT_EMIT_IMPL_H

#include "tessera/arena.h"
#include "tessera/emit.h"
#include "tessera/hash.h"
#include "tessera/vector.h"

// What one open block needs to be closed.
typedef struct emit_block {
  const char *closer;   // printed by close, on a line of its own
  size_t levels;        // of indentation of its body
  size_t first_binding; // names from here on belong to it
} emit_block;

// A name in force. `key` is NULL for names that only text refers to.
typedef struct emit_binding {
  const void *key;
  const char *name;
} emit_binding;

struct tsr_emit {
  tsr_emit_language language;
  tsr_arena arena; // names, include paths
  tsr_buffer banner, preamble, body;
  tsr_buffer *current; // preamble or body
  tsr_buffer line;     // the line being put together
  tsr_vec system_includes, includes;

  emit_block *blocks;
  size_t block_count, block_capacity;
  size_t depth; // of indentation
  bool has_early_scope;

  emit_binding *bindings;
  size_t binding_count, binding_capacity;
  tsr_map names;       // key -> name
  tsr_bytes_map taken; // name -> not NULL while in force
};

// Ends the scope that began when `count` names were in force.
void tsr_emit_drop_bindings(tsr_emit *out, size_t count);

#endif
