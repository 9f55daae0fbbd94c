// tt-metal's other name of rsub.h.
#pragma once
#include "api/compute/eltwise_unary/rsub.h"
