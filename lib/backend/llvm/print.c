// The row `llvm` of backends.def: all kernels of a function in one file.

#include "tessera/backend.h"
#include "tessera/llvm_build.h"
#include "tessera/llvm_module.h"
#include "tessera/vector.h"

#include <llvm-c/Core.h>

#include <string.h>

static void find_kernels(const tsr_op *program, tsr_vec *out) {
  const tsr_block *body = tsr_op_block(program, 0);
  for (tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_kernel))
      tsr_vec_append(out, op);
}

// The kernels of the programs that the request allows.
static void list_kernels(const tsr_emit_request *request, tsr_arena *scratch,
                         tsr_vec *out) {
  size_t count = tsr_host_programs(request->host, NULL, 0);
  const tsr_op **programs = TSR_NEW_ARRAY(scratch, const tsr_op *, count + 1);
  tsr_host_programs(request->host, programs, count);
  for (size_t i = 0; i < count; i++) {
    const char *name = tsr_op_get_text(programs[i], "name");
    if (!request->program || strcmp(request->program, name) == 0)
      find_kernels(programs[i], out);
  }
}

static tsr_result print_module(const tsr_emit_request *request,
                               const tsr_vec *kernels, tsr_diag *diag,
                               tsr_buffer *out) {
  LLVMContextRef context = LLVMContextCreate();
  LLVMModuleRef module =
      tsr_llvm_build(context, tsr_op_get_text(request->host, "name"),
                     (const tsr_op *const *)kernels->data, kernels->size, diag);
  if (module) {
    char *text = tsr_mem_check(LLVMPrintModuleToString(module));
    tsr_buffer_append_str(out, text);
    LLVMDisposeMessage(text);
    LLVMDisposeModule(module);
  }
  LLVMContextDispose(context);
  return module ? TSR_OK : TSR_FAILED;
}

tsr_result tsr_llvm_print(const tsr_emit_request *request, tsr_diag *diag,
                          tsr_artifacts *out) {
  tsr_llvm_enter();
  tsr_arena scratch;
  tsr_arena_init(&scratch);
  tsr_vec kernels;
  tsr_vec_init(&kernels, &scratch);
  list_kernels(request, &scratch, &kernels);
  const char *path = tsr_arena_printf(&scratch, "%s.ll",
                                      tsr_op_get_text(request->host, "name"));
  tsr_result result =
      print_module(request, &kernels, diag, tsr_artifacts_add(out, path));
  tsr_arena_deinit(&scratch);
  tsr_llvm_leave();
  return result;
}
