// The table of passes and pipelines, and what a row must be like to get in.

#include "tessera/registry.h"

#include "tessera/vector.h"

#include "option.h"
#include "registry.h"

#include <dlfcn.h>
#include <string.h>

struct tsr_registry {
  tsr_arena arena;
  tsr_vec passes, pipelines; // of tsr_pass and tsr_named_pipeline
  tsr_vec libraries;         // plug-ins, as dlopen knows them
};

tsr_registry *tsr_registry_create(void) {
  tsr_registry *registry = tsr_mem_resize(NULL, sizeof(*registry));
  tsr_arena_init(&registry->arena);
  tsr_vec_init(&registry->passes, &registry->arena);
  tsr_vec_init(&registry->pipelines, &registry->arena);
  tsr_vec_init(&registry->libraries, &registry->arena);
  return registry;
}

static void destroy_user(const tsr_pass *pass) {
  if (pass->destroy)
    pass->destroy(pass->user);
}

void tsr_registry_destroy(tsr_registry *registry) {
  if (!registry)
    return;
  for (size_t i = registry->passes.size; i > 0; i--)
    destroy_user(registry->passes.data[i - 1]);
  for (size_t i = registry->libraries.size; i > 0; i--)
    dlclose(registry->libraries.data[i - 1]);
  tsr_arena_deinit(&registry->arena);
  tsr_mem_resize(registry, 0);
}

void registry_keep_open(tsr_registry *registry, void *library) {
  tsr_vec_append(&registry->libraries, library);
}

// -- Looking up ---------------------------------------------------------------

size_t tsr_registry_pass_count(const tsr_registry *registry) {
  return registry->passes.size;
}

const tsr_pass *tsr_registry_pass(const tsr_registry *registry, size_t i) {
  return registry->passes.data[i];
}

const tsr_pass *tsr_registry_find_pass(const tsr_registry *registry,
                                       const char *name) {
  for (size_t i = 0; i < registry->passes.size; i++) {
    const tsr_pass *pass = registry->passes.data[i];
    if (strcmp(pass->name, name) == 0)
      return pass;
  }
  return NULL;
}

size_t tsr_registry_pipeline_count(const tsr_registry *registry) {
  return registry->pipelines.size;
}

const tsr_named_pipeline *tsr_registry_pipeline(const tsr_registry *registry,
                                                size_t i) {
  return registry->pipelines.data[i];
}

const tsr_named_pipeline *
tsr_registry_find_pipeline(const tsr_registry *registry, const char *name) {
  for (size_t i = 0; i < registry->pipelines.size; i++) {
    const tsr_named_pipeline *pipeline = registry->pipelines.data[i];
    if (strcmp(pipeline->name, name) == 0)
      return pipeline;
  }
  return NULL;
}

// -- Rows ---------------------------------------------------------------------

static const tsr_loc nowhere;

static bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

// Small letters, digits and single dashes inside: what a flag looks like.
static bool is_name(const char *text) {
  if (!text || !is_letter(text[0]))
    return false;
  for (const char *at = text; *at; at++)
    if (!is_letter(*at) && !(*at >= '0' && *at <= '9') &&
        !(*at == '-' && at[1] && at[1] != '-'))
      return false;
  return true;
}

static bool is_empty(const char *text) { return !text || !*text; }

static tsr_result check_new_name(const tsr_registry *registry, const char *what,
                                 const char *name, tsr_diag *diag) {
  if (!is_name(name))
    return tsr_diag_error_at(diag, nowhere, TSR_DIAG(registry_name), what,
                             name ? name : "");
  if (tsr_registry_find_pass(registry, name))
    return tsr_diag_error_at(diag, nowhere, TSR_DIAG(registry_pass_taken), what,
                             name);
  if (tsr_registry_find_pipeline(registry, name))
    return tsr_diag_error_at(diag, nowhere, TSR_DIAG(registry_pipeline_taken),
                             what, name);
  return TSR_OK;
}

