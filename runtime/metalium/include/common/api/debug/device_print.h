// The same as dprint.h, under its newer name.

#ifndef TESSERA_API_DEBUG_DEVICE_PRINT_H
#define TESSERA_API_DEBUG_DEVICE_PRINT_H

#include "api/debug/dprint.h"

#endif
