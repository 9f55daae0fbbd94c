// LLVM takes memory from operator new, whose handler is the whole process's.
// The C++ library that has it comes with LLVM; it is opened first, as LLVM
// takes memory already while it is loaded. C++ has no name for the handler that
// C could call, so it is looked up by the one that linkers know.

#include "tessera/llvm_memory.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

typedef void new_handler(void);
typedef new_handler *new_handler_setter(new_handler *);

enum {
  THREAD_BYTES = 16 << 10,
  LOADED_BYTES = 256 << 20 // more than LLVM and what it needs take of addresses
};

static new_handler_setter *set_handler; // NULL: another C++ library
static _Atomic(new_handler *) others;
static _Thread_local unsigned depth;

// Other code of the process has the handler that it had, or an exception.
static void no_memory(void) {
  if (depth)
    tsr_mem_exhausted(0);
  new_handler *other = atomic_load(&others);
  if (other)
    other();
  else
    set_handler(NULL);
}

static void find_setter(void) {
  void *library = dlopen("libstdc++.so.6", RTLD_NOW | RTLD_LOCAL);
  union {
    void *symbol;
    new_handler_setter *call;
  } found = {library ? dlsym(library, "_ZSt15set_new_handlerPFvvE") : NULL};
  set_handler = found.symbol ? found.call : NULL;
}

static void enter(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, find_setter);
  if (depth++ > 0)
    return;
  // LLVM's variables of this thread get memory when they are first read; where
  // there is none, the C library ends the program in its own way. So it is seen
  // before, while all of it is unused, whether there is any.
  tsr_mem_resize(tsr_mem_resize(NULL, THREAD_BYTES), 0);
  if (!set_handler)
    return;
  // Somebody may have set another one meanwhile.
  new_handler *other = set_handler(no_memory);
  if (other != no_memory)
    atomic_store(&others, other);
}

static void leave(void) { depth--; }

static bool is_inside(void) { return depth > 0; }

const tsr_llvm_host tsr_llvm_own_host = {.enter = enter,
                                         .leave = leave,
                                         .is_inside = is_inside,
                                         .exhausted = tsr_mem_exhausted,
                                         .undo_list = tsr_undo_list,
                                         .undo_adopt = tsr_undo_adopt};

// Before LLVM can be told of a handler for what malloc does not give, it says
// that there is no memory and aborts.
static void on_abort(int number) {
  if (depth)
    tsr_mem_exhausted(0);
  signal(number, SIG_DFL);
}

// The loader says why it failed in words only, and of files that it cannot map
// not even that; but malloc says it to all.
void *tsr_llvm_open_library(const char *path, bool *lacks_memory) {
  struct sigaction action = {.sa_handler = on_abort}, before;
  sigemptyset(&action.sa_mask);
  enter();
  sigaction(SIGABRT, &action, &before);
  errno = 0;
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  *lacks_memory = !library && (errno == ENOMEM || !tsr_mem_has(LOADED_BYTES));
  sigaction(SIGABRT, &before, NULL);
  leave();
  return library;
}
