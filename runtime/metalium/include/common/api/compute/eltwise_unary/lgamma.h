// tt-metal has the logarithm of the gamma function here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: lgamma.h"
