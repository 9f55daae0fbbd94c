// A program that has the library for itself alone, and plug-ins in it.

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tessera/registry.h"

// ISO C has no conversion from an object pointer to a function.
static void find(void *library, const char *name, void *out_function) {
  void *symbol = dlsym(library, name);
  memcpy(out_function, &symbol, sizeof(symbol));
}

int main(int argc, char **argv) {
  void *library = argc == 3 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
  if (!library)
    return 2;
  tsr_registry *(*create)(void);
  tsr_diag *(*create_diag)(void);
  tsr_result (*load)(tsr_registry *, const char *, tsr_diag *);
  void (*add_builtin)(tsr_registry *);
  const tsr_pass *(*find_pass)(const tsr_registry *, const char *);
  void (*destroy)(tsr_registry *);
  void (*destroy_diag)(tsr_diag *);
  find(library, "tsr_registry_create", &create);
  find(library, "tsr_diag_create", &create_diag);
  find(library, "tsr_registry_load", &load);
  find(library, "tsr_registry_add_builtin", &add_builtin);
  find(library, "tsr_registry_find_pass", &find_pass);
  find(library, "tsr_registry_destroy", &destroy);
  find(library, "tsr_diag_destroy", &destroy_diag);
  tsr_registry *registry = create();
  tsr_diag *diag = create_diag();
  add_builtin(registry);
  tsr_result result = load(registry, argv[2], diag);
  bool is_there = find_pass(registry, "deepen-cbs") != NULL;
  printf("%s, %s\n", result == TSR_OK ? "loaded" : "refused",
         is_there ? "there" : "not there");
  destroy(registry);
  destroy_diag(diag);
  dlclose(library);
  return result == TSR_OK ? 0 : 1;
}
