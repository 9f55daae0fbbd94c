// The context: interned names, types and attributes.

#include "impl.h"

#include <string.h>

#ifdef TESSERA_TINY_ARENA
static const size_t first_capacity = 1; // every path that grows is taken
#else
static const size_t first_capacity = 1024;
#endif

tsr_context *tsr_context_create(void) {
  tsr_op_need_rows();
  tsr_context *context = tsr_space_create(sizeof *context);
  tsr_bytes_map_init(&context->types);
  tsr_bytes_map_init(&context->attrs);
  return context;
}

void tsr_context_destroy(tsr_context *context) {
  if (!context)
    return;
  tsr_mem_resize(context->names, 0);
  tsr_bytes_map_deinit(&context->attrs);
  tsr_bytes_map_deinit(&context->types);
  tsr_space_destroy(&context->space);
}

size_t tsr_context_memory_bytes(const tsr_context *context) {
  return context->space.used;
}

// -- names --------------------------------------------------------------------
// Open addressing with linear probing, at most three quarters full.

static inline uint64_t read_8(const char *at) {
  uint64_t word;
  memcpy(&word, at, sizeof word);
  return word;
}

static inline uint64_t read_4(const char *at) {
  uint32_t word;
  memcpy(&word, at, sizeof word);
  return word;
}

// Of names, most of which are short: words that overlap instead of a loop over
// the last bytes.
static inline uint32_t hash_name(const char *bytes, size_t length) {
  const uint64_t prime = 0x9e3779b97f4a7c15U;
  uint64_t hash = length * prime, word = 0;
  for (size_t i = 8; i < length; i += 8) {
    hash = (hash ^ read_8(bytes + i - 8)) * prime;
    hash ^= hash >> 32;
  }
  if (length >= 8)
    word = read_8(bytes + length - 8);
  else if (length >= 4)
    word = read_4(bytes) << 32 | read_4(bytes + length - 4);
  else if (length > 0)
    word = (uint64_t)(unsigned char)bytes[0] << 16 |
           (uint64_t)(unsigned char)bytes[length / 2] << 8 |
           (unsigned char)bytes[length - 1];
  hash = (hash ^ word) * prime;
  hash ^= hash >> 32;
  return (uint32_t)((hash * prime) >> 32);
}

static void grow_names(tsr_context *context) {
  ir_name_slot *old = context->names;
  size_t old_capacity = context->name_capacity;
  size_t capacity = old_capacity ? 2 * old_capacity : first_capacity;
  while ((context->name_count + 1) * 4 > capacity * 3)
    capacity *= 2;
  ir_name_slot *slots = tsr_mem_zeroed(capacity, sizeof *slots);
  for (size_t i = 0; i < old_capacity; i++) {
    size_t at = old[i].hash & (capacity - 1);
    if (!old[i].name)
      continue;
    while (slots[at].name)
      at = (at + 1) & (capacity - 1);
    slots[at] = old[i];
  }
  tsr_mem_resize(old, 0);
  context->names = slots;
  context->name_capacity = capacity;
}

static inline bool is_name(const tsr_context *context, const ir_name_slot *slot,
                           uint32_t hash, const char *bytes, size_t length) {
  if (slot->hash != hash || !slot->name)
    return false;
  const ir_name *name = tsr_ref_at(context, slot->name);
  return name->length == length && memcmp(name->text, bytes, length) == 0;
}

static tsr_ref create_name(tsr_context *context, const char *bytes,
                           size_t length) {
  if (length > UINT32_MAX)
    tsr_mem_exhausted(length);
  ir_name *name = tsr_space_alloc(&context->space, sizeof *name + length + 1);
  name->length = (uint32_t)length;
  if (length)
    memcpy(name->text, bytes, length);
  return tsr_ref_to(name);
}

static tsr_ref find_name(tsr_context *context, uint32_t hash, const char *bytes,
                         size_t length) {
  if ((context->name_count + 1) * 4 > context->name_capacity * 3)
    grow_names(context);
  size_t mask = context->name_capacity - 1, at = hash & mask;
  for (; context->names[at].name; at = (at + 1) & mask)
    if (is_name(context, &context->names[at], hash, bytes, length))
      return context->names[at].name;
  tsr_ref made = create_name(context, bytes, length);
  context->names[at] = (ir_name_slot){hash, made};
  context->name_count++;
  return made;
}

const char *tsr_context_intern_bytes(tsr_context *context, const char *bytes,
                                     size_t length) {
  uint32_t hash = hash_name(bytes, length);
  ir_name_slot *recent = &context->recent_names[hash % IR_RECENT_NAMES];
  if (!is_name(context, recent, hash, bytes, length))
    *recent = (ir_name_slot){hash, find_name(context, hash, bytes, length)};
  return ((ir_name *)tsr_ref_at(context, recent->name))->text;
}

const char *tsr_context_intern(tsr_context *context, const char *text) {
  return tsr_context_intern_bytes(context, text, strlen(text));
}
