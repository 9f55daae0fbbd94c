// tt-metal has arithmetic on integers here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: int32.h"
