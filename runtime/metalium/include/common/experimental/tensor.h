// tt-metal has tensors as objects here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: tensor.h"
