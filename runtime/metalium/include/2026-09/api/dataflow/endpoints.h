// Part of noc.h.

#ifndef TESSERA_2026_09_API_DATAFLOW_ENDPOINTS_H
#define TESSERA_2026_09_API_DATAFLOW_ENDPOINTS_H

#include "tessera_metalium/noc_objects.h"

#endif
