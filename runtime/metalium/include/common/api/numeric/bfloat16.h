// tt-metal has arithmetic on bf16 here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: bfloat16.h"
