// Kernels as LLVM IR: what backend 'llvm' prints and the JIT compiles.
//
// Opaque LLVM types, so that who only prints sees no header of LLVM.

#ifndef TESSERA_LLVM_BUILD_H
#define TESSERA_LLVM_BUILD_H

#include "tessera/diag.h"
#include "tessera/kernel_calls.h"
#include "tessera/sim.h"

#ifdef __cplusplus
extern "C" {
#endif

struct LLVMOpaqueContext;
struct LLVMOpaqueModule;

// Builds a module of the kernels, one function for each thread that runs one:
//   void @program.reader(ptr values, ptr places)
// for data movement, and @program.compute.unpack, .math and .pack.
//
// in     `kernels`: ops `kernel` that stand in programs; `name` of the module
// out    a verified module, for any machine; NULL if it failed. Every function
//        takes what the program's values are (int64_t each) and the places of
//        its ops (tsr_sim_where each): by their numbers, see
//        tsr_program_number_values and _ops; [0] is nothing and no place
// fails  an op without a row in kernel_ops.def, diagnosed on it
// owns   the caller disposes of the module
struct LLVMOpaqueModule *tsr_llvm_build(struct LLVMOpaqueContext *context,
                                        const char *name,
                                        const tsr_op *const *kernels,
                                        size_t kernel_count, tsr_diag *diag);

// Name of the function for one thread of a kernel. In `scratch`.
const char *tsr_llvm_function_name(const tsr_op *kernel,
                                   tsr_sim_processor processor,
                                   tsr_arena *scratch);

#ifdef __cplusplus
}
#endif

#endif
