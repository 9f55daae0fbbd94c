// What LLVM takes from malloc, it says itself that there is none. That this can
// be told is no part of its C interface, so the function is called by the name
// that it has in C++.

// For RTLD_DEFAULT, which glibc takes for an extension.
#define _GNU_SOURCE 1

#include "tessera/llvm_memory.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

typedef void bad_alloc_handler(void *user, const char *reason, bool crashes);
typedef void bad_alloc_setter(bad_alloc_handler *, void *user);

static const tsr_llvm_host *host;

void tsr_llvm_set_host(const tsr_llvm_host *given) { host = given; }

// As LLVM by itself, where it is not we who called it.
static void no_memory(void *user, const char *reason, bool crashes) {
  static const char text[] = "LLVM ERROR: out of memory\n";
  (void)user;
  (void)reason;
  (void)crashes;
  if (host->is_inside())
    tsr_mem_exhausted(0);
  (void)!write(STDERR_FILENO, text, sizeof text - 1);
  abort();
}

static void set_handler(void) {
  union {
    void *symbol;
    bad_alloc_setter *call;
  } found = {dlsym(RTLD_DEFAULT, "_ZN4llvm31install_bad_alloc_error_handler"
                                 "EPFvPvPKcbES0_")};
  if (found.symbol)
    found.call(no_memory, NULL);
}

static void end_in_host(void *user, size_t bytes) {
  (void)user;
  host->exhausted(bytes);
}

void tsr_llvm_enter(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  host->enter();
  tsr_mem_set_handler(end_in_host, NULL);
  pthread_once(&once, set_handler);
}

void tsr_llvm_leave(void) { host->leave(); }

tsr_undo *tsr_llvm_undo_list(void) { return host->undo_list(); }

void tsr_llvm_enter_for(tsr_undo *list) {
  host->undo_adopt(list);
  tsr_llvm_enter();
}
