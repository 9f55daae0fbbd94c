// What kernels of softmax include.

#ifndef TESSERA_API_COMPUTE_SOFTMAX_H
#define TESSERA_API_COMPUTE_SOFTMAX_H

#include "api/compute/eltwise_unary/exp.h"
#include "api/compute/eltwise_unary/recip.h"

#endif
