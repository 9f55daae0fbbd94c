// What kernels of norms include.

#ifndef TESSERA_API_COMPUTE_LAYERNORM_H
#define TESSERA_API_COMPUTE_LAYERNORM_H

#include "api/compute/compute_kernel_api.h"
#include "api/compute/eltwise_unary/rsqrt.h"

#endif
