// The end of memory within LLVM, which by itself would abort: for as long as a
// thread is there, it ends the program as it does everywhere.

#ifndef TESSERA_LLVM_MEMORY_H
#define TESSERA_LLVM_MEMORY_H

#include "tessera/memory.h"

#ifdef __cplusplus
extern "C" {
#endif

// What the module that has LLVM needs of the program that opened it: it has a
// memory.h of its own, and what is half done is known to the other one.
typedef struct tsr_llvm_host {
  void (*enter)(void); // LLVM is called between these, also within each other
  void (*leave)(void);
  bool (*is_inside)(void);         // this thread is between them
  void (*exhausted)(size_t bytes); // tsr_mem_exhausted
  tsr_undo *(*undo_list)(void);
  void (*undo_adopt)(tsr_undo *list);
} tsr_llvm_host;

// Of the program.
extern const tsr_llvm_host tsr_llvm_own_host;

// dlopen of a library that brings LLVM along, which takes memory for itself.
//
// out    NULL: it cannot be opened; `*lacks_memory` says if that is for want of
//        memory
void *tsr_llvm_open_library(const char *path, bool *lacks_memory);

// -- Within the module --------------------------------------------------------

// Before anything else here is called.
void tsr_llvm_set_host(const tsr_llvm_host *host);

// Around what calls LLVM, also within each other.
void tsr_llvm_enter(void);
void tsr_llvm_leave(void);

// For a thread that works for another one, which waits for it: `list` is the
// other one's tsr_llvm_undo_list.
tsr_undo *tsr_llvm_undo_list(void);
void tsr_llvm_enter_for(tsr_undo *list);

#ifdef __cplusplus
}
#endif

#endif
