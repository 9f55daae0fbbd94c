// The analyses of a module: computed on demand, kept while true.

#include "cache.h"

#include <string.h>

typedef struct entry {
  void *facts; // NULL: none, or no longer true
  // The module as it was when the facts were found true.
  uint64_t changes;
  uint64_t computed;
} entry;

struct tsr_analyses {
  tsr_module *module;
  tsr_diag *diag;
  bool is_checked, has_failed;
  const char *pass_name;
  uint32_t preserved; // by the pass that runs
  entry entries[TSR_ANALYSIS_COUNT];
  void (*stretch)(void *user, const char *name); // NULL: nobody watches
  void *user;
};

typedef struct row {
  tsr_analysis_info info;
  void *(*create)(tsr_module *module);
  void (*destroy)(void *facts);
  const tsr_op *(*find_wrong)(void *facts, tsr_module *module);
} row;

// The typed functions of each analysis behind untyped ones.
#define TSR_ANALYSIS(id, name, type, summary)                                  \
  static void *create_##id(tsr_module *module) {                               \
    return tsr_##id##_create(module);                                          \
  }                                                                            \
  static void destroy_##id(void *facts) { tsr_##id##_destroy(facts); }         \
  static const tsr_op *find_wrong_##id(void *facts, tsr_module *module) {      \
    return tsr_##id##_find_wrong(facts, module);                               \
  }
#include "tessera/analyses.def"

static const row rows[] = {
#define TSR_ANALYSIS(id, name, type, summary)                                  \
  {{name, summary}, create_##id, destroy_##id, find_wrong_##id},
#include "tessera/analyses.def"
};

const tsr_analysis_info *tsr_analysis_get_info(tsr_analysis analysis) {
  return &rows[analysis].info;
}

// -- keeping ------------------------------------------------------------------

static void drop(tsr_analyses *a, size_t kind) {
  if (a->entries[kind].facts)
    rows[kind].destroy(a->entries[kind].facts);
  a->entries[kind].facts = NULL;
}

static bool is_unchanged(const tsr_analyses *a, const entry *e) {
  return e->changes == tsr_module_get_changes(a->module);
}

// Whether facts about a module that has changed since are still true, as the
// pass says.
static bool are_preserved(tsr_analyses *a, size_t kind) {
  if (!(a->preserved & (1u << kind)))
    return false;
  if (!a->is_checked)
    return true;
  const tsr_op *op = rows[kind].find_wrong(a->entries[kind].facts, a->module);
  if (!op)
    return true;
  a->has_failed = true;
  tsr_diag_error(a->diag, op, TSR_DIAG(analysis_not_preserved), a->pass_name,
                 rows[kind].info.name);
  return false;
}

static void *get(tsr_analyses *a, tsr_analysis kind) {
  entry *e = &a->entries[kind];
  if (e->facts && !is_unchanged(a, e) && !are_preserved(a, kind))
    drop(a, kind);
  if (!e->facts) {
    if (a->stretch)
      a->stretch(a->user, rows[kind].info.name);
    e->facts = rows[kind].create(a->module);
    e->computed++;
    if (a->stretch)
      a->stretch(a->user, NULL);
  }
  e->changes = tsr_module_get_changes(a->module);
  return e->facts;
}

#define TSR_ANALYSIS(id, name, type, summary)                                  \
  type *tsr_analyses_get_##id(tsr_analyses *analyses) {                        \
    return get(analyses, TSR_ANALYSIS_##id);                                   \
  }
#include "tessera/analyses.def"

void tsr_analyses_preserve(tsr_analyses *a, uint32_t kinds) {
  a->preserved |= kinds;
}

uint64_t tsr_analyses_count_computed(const tsr_analyses *a,
                                     tsr_analysis analysis) {
  return a->entries[analysis].computed;
}

// -- around passes ------------------------------------------------------------

tsr_analyses *tsr_analyses_create(tsr_module *module, bool is_checked,
                                  tsr_diag *diag) {
  tsr_analyses *a = tsr_mem_zeroed(1, sizeof *a);
  a->module = module;
  a->is_checked = is_checked;
  a->diag = diag;
  return a;
}

void tsr_analyses_watch(tsr_analyses *a,
                        void (*stretch)(void *user, const char *name),
                        void *user) {
  a->stretch = stretch;
  a->user = user;
}

void tsr_analyses_destroy(tsr_analyses *a) {
  for (size_t i = 0; a && i < TSR_ANALYSIS_COUNT; i++)
    drop(a, i);
  tsr_mem_resize(a, 0);
}

// What changed since the last pass is that the run was recorded.
void tsr_analyses_begin_pass(tsr_analyses *a, const char *pass_name,
                             uint32_t kinds) {
  a->pass_name = pass_name;
  a->preserved = kinds;
  a->has_failed = false;
  for (size_t i = 0; i < TSR_ANALYSIS_COUNT; i++)
    a->entries[i].changes = tsr_module_get_changes(a->module);
}

tsr_result tsr_analyses_end_pass(tsr_analyses *a) {
  for (size_t i = 0; i < TSR_ANALYSIS_COUNT; i++) {
    const entry *e = &a->entries[i];
    if (e->facts && !is_unchanged(a, e) && !are_preserved(a, i))
      drop(a, i);
  }
  a->preserved = 0;
  return a->has_failed ? TSR_FAILED : TSR_OK;
}
