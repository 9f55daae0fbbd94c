// tt-metal has quantization here. The model does not: docs/model.md,
// "Surface".
#pragma once
#error "outside of the model's surface: quantization.h"
