// The rows of backends.def that this backend prints.

#include "metalium.h"

#include <string.h>

static const char host_path[] = "main.cpp";

static tsr_result add_kernel(const tsr_emit_request *request,
                             const tsr_op *kernel, tsr_diag *diag,
                             tsr_artifacts *out) {
  tsr_arena scratch;
  tsr_arena_init(&scratch);
  const char *path = tsr_kernel_path(request->host, kernel, &scratch);
  tsr_result result = TSR_OK;
  if (strcmp(path, host_path) == 0)
    result = tsr_diag_error(diag, kernel, TSR_DIAG(kernel_file_taken),
                            tsr_op_get_text(kernel, "name"), host_path);
  else
    result = print_kernel(request, kernel, diag, tsr_artifacts_add(out, path));
  tsr_arena_deinit(&scratch);
  return result;
}

// Prints the kernels that the request and `name` (NULL: any) allow.
static tsr_result add_kernels(const tsr_emit_request *request, const char *name,
                              tsr_diag *diag, tsr_artifacts *out) {
  tsr_arena scratch;
  tsr_arena_init(&scratch);
  size_t count = tsr_host_programs(request->host, NULL, 0);
  const tsr_op **programs = TSR_NEW_ARRAY(&scratch, const tsr_op *, count);
  tsr_host_programs(request->host, programs, count);
  tsr_result result = TSR_OK;
  size_t printed = 0;
  for (size_t i = 0; i < count; i++) {
    const char *program = tsr_op_get_text(programs[i], "name");
    if (request->program && strcmp(request->program, program) != 0)
      continue;
    for (const tsr_op *op = tsr_block_first(tsr_op_block(programs[i], 0)); op;
         op = tsr_op_next(op)) {
      if (!tsr_op_is(op, TSR_OP_kernel) ||
          (name && strcmp(tsr_op_get_text(op, "name"), name) != 0))
        continue;
      printed++;
      if (add_kernel(request, op, diag, out) != TSR_OK)
        result = TSR_FAILED;
    }
  }
  tsr_arena_deinit(&scratch);
  if (!printed && name)
    return tsr_diag_error(diag, request->host, TSR_DIAG(kernel_unknown),
                          tsr_op_get_text(request->host, "name"), name);
  return result;
}

tsr_result tsr_backend_print_kernels(const tsr_emit_request *request,
                                     tsr_diag *diag, tsr_artifacts *out) {
  return add_kernels(request, request->kernel, diag, out);
}

tsr_result tsr_backend_print_reader(const tsr_emit_request *request,
                                    tsr_diag *diag, tsr_artifacts *out) {
  return add_kernels(request, "reader", diag, out);
}

tsr_result tsr_backend_print_compute(const tsr_emit_request *request,
                                     tsr_diag *diag, tsr_artifacts *out) {
  return add_kernels(request, "compute", diag, out);
}

tsr_result tsr_backend_print_writer(const tsr_emit_request *request,
                                    tsr_diag *diag, tsr_artifacts *out) {
  return add_kernels(request, "writer", diag, out);
}

tsr_result tsr_backend_print_host(const tsr_emit_request *request,
                                  tsr_diag *diag, tsr_artifacts *out) {
  return print_host(request, diag, tsr_artifacts_add(out, host_path));
}

tsr_result tsr_backend_print_cmake(const tsr_emit_request *request,
                                   tsr_diag *diag, tsr_artifacts *out) {
  (void)diag;
  const char *name = tsr_op_get_text(request->host, "name");
  tsr_emit *emit = tsr_emit_create(TSR_EMIT_CMAKE);
  tsr_emit_comment(emit,
                   "Builds the host program of %s: against an installed "
                   "tt-metal, or with -DDEVICE=model against Tessera's model "
                   "of the chip.",
                   name);
  tsr_emit_stmt(emit, "cmake_minimum_required(VERSION 3.22)");
  tsr_emit_stmt(emit, "project(%s LANGUAGES CXX)", name);
  tsr_emit_blank(emit);
  tsr_emit_stmt(emit, "set(DEVICE card CACHE STRING \"card or model\")");
  tsr_emit_stmt(emit, "add_executable(%s main.cpp)", name);
  tsr_emit_stmt(emit, "target_compile_features(%s PRIVATE cxx_std_20)", name);
  tsr_emit_stmt(emit,
                "target_compile_definitions(%s PRIVATE "
                "KERNEL_DIR=\"${CMAKE_CURRENT_SOURCE_DIR}\")",
                name);
  tsr_emit_open(emit, "if(DEVICE STREQUAL \"model\")");
  tsr_emit_stmt(emit, "find_package(tessera REQUIRED)");
  tsr_emit_stmt(emit, "target_link_libraries(%s PRIVATE tessera::metalium)",
                name);
  tsr_emit_reopen(emit, "else()");
  tsr_emit_stmt(emit, "find_package(TT-Metalium REQUIRED)");
  tsr_emit_stmt(emit, "target_link_libraries(%s PRIVATE TT::Metalium)", name);
  tsr_emit_close(emit);
  tsr_emit_finish(emit, tsr_artifacts_add(out, "CMakeLists.txt"));
  tsr_emit_destroy(emit);
  return TSR_OK;
}

tsr_result tsr_backend_print_all(const tsr_emit_request *request,
                                 tsr_diag *diag, tsr_artifacts *out) {
  tsr_result result = tsr_backend_print_kernels(request, diag, out);
  if (tsr_backend_print_host(request, diag, out) != TSR_OK)
    result = TSR_FAILED;
  if (tsr_backend_print_cmake(request, diag, out) != TSR_OK ||
      tsr_backend_print_plan(request, diag, out) != TSR_OK)
    result = TSR_FAILED;
  return result;
}
