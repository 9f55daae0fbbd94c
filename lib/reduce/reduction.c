// Delta debugging: halves of all spots first, then quarters, down to each
// alone; kind after kind, until a whole round finds nothing more.

#include "tessera/reduce.h"

#include "impl.h"
#include "tessera/analysis.h"
#include "tessera/buffer.h"
#include "tessera/hash.h"
#include "tessera/text.h"
#include "tessera/vector.h"

typedef struct reduction {
  const tsr_reduce_options *options;
  tsr_module *best;
  tsr_buffer text; // of `best`
  size_t tests;
  tsr_bytes_map tried; // texts that were not interesting
} reduction;

static const edit_kind *const kinds[] = {
    &edit_functions,
    &edit_ops,
    &edit_to_operands,
    &edit_regions,
    &edit_operands,
    &edit_results,
    &edit_work,
    &edit_extents,
    &edit_cores,
    &edit_arguments,
    &edit_kernel_arguments,
    &edit_numbers,
    &edit_attributes,
};

void spots_add(spots *all, spot one) {
  all->items = tsr_array_grow(NULL, all->items, &all->capacity, all->count + 1,
                              sizeof(*all->items));
  all->items[all->count++] = one;
}

// -- Scenes -------------------------------------------------------------------

static void number_block(scene *s, const tsr_block *block);

static void number_op(scene *s, tsr_op *op) {
  if (s->ops)
    s->ops[s->count] = op;
  s->count++;
  tsr_op_set_mark(op, (uint32_t)s->count);
  for (size_t i = 0; i < tsr_op_block_count(op); i++)
    number_block(s, tsr_op_block(op, i));
}

static void number_block(scene *s, const tsr_block *block) {
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    number_op(s, op);
}

void scene_init(scene *s, tsr_module *module) {
  *s = (scene){.module = module};
  tsr_arena_init(&s->arena);
  number_op(s, tsr_module_op(module));
  s->ops = TSR_NEW_ARRAY(&s->arena, tsr_op *, s->count);
  s->count = 0;
  number_op(s, tsr_module_op(module));
}

static void clear_marks(tsr_op *op) {
  tsr_op_set_mark(op, 0);
  for (size_t i = 0; i < tsr_op_block_count(op); i++)
    for (tsr_op *inner = tsr_block_first(tsr_op_block(op, i)); inner;
         inner = tsr_op_next(inner))
      clear_marks(inner);
}

void scene_deinit(scene *s) {
  clear_marks(tsr_module_op(s->module));
  tsr_arena_deinit(&s->arena);
}

static void forget(scene *s, const tsr_op *op) {
  if (tsr_op_get_mark(op) > 0)
    s->ops[tsr_op_get_mark(op) - 1] = NULL;
  for (size_t i = 0; i < tsr_op_block_count(op); i++)
    for (const tsr_op *inner = tsr_block_first(tsr_op_block(op, i)); inner;
         inner = tsr_op_next(inner))
      forget(s, inner);
}

void scene_erase(scene *s, tsr_op *op) {
  forget(s, op);
  tsr_op_erase(op);
}

void scene_replace(scene *s, tsr_op *op, tsr_op *with) {
  uint32_t mark = tsr_op_get_mark(op);
  scene_erase(s, op);
  tsr_op_set_mark(with, mark);
  s->ops[mark - 1] = with;
}

// -- Trying -------------------------------------------------------------------

static bool is_valid(const reduction *r, const tsr_module *module) {
  tsr_diag *diag = tsr_diag_create();
  bool valid = tsr_module_verify(module, diag) == TSR_OK &&
               tsr_module_verify_stage(module, r->options->target, false,
                                       diag) == TSR_OK;
  tsr_diag_destroy(diag);
  return valid;
}

static size_t count_ops(const tsr_module *module) {
  scene s = {.ops = NULL};
  number_op(&s, tsr_module_op(module));
  clear_marks(tsr_module_op(module));
  return s.count - 1;
}

static bool is_interesting(reduction *r, const tsr_module *module,
                           const tsr_buffer *text) {
  r->tests++;
  return r->options->is_interesting(r->options->user, module,
                                    tsr_buffer_str(text), text->size);
}

static bool is_stopped(const reduction *r) {
  return r->options->is_stopped && r->options->is_stopped(r->options->user);
}

// Takes `module` over as the best if it is interesting.
static bool consider(reduction *r, tsr_module *module) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_module_print(module, NULL, &text);
  void **tried =
      tsr_bytes_map_get(&r->tried, tsr_buffer_str(&text), text.size, NULL);
  bool is_new = !*tried;
  *tried = r;
  bool better =
      is_new && is_valid(r, module) && is_interesting(r, module, &text);
  if (better) {
    tsr_module_destroy(r->best);
    r->best = module;
    tsr_buffer_deinit(&r->text);
    r->text = text;
  } else {
    tsr_module_destroy(module);
    tsr_buffer_deinit(&text);
  }
  return better;
}

// Applies `count` spots to a copy, the last first, so that uses go before
// what they use.
static bool try_spots(reduction *r, const edit_kind *kind, const spot *items,
                      size_t count) {
  tsr_module *copy = tsr_module_clone(r->best);
  scene s;
  scene_init(&s, copy);
  bool changed = false;
  for (size_t i = count; i-- > 0;)
    if (s.ops[items[i].op])
      changed = kind->apply(&s, &items[i]) || changed;
  scene_deinit(&s);
  if (changed)
    return consider(r, copy);
  tsr_module_destroy(copy);
  return false;
}

static spots find_spots(const reduction *r, const edit_kind *kind) {
  spots found = {0};
  scene s;
  scene_init(&s, r->best);
  kind->find(&s, &found);
  scene_deinit(&s);
  return found;
}

static void report(const reduction *r, const char *what) {
  tsr_reduce_step step = {what, count_ops(r->best), r->text.size, r->tests};
  if (r->options->report)
    r->options->report(r->options->user, &step);
}

// Targets found anew after each success have other numbers, so a pass over
// them goes from the back, where they still are what they were.
static bool reduce_kind(reduction *r, const edit_kind *kind) {
  bool changed = false;
  spots all = find_spots(r, kind);
  for (size_t step = all.count; step > 0; step /= 2) {
    for (size_t end = all.count; end > 0 && !is_stopped(r);) {
      size_t size = step < end ? step : end;
      end -= size;
      if (!try_spots(r, kind, all.items + end, size))
        continue;
      changed = true;
      tsr_mem_resize(all.items, 0);
      all = find_spots(r, kind);
      end = end < all.count ? end : all.count;
    }
  }
  tsr_mem_resize(all.items, 0);
  if (changed)
    report(r, kind->name);
  return changed;
}

static void reduce(reduction *r) {
  report(r, "input");
  bool changed = true;
  while (changed && !is_stopped(r)) {
    changed = false;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
      changed = reduce_kind(r, kinds[i]) || changed;
  }
  report(r, is_stopped(r) ? "stopped" : "done");
}

tsr_module *tsr_module_reduce(const tsr_module *module,
                              const tsr_reduce_options *options) {
  reduction r = {.options = options, .best = tsr_module_clone(module)};
  tsr_buffer_init(&r.text);
  tsr_bytes_map_init(&r.tried);
  tsr_module_print(r.best, NULL, &r.text);
  if (is_interesting(&r, r.best, &r.text)) {
    reduce(&r);
  } else {
    tsr_module_destroy(r.best);
    r.best = NULL;
  }
  tsr_bytes_map_deinit(&r.tried);
  tsr_buffer_deinit(&r.text);
  return r.best;
}
