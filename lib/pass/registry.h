// What only the loader of plug-ins does to a registry.
#ifndef TESSERA_LIB_PASS_REGISTRY_H
#define TESSERA_LIB_PASS_REGISTRY_H

#include "tessera/registry.h"

// Keeps a handle of dlopen, to be closed after the passes' data has ended.
void registry_keep_open(tsr_registry *registry, void *library);

#endif
