// From bytes to a module and passes.

#include "check.h"
#include "grow.h"

#include "common/load.h"

#include "tessera/hash.h"
#include "tessera/text.h"

#include <string.h>

// What the first byte says. Any other begins a text.
enum {
  TENSORS,
  TILES,
  PROGRAMS,
  DAMAGED_TENSORS,
  DAMAGED_TILES,
  DAMAGED_PROGRAMS,
  KINDS
};

typedef tsr_module *grow_module_fn(choices *c, tsr_context *context);

static grow_module_fn *const growers[] = {grow_tensors, grow_tiles,
                                          grow_programs};

bool fuzz_is_grown(const uint8_t *data, size_t bytes) {
  return bytes > 0 && data[0] < KINDS;
}

bool fuzz_is_damaged(const uint8_t *data, size_t bytes) {
  return fuzz_is_grown(data, bytes) && data[0] >= DAMAGED_TENSORS;
}

void fuzz_case_init(fuzz_case *made) {
  tsr_buffer_init(&made->text);
  tsr_buffer_init(&made->passes);
  made->is_uneven = false;
}

void fuzz_case_deinit(fuzz_case *made) {
  tsr_buffer_deinit(&made->passes);
  tsr_buffer_deinit(&made->text);
}

// Damage behind some passes reaches the ops of later stages.
static void lower(choices *c, const tsr_registry *registry,
                  tsr_module *module) {
  const tsr_named_pipeline *named =
      tsr_registry_find_pipeline(registry, "default");
  uint32_t count = choose(c, (uint32_t)named->run_count + 1);
  tsr_arena arena;
  tsr_arena_init(&arena);
  tsr_diag *diag = tsr_diag_create();
  tsr_pipeline all = {NULL, 0};
  tsr_target target;
  char error[128];
  if (tsr_pipeline_parse(registry, "default", "default", &arena, diag, &all) ==
          TSR_OK &&
      tsr_target_load("wormhole_b0", &target, error, sizeof error) == TSR_OK) {
    tsr_pipeline some = {all.runs, count};
    tsr_run_options options = {.target = &target};
    // Where it stops is as good a place as any.
    tsr_result ignored = tsr_pipeline_run(&some, module, diag, &options);
    (void)ignored;
  }
  tsr_diag_destroy(diag);
  tsr_arena_deinit(&arena);
}

// What damage to words seldom does: all is well but for one op.
static bool damage_op(choices *c, tsr_module *module, bool *out_is_uneven) {
  uint32_t kind = choose(c, 4);
  *out_is_uneven = kind == 1 && damage_pages(c, module);
  return *out_is_uneven || (kind == 2 && damage_index(c, module));
}

static void print_damaged(choices *c, const tsr_registry *registry,
                          tsr_module *module, fuzz_case *made) {
  lower(c, registry, module);
  if (damage_op(c, module, &made->is_uneven)) {
    tsr_module_print(module, &(tsr_print_options){0}, &made->text);
    return;
  }
  tsr_buffer whole;
  tsr_buffer_init(&whole);
  tsr_module_print(module, &(tsr_print_options){0}, &whole);
  damage_text(c, tsr_buffer_str(&whole), whole.size, &made->text);
  tsr_buffer_deinit(&whole);
}

static void grow_case(fuzz_case *made, const tsr_registry *registry,
                      const uint8_t *data, size_t bytes) {
  choices c = {.data = data, .bytes = bytes, .at = 1};
  // Passes begin at the other end, so that modules stay what they are when
  // there is a pass more.
  choices ends = {.data = data, .bytes = bytes, .at = 1, .from_end = true};
  tsr_context *context = tsr_context_create();
  uint32_t kind = data[0] % DAMAGED_TENSORS;
  grow_passes(&ends, registry, kind == TENSORS, &made->passes);
  tsr_module *module = growers[kind](&c, context);
  if (data[0] >= DAMAGED_TENSORS)
    print_damaged(&c, registry, module, made);
  else
    tsr_module_print(module, &(tsr_print_options){0}, &made->text);
  tsr_module_destroy(module);
  tsr_context_destroy(context);
}

void fuzz_case_read(fuzz_case *made, const uint8_t *data, size_t bytes) {
  tsr_registry *registry = tsr_registry_create();
  tsr_registry_add_builtin(registry);
  if (fuzz_is_grown(data, bytes)) {
    grow_case(made, registry, data, bytes);
  } else {
    tsr_buffer_append(&made->text, (const char *)data, bytes);
    tsr_buffer_append_str(&made->passes, "default");
  }
  tsr_registry_destroy(registry);
}
