// Part of noc.h.

#ifndef TESSERA_2026_09_API_TENSOR_NOC_TRAITS_H
#define TESSERA_2026_09_API_TENSOR_NOC_TRAITS_H

#include "tessera_metalium/noc_objects.h"

#endif
