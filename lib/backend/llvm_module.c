// Finding and opening the module that holds LLVM.

#include "tessera/llvm_module.h"

#include "tessera/fingerprint.h"
#include "tessera/support.h"
#include "tessera/version.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

static const char file[] = "/lib/tessera/tessera_llvm.so";

static const char no_memory[] = "there is no memory to load LLVM 19";

// bin/ and lib/ stand side by side, in the build tree as in an installation.
static bool find_module(tsr_buffer *out) {
  if (!tsr_append_root(out))
    return false;
  tsr_buffer_append_str(out, file);
  return access(tsr_buffer_str(out), R_OK) == 0;
}

// The version stays the first field for ever.
static bool is_of_this_build(const char *path, const tsr_llvm_module *table,
                             tsr_buffer *out_message) {
  if (strcmp(table->version, TSR_VERSION) != 0) {
    tsr_buffer_printf(out_message, "%s is of version %s, not " TSR_VERSION,
                      path, table->version);
    return false;
  }
  if (strcmp(table->fingerprint, TSR_FINGERPRINT) != 0) {
    tsr_buffer_printf(out_message,
                      "%s was built of other sources than this tool: build or "
                      "install all of Tessera again",
                      path);
    return false;
  }
  return true;
}

static const tsr_llvm_module *open_module(const char *path,
                                          tsr_buffer *out_message) {
  bool lacks_memory;
  void *library = tsr_llvm_open_library(path, &lacks_memory);
  const tsr_llvm_module *table =
      library ? dlsym(library, "tsr_llvm_module_table") : NULL;
  if (!library && lacks_memory) {
    tsr_buffer_append_str(out_message, no_memory);
    return NULL;
  }
  if (!table) {
    tsr_buffer_printf(out_message,
                      "LLVM 19 cannot be used: %s; is libllvm19 installed?",
                      dlerror());
    return NULL;
  }
  if (!is_of_this_build(path, table, out_message))
    return NULL;
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

// Who asked for LLVM is left without; who would only rather have it goes on.
tsr_result tsr_llvm_load(tsr_buffer *out_message) {
  if (tsr_llvm_open(out_message))
    return TSR_OK;
  if (strcmp(tsr_buffer_str(out_message), no_memory) == 0)
    tsr_mem_exhausted(0);
  return TSR_FAILED;
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
