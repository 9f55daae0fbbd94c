// The parts of a reduction.
//
// It holds the smallest interesting module so far. An edit kind finds spots in
// a module, which are numbers and so mean the same in a copy of it, and applies
// some of them to a copy. What the verifiers accept and the test still finds
// interesting becomes the smallest so far.
#ifndef TESSERA_REDUCE_IMPL_H
#define TESSERA_REDUCE_IMPL_H

#include "tessera/arena.h"
#include "tessera/ir.h"

// -- Edits (edit_ops.c, edit_values.c, edit_sizes.c) --------------------------

// A module whose ops are numbered from the outside in, in the order of the
// text.
typedef struct scene {
  tsr_module *module;
  tsr_arena arena;
  tsr_op **ops; // NULL: erased by an edit
  size_t count;
} scene;

void scene_init(scene *s, tsr_module *module);
void scene_deinit(scene *s);
// Erases an op and what it holds; its results must have no uses.
void scene_erase(scene *s, tsr_op *op);
// Erases an op, too, and gives its number to `with`, which stands by now.
void scene_replace(scene *s, tsr_op *op, tsr_op *with);
// Puts something of the same type in the place of all uses of `value`.
//
// fails  false: nothing of that type is at hand
bool scene_replace_uses(scene *s, tsr_value *value);

typedef struct spot {
  size_t op, part;
  int64_t from, to;
} spot;

typedef struct spots {
  spot *items;
  size_t count, capacity;
} spots;

void spots_add(spots *all, spot one);

typedef struct edit_kind {
  const char *name;
  void (*find)(const scene *s, spots *out);
  // Targets of one edit are applied from the last to the first. False: this one
  // was left as it is.
  bool (*apply)(scene *s, const spot *at);
} edit_kind;

// Coarse kinds first.
extern const edit_kind edit_functions, edit_ops, edit_to_operands, edit_regions,
    edit_operands, edit_results, edit_arguments, edit_kernel_arguments,
    edit_work, edit_extents, edit_cores, edit_attributes, edit_numbers;

#endif
