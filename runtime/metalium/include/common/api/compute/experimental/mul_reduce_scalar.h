// tt-metal has experimental calls here. The model does not: docs/model.md,
// "Surface".
#pragma once
#error "outside of the model's surface: mul_reduce_scalar.h"
