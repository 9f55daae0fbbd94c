// Part of noc.h.

#ifndef TESSERA_2026_09_API_CORE_LOCAL_MEM_H
#define TESSERA_2026_09_API_CORE_LOCAL_MEM_H

#include "tessera_metalium/noc_objects.h"

#endif
