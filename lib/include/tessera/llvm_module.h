// What needs LLVM: a module of its own, lib/tessera/tessera_llvm.so beside the
// tools, opened when it is asked for, so that nothing else loads LLVM.

#ifndef TESSERA_LLVM_MODULE_H
#define TESSERA_LLVM_MODULE_H

#include "tessera/backend.h"
#include "tessera/llvm_memory.h"

#ifdef __cplusplus
extern "C" {
#endif

struct tsr_sim_where;

// A compiled thread of a kernel; tsr_llvm_build says what it takes.
typedef void tsr_native_entry(const uint32_t *values,
                              const struct tsr_sim_where *places);

// A function that kernels call.
typedef struct tsr_native_symbol {
  const char *name;
  void (*address)(void);
} tsr_native_symbol;

// Compiled kernels of one program.
typedef struct tsr_native tsr_native;

typedef struct tsr_native_request {
  const tsr_op *program;
  const tsr_native_symbol *symbols; // for all of kernel_calls.def
  size_t symbol_count;
} tsr_native_request;

// The module's only symbol, tsr_llvm_module_table, is one of these.
typedef struct tsr_llvm_module {
  const char *version; // TSR_VERSION it was built with
  // TSR_FINGERPRINT, the same: what tool and module share is laid out by
  // headers, also of parts that nobody outside of the library sees.
  const char *fingerprint;

  // What the module does in its program when memory runs out. Called first.
  void (*set_host)(const tsr_llvm_host *host);

  // Prints LLVM IR: the row `llvm` of backends.def.
  tsr_backend_fn *print;

  // Compiles the kernels of a program, or takes them from the cache.
  //
  // fails  an op that has no form in LLVM IR, or LLVM does: reported to `diag`
  // owns   the caller destroys `*out`
  tsr_result (*compile)(const tsr_native_request *request, tsr_diag *diag,
                        tsr_native **out);
  void (*destroy)(tsr_native *native);
  // The code for a thread (a tsr_sim_processor) of a kernel of the program.
  tsr_native_entry *(*find)(const tsr_native *native, const tsr_op *kernel,
                            uint32_t processor);
} tsr_llvm_module;

// Opens the module, once.
//
// fails  NULL: it is not there or does not load; `out_message` gets why
const tsr_llvm_module *tsr_llvm_open(tsr_buffer *out_message);

tsr_backend_fn tsr_llvm_print;

#ifdef __cplusplus
}
#endif

#endif
