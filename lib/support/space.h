// Memory whose objects name one another by 32-bit numbers.
//
// A module of a million ops is mostly references: to operands, uses, types,
// names. At eight bytes each they are most of the memory, and reaching memory
// for the first time is most of the time. A space reserves a range of addresses
// that begins at a multiple of its size, so that the start of the range follows
// from the address of any object in it, and a reference is the distance from
// there. Pages are taken from the system as objects fill them; nothing is freed
// singly.
#ifndef TESSERA_LIB_SUPPORT_SPACE_H
#define TESSERA_LIB_SUPPORT_SPACE_H

#include "tessera/base.h"

// Where an object of the same space is; 0 is none.
typedef uint32_t tsr_ref;

enum { TSR_SPACE_BITS = 34, TSR_REF_BYTES = 8 };
#define TSR_SPACE_BYTES ((uintptr_t)1 << TSR_SPACE_BITS)

// Stands at the start of its range.
typedef struct tsr_space {
  size_t used;      // up to where bytes are handed out
  size_t committed; // up to where bytes may be touched
  size_t skipped;   // of `used`, bytes that were left out
  size_t reserved;
} tsr_space;

// Returns `head_bytes` zeroed bytes at the start of a new space, whose first
// member is the tsr_space.
//
// fails  out of memory or of addresses ends the program
// owns   tsr_space_destroy takes the space and all that is in it
void *tsr_space_create(size_t head_bytes);
void tsr_space_destroy(tsr_space *space);

// Makes `bytes` more touchable, or ends the program.
void tsr_space_grow(tsr_space *space, size_t bytes);

// Returns zeroed bytes, aligned for any member of the IR.
static inline void *tsr_space_alloc(tsr_space *space, size_t bytes) {
  size_t rounded = (bytes + TSR_REF_BYTES - 1) & ~(size_t)(TSR_REF_BYTES - 1);
  if (rounded < bytes || rounded > space->committed - space->used)
    tsr_space_grow(space, bytes);
  void *made = (char *)space + space->used;
  space->used += rounded;
  return made;
}

// Bytes handed out, the head included.
static inline size_t tsr_space_used_bytes(const tsr_space *space) {
  return space->used - space->skipped;
}

static inline tsr_space *tsr_space_of(const void *object) {
  return (tsr_space *)((uintptr_t)object & ~(TSR_SPACE_BYTES - 1));
}

// The reference to an object, or 0 for NULL.
static inline tsr_ref tsr_ref_to(const void *object) {
  return (tsr_ref)(((uintptr_t)object & (TSR_SPACE_BYTES - 1)) / TSR_REF_BYTES);
}

// The object of a reference other than 0; `near` is any object of its space.
static inline void *tsr_ref_at(const void *near, tsr_ref ref) {
  return (char *)tsr_space_of(near) + (size_t)ref * TSR_REF_BYTES;
}

// The same, and NULL for 0.
static inline void *tsr_ref_get(const void *near, tsr_ref ref) {
  return ref ? tsr_ref_at(near, ref) : NULL;
}

#endif
