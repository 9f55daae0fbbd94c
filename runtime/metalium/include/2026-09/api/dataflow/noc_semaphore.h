// A semaphore as an object.

#ifndef TESSERA_2026_09_API_DATAFLOW_NOC_SEMAPHORE_H
#define TESSERA_2026_09_API_DATAFLOW_NOC_SEMAPHORE_H

#include "tessera_metalium/noc_semaphore.h"

#endif
