// The object form of the NoC API.

#ifndef TESSERA_2026_08_API_DATAFLOW_NOC_H
#define TESSERA_2026_08_API_DATAFLOW_NOC_H

#include "tessera_metalium/noc_objects.h"

#endif
