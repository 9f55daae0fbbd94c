// Affine forms of index values, for passes: the forms of linear.c, kept.

#include "cache.h"
#include "impl.h"

struct tsr_affine {
  tsr_arena arena;
  tsr_forms forms;
  tsr_vec keys; // values that were asked for
};

tsr_affine *tsr_affine_create(tsr_module *module) {
  (void)module; // values are looked at when they are asked for
  tsr_affine *a = tsr_mem_zeroed(1, sizeof *a);
  tsr_arena_init(&a->arena);
  tsr_forms_init_values(&a->forms, &a->arena);
  tsr_vec_init(&a->keys, &a->arena);
  return a;
}

void tsr_affine_destroy(tsr_affine *a) {
  tsr_arena_deinit(&a->arena);
  tsr_mem_resize(a, 0);
}

const tsr_form *tsr_affine_get(tsr_affine *a, const tsr_value *value) {
  if (!tsr_map_has(&a->forms.by_value, value))
    tsr_vec_append(&a->keys, (void *)value);
  return tsr_forms_of_value(&a->forms, value);
}

int64_t tsr_form_get_constant(const tsr_form *form) { return form->constant; }

size_t tsr_form_term_count(const tsr_form *form) { return form->count; }

int64_t tsr_form_get_coefficient(const tsr_form *form, size_t i) {
  return form->terms[i].coefficient;
}

const tsr_value *tsr_form_get_value(const tsr_form *form, size_t i) {
  return form->terms[i].atom->value;
}

static bool mentions(const tsr_form *form, const tsr_value *value) {
  for (uint32_t i = 0; i < form->count; i++) {
    const tsr_atom *atom = form->terms[i].atom;
    if (atom->value == value)
      return true;
    for (size_t k = 0; k < 2; k++)
      if (atom->args[k] && mentions(atom->args[k], value))
        return true;
  }
  return false;
}

int64_t tsr_form_find_coefficient(const tsr_form *form, const tsr_value *value,
                                  bool *out_is_linear) {
  int64_t found = 0;
  *out_is_linear = true;
  for (uint32_t i = 0; i < form->count; i++) {
    const tsr_atom *atom = form->terms[i].atom;
    if (atom->value == value)
      found = form->terms[i].coefficient;
    for (size_t k = 0; k < 2; k++)
      if (atom->args[k] && mentions(atom->args[k], value))
        *out_is_linear = false;
  }
  return found;
}

// -- comparing ----------------------------------------------------------------

// Forms of two sets; atoms are compared by what they are, for their numbers
// depend on what was asked first.
static bool is_same_form(const tsr_form *a, const tsr_form *b);

static bool is_same_atom(const tsr_atom *a, const tsr_atom *b) {
  if (a->value != b->value || a->is_division != b->is_division ||
      a->max != b->max || !a->op != !b->op ||
      (a->op && tsr_op_get_kind(a->op) != tsr_op_get_kind(b->op)))
    return false;
  for (size_t k = 0; k < 2; k++)
    if (!a->args[k] != !b->args[k] ||
        (a->args[k] && !is_same_form(a->args[k], b->args[k])))
      return false;
  return true;
}

static bool has_term(const tsr_form *form, const tsr_term *term) {
  for (uint32_t i = 0; i < form->count; i++)
    if (form->terms[i].coefficient == term->coefficient &&
        is_same_atom(form->terms[i].atom, term->atom))
      return true;
  return false;
}

static bool is_same_form(const tsr_form *a, const tsr_form *b) {
  if (a->constant != b->constant || a->count != b->count)
    return false;
  for (uint32_t i = 0; i < a->count; i++)
    if (!has_term(b, &a->terms[i]))
      return false;
  return true;
}

const tsr_op *tsr_affine_find_wrong(tsr_affine *a, tsr_module *module) {
  const tsr_op *wrong = NULL;
  tsr_affine *fresh = tsr_affine_create(module);
  for (size_t i = 0; i < a->keys.size && !wrong; i++) {
    const tsr_value *value = a->keys.data[i];
    const tsr_block *block = tsr_value_get_block(value);
    if (tsr_value_is_attached(value) &&
        !is_same_form(tsr_affine_get(a, value), tsr_affine_get(fresh, value)))
      wrong = block ? tsr_block_get_parent(block) : tsr_value_get_def(value);
  }
  tsr_affine_destroy(fresh);
  return wrong;
}
