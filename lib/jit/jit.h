// What the files of the JIT share.

#ifndef TESSERA_LIB_JIT_H
#define TESSERA_LIB_JIT_H

#include "tessera/buffer.h"
#include "tessera/llvm_build.h"
#include "tessera/llvm_module.h"

#include <llvm-c/Core.h>
#include <llvm-c/TargetMachine.h>

// The machine that kernels are compiled for: this one.
typedef struct host_machine {
  LLVMTargetRef target;
  char *triple, *cpu, *features; // LLVM's strings
} host_machine;

// A kernel on its way to machine code; each has a context of its own, so that
// several can be on theirs at once.
typedef struct unit {
  const tsr_op *kernel;
  LLVMContextRef context;
  LLVMModuleRef module;
  tsr_buffer path;            // of its object in the cache
  LLVMMemoryBufferRef object; // machine code
  char *error;                // LLVM's string, if it failed
} unit;

// -- compile.c ----------------------------------------------------------------

// fails  this LLVM does not know this machine; `*out_error` is LLVM's string
tsr_result host_machine_init(host_machine *host, char **out_error);
void host_machine_deinit(host_machine *host);

// What the machine code depends on besides the kernel: compiler, machine, ways.
void print_identity(const host_machine *host, tsr_buffer *out);

// Turns the modules of the units that have no object yet into machine code, on
// all processors.
void compile_units(const host_machine *host, unit *units, size_t count);

// -- cache.c ------------------------------------------------------------------

// Takes the unit's object from the cache, if it is there, and notes its place.
void cache_find(unit *u, const tsr_buffer *identity);
// Puts the unit's object there. One that cannot be written is compiled again by
// the next run: nothing else is lost.
void cache_store(const unit *u);

#endif
