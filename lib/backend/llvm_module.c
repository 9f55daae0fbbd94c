// Finding and opening the module that holds LLVM.

#include "tessera/llvm_module.h"

#include "tessera/support.h"
#include "tessera/version.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

static const char file[] = "/lib/tessera/tessera_llvm.so";

// More than LLVM and what it needs take of addresses.
enum { LOADED_BYTES = 256 << 20 };

// The loader says in words that there is no memory for itself, and of files
// that it cannot map not why.
static void check_memory(const char *message) {
  if (!tsr_mem_has(LOADED_BYTES))
    tsr_mem_exhausted(LOADED_BYTES);
  const char *why = strerror(ENOMEM);
  size_t size = strlen(message), why_size = strlen(why);
  if (size >= why_size && strcmp(message + size - why_size, why) == 0)
    tsr_mem_exhausted(0);
}

// bin/ and lib/ stand side by side, in the build tree as in an installation.
static bool find_module(tsr_buffer *out) {
  if (!tsr_append_root(out))
    return false;
  tsr_buffer_append_str(out, file);
  return access(tsr_buffer_str(out), R_OK) == 0;
}

static const tsr_llvm_module *open_module(const char *path,
                                          tsr_buffer *out_message) {
  void *library = tsr_llvm_open_library(path);
  const tsr_llvm_module *table =
      library ? dlsym(library, "tsr_llvm_module_table") : NULL;
  if (!table) {
    const char *why = dlerror();
    check_memory(why ? why : strerror(ENOMEM));
    tsr_buffer_printf(out_message,
                      "LLVM 19 cannot be used: %s; is libllvm19 installed?",
                      why);
    return NULL;
  }
  if (strcmp(table->version, TSR_VERSION) != 0) {
    tsr_buffer_printf(out_message, "%s is of version %s, not " TSR_VERSION,
                      path, table->version);
    return NULL;
  }
  table->set_host(&tsr_llvm_own_host);
  return table;
}

static const tsr_llvm_module *find_and_open(tsr_buffer *out_message) {
  const tsr_llvm_module *opened = NULL;
  tsr_buffer path;
  tsr_buffer_init(&path);
  if (find_module(&path))
    opened = open_module(tsr_buffer_str(&path), out_message);
  else
    tsr_buffer_printf(out_message,
                      "this build has no LLVM (there is no %s): install "
                      "llvm-19-dev, then configure and build again",
                      path.size ? tsr_buffer_str(&path) : file + 1);
  tsr_buffer_deinit(&path);
  return opened;
}

// Opened once, by whichever thread is first, and never closed.
const tsr_llvm_module *tsr_llvm_open(tsr_buffer *out_message) {
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  static const tsr_llvm_module *opened;
  pthread_mutex_lock(&mutex);
  if (!opened)
    opened = find_and_open(out_message);
  const tsr_llvm_module *result = opened;
  pthread_mutex_unlock(&mutex);
  return result;
}

tsr_result tsr_llvm_load(tsr_buffer *out_message) {
  return tsr_llvm_open(out_message) ? TSR_OK : TSR_FAILED;
}

tsr_result tsr_backend_print_llvm(const tsr_emit_request *request,
                                  tsr_diag *diag, tsr_artifacts *out) {
  tsr_buffer message;
  tsr_buffer_init(&message);
  const tsr_llvm_module *llvm = tsr_llvm_open(&message);
  if (!llvm)
    tsr_diag_error(diag, request->host, TSR_DIAG(llvm_missing),
                   tsr_buffer_str(&message));
  tsr_buffer_deinit(&message);
  return llvm ? llvm->print(request, diag, out) : TSR_FAILED;
}
