// tt-metal has reductions of blocks here. The model does not: docs/model.md,
// "Surface".
#pragma once
#error "outside of the model's surface: reduce_custom.h"
