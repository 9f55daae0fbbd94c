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
  return tsr_space_used_bytes(&context->space);
}

// -- names --------------------------------------------------------------------
// Modules name values %v1, %v2, ...: what stands before the number decides
// where in the table such names begin, and the number how many lines of eight
// slots further a name stands. So making names one after the other walks
// through memory instead of jumping about, which took a third of the time of
// reading a million ops. A name whose line is full goes to lines that are
// anywhere, for its neighbours are likely to be full as well. At most three
// quarters are taken.

enum { LINE = 8 };

static inline uint32_t scramble(uint64_t hash) {
  const uint64_t prime = 0x9e3779b97f4a7c15U;
  hash = (hash ^ hash >> 32) * prime;
  return (uint32_t)(hash >> 32);
}

static inline uint32_t hash_name(const char *bytes, size_t length) {
  const uint64_t prime = 0x9e3779b97f4a7c15U;
  uint64_t hash = length;
  uint32_t number = 0; // at the end of what was seen
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)bytes[i];
    if (c >= '0' && c <= '9') {
      number = 10 * number + (c - '0');
    } else {
      hash = (hash ^ c ^ (uint64_t)number << 8) * prime;
      number = 0;
    }
  }
  return scramble(hash) + number * LINE;
}

// The slot to look at in step `i`, in a table of mask + 1 slots.
static inline size_t get_slot(uint32_t hash, size_t i, size_t mask) {
  size_t line = hash / LINE;
  if (i >= LINE)
    line += i / LINE * (scramble(hash) | 1);
  return (line * LINE + (hash + i) % LINE) & mask;
}

static void grow_names(tsr_context *context) {
  ir_name_slot *old = context->names;
  size_t old_capacity = context->name_capacity;
  size_t capacity = old_capacity ? 2 * old_capacity : first_capacity;
  while ((context->name_count + 1) * 4 > capacity * 3)
    capacity *= 2;
  ir_name_slot *slots = tsr_mem_zeroed(capacity, sizeof *slots);
  for (size_t i = 0; i < old_capacity; i++) {
    size_t step = 0, at = get_slot(old[i].hash, 0, capacity - 1);
    if (!old[i].name)
      continue;
    while (slots[at].name)
      at = get_slot(old[i].hash, ++step, capacity - 1);
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
  size_t mask = context->name_capacity - 1, step = 0;
  size_t at = get_slot(hash, 0, mask);
  for (; context->names[at].name; at = get_slot(hash, ++step, mask))
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
  ir_name_slot *recent = &context->recent_names[hash / LINE % IR_RECENT_NAMES];
  if (!is_name(context, recent, hash, bytes, length))
    *recent = (ir_name_slot){hash, find_name(context, hash, bytes, length)};
  return ((ir_name *)tsr_ref_at(context, recent->name))->text;
}

const char *tsr_context_intern(tsr_context *context, const char *text) {
  return tsr_context_intern_bytes(context, text, strlen(text));
}
