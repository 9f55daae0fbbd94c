// fuse, shared by its parts.
//
//   fuse.c         finds partners and joins them
//   fuse_relate.c  what two nests do with the tiles of a buffer, and what is
//                  said of those that stay apart
#ifndef TESSERA_PASSES_FUSE_H
#define TESSERA_PASSES_FUSE_H

#include "tessera/pass_report.h"

// How many nests back a partner is looked for.
enum { TSR_FUSE_WINDOW = 32 };

// One touch of a buffer. Loads and stores of tiles have a place, the operands
// from `first_index` on; whatever else there is touches the whole buffer.
typedef struct tsr_fuse_access {
  tsr_op *op;
  tsr_value *buffer;
  const tsr_type *tile; // NULL: not one place
  size_t first_index, index_count;
  bool reads, writes;
} tsr_fuse_access;

// An op of the function body.
typedef struct tsr_fuse_item {
  tsr_op *op; // NULL once joined to another
  tsr_fuse_access *accesses;
  size_t access_count, access_capacity;
  size_t math_ops;
  bool is_nest;
  bool has_reduction;
} tsr_fuse_item;

typedef struct tsr_fuser {
  tsr_pass_env *env;
  size_t max_ops;
  size_t max_buffers;
  tsr_fuse_item *items;
  size_t count;
} tsr_fuser;

// What two touches of one buffer mean for joining their nests.
typedef enum tsr_fuse_relation {
  TSR_FUSE_FORBIDS,
  TSR_FUSE_ALLOWS,
  TSR_FUSE_REWARDS
} tsr_fuse_relation;

// What `a` and `b`, which comes later, do with the buffers they share.
//
// out    `*out_buffer`: with TSR_FUSE_FORBIDS the first that keeps them apart,
//        else one that both touch, or NULL
tsr_fuse_relation tsr_fuse_relate(const tsr_fuse_item *a,
                                  const tsr_fuse_item *b,
                                  const tsr_value **out_buffer);

// Both nests run the same iterations.
bool tsr_fuse_have_same_space(const tsr_op *a, const tsr_op *b);

// The places are the same in equal iterations of nests `a` and `b`.
bool tsr_fuse_is_same_place(const tsr_op *a, const tsr_fuse_access *x,
                            const tsr_op *b, const tsr_fuse_access *y);

// One of them writes what the other touches.
bool tsr_fuse_are_in_conflict(const tsr_fuse_item *a, const tsr_fuse_item *b);

// Buffers that the two touch together.
size_t tsr_fuse_count_buffers(const tsr_fuse_item *a, const tsr_fuse_item *b);

// Says of the nests that are left what kept them apart.
void tsr_fuse_report_apart(const tsr_fuser *f);

#endif
