// tt-metal has quotients of integers as floating point (div_int32_floor.h has
// integer ones) here. The model does not: docs/model.md,
// "Surface".
#pragma once
#error "outside of the model's surface: div_int32_sfpu.h"
