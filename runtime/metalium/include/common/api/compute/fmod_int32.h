// What binary_fmod.h was called until spring 2026.

#ifndef TESSERA_API_COMPUTE_FMOD_INT32_H
#define TESSERA_API_COMPUTE_FMOD_INT32_H

#include "api/compute/binary_fmod.h"

#endif
