// From a file to a verified module with its target.

#include "load.h"

#include "cli.h"

#include "tessera/analysis.h"
#include "tessera/support.h"
#include "tessera/text.h"

#include <stdio.h>
#include <string.h>

static const char default_target[] = "wormhole_b0";

const char *tsr_load_name(const char *path) {
  return strcmp(path, "-") == 0 ? "<stdin>" : path;
}

int tsr_load_text(const char *tool, const char *path, tsr_buffer *out) {
  if (!path) {
    tsr_tool_error(tool, TSR_DIAG(cli_no_input));
    return TSR_EXIT_COMMAND;
  }
  tsr_buffer message;
  tsr_buffer_init(&message);
  tsr_result result = tsr_buffer_read_file(out, path, &message);
  if (result != TSR_OK)
    tsr_tool_error(tool, TSR_DIAG(file_failed), tsr_buffer_str(&message));
  tsr_buffer_deinit(&message);
  return result == TSR_OK ? TSR_EXIT_OK : TSR_EXIT_INPUT;
}

void tsr_load_print_diag(const tsr_diag *diag) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_diag_print(diag, &text);
  fwrite(tsr_buffer_str(&text), 1, text.size, stderr);
  tsr_buffer_deinit(&text);
}

// -- The command line's word --------------------------------------------------

// Errors in options are located in the option's own text.
static tsr_loc locate(tsr_diag *diag, const char *option, const char *value) {
  tsr_diag_add_source(diag, option, value, strlen(value));
  return (tsr_loc){option, 1, 1};
}

static tsr_result apply_target_option(tsr_module *module, const char *target,
                                      tsr_diag *diag) {
  char error[256];
  tsr_target found;
  if (tsr_target_load(target, &found, error, sizeof(error)) != TSR_OK)
    return tsr_diag_error_at(diag, locate(diag, "--target", target),
                             TSR_DIAG_PASSED_ON, error);
  tsr_op_set_attr(tsr_module_op(module), "target",
                  tsr_attr_string(tsr_module_get_context(module), target));
  return TSR_OK;
}

static bool read_grid(const char *text, uint64_t *rows, uint64_t *cols) {
  const char *x = strchr(text, 'x');
  return x && tsr_parse_u64(text, (size_t)(x - text), rows) &&
         tsr_parse_u64(x + 1, strlen(x + 1), cols) && *rows > 0 && *cols > 0;
}

static void set_grid(tsr_module *module, uint64_t rows, uint64_t cols) {
  tsr_core_range range = {0, 0, (uint32_t)cols - 1, (uint32_t)rows - 1};
  tsr_op_set_attr(tsr_module_op(module), "grid",
                  tsr_attr_cores(tsr_module_get_context(module), &range, 1));
}

static tsr_result apply_grid_option(tsr_module *module, const char *grid,
                                    const tsr_target *target, tsr_diag *diag) {
  uint64_t rows, cols;
  if (!read_grid(grid, &rows, &cols))
    return tsr_diag_error_at(diag, locate(diag, "--grid", grid),
                             TSR_DIAG(cli_grid_form));
  if (rows > target->grid_rows || cols > target->grid_cols)
    return tsr_diag_error_at(diag, locate(diag, "--grid", grid),
                             TSR_DIAG(cli_grid_does_not_fit), target->name,
                             target->grid_rows, target->grid_cols);
  set_grid(module, rows, cols);
  return TSR_OK;
}

// -- The module's word --------------------------------------------------------

static tsr_result find_target(const tsr_module *module, tsr_diag *diag,
                              tsr_target *out) {
  char error[256];
  const tsr_op *op = tsr_module_op(module);
  if (tsr_target_load(tsr_op_get_text(op, "target"), out, error,
                      sizeof(error)) == TSR_OK)
    return TSR_OK;
  return tsr_diag_error(diag, op, TSR_DIAG_PASSED_ON, error);
}

static tsr_result check_grid(const tsr_module *module, const tsr_target *target,
                             tsr_diag *diag) {
  const tsr_op *op = tsr_module_op(module);
  const tsr_core_range *grid =
      tsr_attr_core_ranges(tsr_op_get_attr(op, "grid"));
  if (grid->y1 < target->grid_rows && grid->x1 < target->grid_cols)
    return TSR_OK;
  return tsr_diag_error(diag, op, TSR_DIAG(grid_does_not_fit), grid->y1 + 1,
                        grid->x1 + 1, target->name, target->grid_rows,
                        target->grid_cols);
}

// What neither the text nor the command line says, and what both say.
static tsr_result settle(tsr_module *module, const tsr_load_options *options,
                         tsr_diag *diag, tsr_target *out_target,
                         int *out_exit_code) {
  *out_exit_code = TSR_EXIT_COMMAND;
  if (options->target &&
      apply_target_option(module, options->target, diag) != TSR_OK)
    return TSR_FAILED;
  *out_exit_code = TSR_EXIT_INPUT;
  if (find_target(module, diag, out_target) != TSR_OK)
    return TSR_FAILED;
  if (!tsr_op_get_attr(tsr_module_op(module), "grid"))
    set_grid(module, out_target->grid_rows, out_target->grid_cols);
  *out_exit_code = TSR_EXIT_COMMAND;
  if (options->grid &&
      apply_grid_option(module, options->grid, out_target, diag) != TSR_OK)
    return TSR_FAILED;
  *out_exit_code = TSR_EXIT_INPUT;
  if (check_grid(module, out_target, diag) != TSR_OK ||
      tsr_module_verify(module, diag) != TSR_OK)
    return TSR_FAILED;
  return tsr_module_verify_stage(module, out_target, diag);
}

tsr_module *tsr_load_module(tsr_context *context, const char *file,
                            const char *text, size_t bytes,
                            const tsr_load_options *options, tsr_diag *diag,
                            tsr_target *out_target, int *out_exit_code) {
  tsr_parse_defaults defaults = {.target = default_target,
                                 .first_line = options->first_line};
  *out_exit_code = TSR_EXIT_INPUT;
  tsr_module *module =
      tsr_module_parse(context, file, text, bytes, &defaults, diag);
  if (!module)
    return NULL;
  if (settle(module, options, diag, out_target, out_exit_code) != TSR_OK) {
    tsr_module_destroy(module);
    return NULL;
  }
  *out_exit_code = TSR_EXIT_OK;
  return module;
}
