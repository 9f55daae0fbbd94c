// From a lowered module to files.

#include "tessera/compile.h"

#include "tessera/arena.h"
#include "tessera/pass.h"

#include <string.h>

static tsr_result check_lowered(const tsr_module *module, tsr_diag *diag) {
  uint32_t state = tsr_module_derive_state(module);
  for (size_t i = 0; i < TSR_STATE_COUNT; i++) {
    if (state >> i & 1)
      continue;
    const tsr_state_info *info = tsr_state_get_info((tsr_state)i);
    const tsr_op *against = tsr_module_find_violation(module, (tsr_state)i);
    return tsr_diag_error(diag, against ? against : tsr_module_op(module),
                          TSR_DIAG(not_lowered), info->promise,
                          info->pass_name);
  }
  return TSR_OK;
}

static bool take_any_stage(const tsr_emit_options *options) {
  for (size_t i = 0; i < options->backend_count; i++)
    if (!options->backends[i]->takes_any_stage)
      return false;
  return true;
}

// In a module that is fully lowered every function is a host.
static bool is_wanted(const tsr_op *op, const char *func) {
  return tsr_is_runnable(op) &&
         (!func || strcmp(tsr_op_get_text(op, "name"), func) == 0);
}

static size_t count_hosts(const tsr_module *module, const char *func) {
  size_t count = 0;
  for (const tsr_op *op = tsr_block_first(tsr_module_block(module)); op;
       op = tsr_op_next(op))
    count += is_wanted(op, func);
  return count;
}

static bool has_program(const tsr_op *host, const char *name,
                        tsr_arena *arena) {
  size_t count = tsr_host_programs(host, NULL, 0);
  const tsr_op **programs = TSR_NEW_ARRAY(arena, const tsr_op *, count);
  tsr_host_programs(host, programs, count);
  for (size_t i = 0; i < count; i++)
    if (strcmp(tsr_op_get_text(programs[i], "name"), name) == 0)
      return true;
  return false;
}

// Prints one function and moves its files to `out`, below `folder` if given.
static tsr_result print_function(const tsr_emit_request *request,
                                 const tsr_emit_options *options,
                                 const char *folder, tsr_arena *arena,
                                 tsr_diag *diag, tsr_artifacts *out) {
  tsr_artifacts files;
  tsr_artifacts_init(&files);
  tsr_result result = TSR_OK;
  for (size_t i = 0; i < options->backend_count; i++)
    if (options->backends[i]->print(request, diag, &files) != TSR_OK)
      result = TSR_FAILED;
  for (size_t i = 0; i < files.count && result == TSR_OK; i++) {
    const tsr_artifact *file = &files.items[i];
    const char *path =
        folder ? tsr_arena_printf(arena, "%s/%s", folder, file->path)
               : file->path;
    tsr_buffer_append(tsr_artifacts_add(out, path), file->text.data,
                      file->text.size);
  }
  tsr_artifacts_deinit(&files);
  return result;
}

static tsr_result print_functions(tsr_module *module,
                                  const tsr_emit_options *options,
                                  tsr_arena *arena, tsr_diag *diag,
                                  tsr_artifacts *out) {
  tsr_emit_request request = {.module = module,
                              .target = options->target,
                              .program = options->program,
                              .metalium = options->metalium};
  const tsr_op *module_op = tsr_module_op(module);
  size_t hosts = count_hosts(module, options->func);
  if (!hosts && options->func)
    return tsr_diag_error(diag, module_op, TSR_DIAG(function_unknown),
                          options->func);
  if (!hosts)
    return tsr_diag_error(diag, module_op, TSR_DIAG(no_function));
  bool found = false;
  for (const tsr_op *op = tsr_block_first(tsr_module_block(module)); op;
       op = tsr_op_next(op)) {
    if (!is_wanted(op, options->func) ||
        (options->program && !has_program(op, options->program, arena)))
      continue;
    found = true;
    request.host = op;
    const char *folder = hosts > 1 ? tsr_op_get_text(op, "name") : NULL;
    if (print_function(&request, options, folder, arena, diag, out) != TSR_OK)
      return TSR_FAILED;
  }
  if (!found)
    return tsr_diag_error(diag, module_op, TSR_DIAG(program_not_found),
                          options->program);
  return TSR_OK;
}

tsr_result tsr_module_emit(tsr_module *module, const tsr_emit_options *options,
                           tsr_diag *diag, tsr_artifacts *out) {
  if (!take_any_stage(options) && check_lowered(module, diag) != TSR_OK)
    return TSR_FAILED;
  tsr_arena arena;
  tsr_arena_init(&arena);
  tsr_result result = print_functions(module, options, &arena, diag, out);
  tsr_arena_deinit(&arena);
  return result;
}
