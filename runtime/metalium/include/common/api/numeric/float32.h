// tt-metal has arithmetic on fp32 here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: float32.h"
