// What every compute header includes.

#ifndef TESSERA_API_COMPUTE_COMMON_GLOBALS_H
#define TESSERA_API_COMPUTE_COMMON_GLOBALS_H

#include "tessera_metalium/compute.h"

#endif