static tsr_result check_option(const tsr_pass *pass, size_t i, tsr_diag *diag) {
  const tsr_pass_option *option = &pass->options[i];
  if (!is_name(option->name))
    return tsr_diag_error_at(diag, nowhere, TSR_DIAG(registry_option_name),
                             pass->name, option->name ? option->name : "");
  for (size_t j = 0; j < i; j++)
    if (strcmp(pass->options[j].name, option->name) == 0)
      return tsr_diag_error_at(diag, nowhere, TSR_DIAG(registry_option_twice),
                               pass->name, option->name);
  if (is_empty(option->help))
    return tsr_diag_error_at(diag, nowhere, TSR_DIAG(registry_option_help),
                             option->name, pass->name);
  const char *wrong = option_find_flaw(option);
  if (wrong)
    return tsr_diag_error_at(diag, nowhere, TSR_DIAG(registry_option_flaw),
                             option->name, pass->name, wrong);
  return TSR_OK;
}

static tsr_result check_counter(const tsr_pass *pass, size_t i,
                                tsr_diag *diag) {
  const tsr_pass_counter *counter = &pass->counters[i];
  if (!is_name(counter->name))
    return tsr_diag_error_at(diag, nowhere, TSR_DIAG(registry_counter_name),
                             pass->name, counter->name ? counter->name : "");
  for (size_t j = 0; j < i; j++)
    if (strcmp(pass->counters[j].name, counter->name) == 0)
      return tsr_diag_error_at(diag, nowhere, TSR_DIAG(registry_counter_twice),
                               pass->name, counter->name);
  if (is_empty(counter->help))
    return tsr_diag_error_at(diag, nowhere, TSR_DIAG(registry_counter_help),
                             counter->name, pass->name);
  return TSR_OK;
}

static tsr_result check_pass(const tsr_registry *registry, const tsr_pass *pass,
                             tsr_diag *diag) {
  const uint32_t all_states = (1u << TSR_STATE_COUNT) - 1;
  if (check_new_name(registry, "pass", pass->name, diag) != TSR_OK)
    return TSR_FAILED;
  if (!pass->run || is_empty(pass->summary))
    return tsr_diag_error_at(diag, nowhere, TSR_DIAG(registry_pass_incomplete),
                             pass->name,
                             pass->run ? "summary" : "function to run");
  if ((pass->needs | pass->gives | pass->breaks) & ~all_states)
    return tsr_diag_error_at(diag, nowhere, TSR_DIAG(registry_pass_state),
                             pass->name);
  for (size_t i = 0; i < pass->option_count; i++)
    if (check_option(pass, i, diag) != TSR_OK)
      return TSR_FAILED;
  for (size_t i = 0; i < pass->counter_count; i++)
    if (check_counter(pass, i, diag) != TSR_OK)
      return TSR_FAILED;
  return TSR_OK;
}

tsr_result tsr_registry_add_pass(tsr_registry *registry, const tsr_pass *pass,
                                 tsr_diag *diag) {
  if (check_pass(registry, pass, diag) != TSR_OK) {
    destroy_user(pass);
    return TSR_FAILED;
  }
  tsr_pass *copy = TSR_NEW(&registry->arena, tsr_pass);
  *copy = *pass;
  tsr_vec_append(&registry->passes, copy);
  return TSR_OK;
}

tsr_result tsr_registry_add_pipeline(tsr_registry *registry,
                                     const tsr_named_pipeline *pipeline,
                                     tsr_diag *diag) {
  if (check_new_name(registry, "pipeline", pipeline->name, diag) != TSR_OK)
    return TSR_FAILED;
  if (pipeline->run_count == 0)
    return tsr_diag_error_at(diag, nowhere, TSR_DIAG(registry_pipeline_empty),
                             pipeline->name);
  tsr_named_pipeline *copy = TSR_NEW(&registry->arena, tsr_named_pipeline);
  *copy = *pipeline;
  tsr_vec_append(&registry->pipelines, copy);
  return TSR_OK;
}

tsr_result tsr_registry_check(const tsr_registry *registry, tsr_diag *diag) {
  tsr_arena scratch;
  tsr_arena_init(&scratch);
  tsr_result result = TSR_OK;
  for (size_t i = 0; i < registry->pipelines.size; i++) {
    const tsr_named_pipeline *named = registry->pipelines.data[i];
    tsr_pipeline runs = {NULL, 0};
    if (tsr_pipeline_parse(registry, named->name, named->name, &scratch, diag,
                           &runs) != TSR_OK)
      result = TSR_FAILED;
  }
  tsr_arena_deinit(&scratch);
  return result;
}
