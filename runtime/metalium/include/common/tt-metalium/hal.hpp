// tt-metal has facts of the hardware here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: hal.hpp"
