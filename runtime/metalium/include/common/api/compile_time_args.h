// Compile-time arguments, which every kernel has.

#ifndef TESSERA_API_COMPILE_TIME_ARGS_H
#define TESSERA_API_COMPILE_TIME_ARGS_H

#include "tessera_metalium/kernel.h"

#endif
