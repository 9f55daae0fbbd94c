// What most compute kernels need: arguments, circular buffers, DST, pack.

#ifndef TESSERA_API_COMPUTE_COMMON_H
#define TESSERA_API_COMPUTE_COMMON_H

#include "api/compute/cb_api.h"
#include "api/compute/compute_kernel_hw_startup.h"
#include "api/compute/pack.h"
#include "api/compute/reconfig_data_format.h"
#include "api/compute/reg_api.h"
#include "tessera_metalium/compute.h"
#include "tools/profiler/kernel_profiler.hpp"

#endif
