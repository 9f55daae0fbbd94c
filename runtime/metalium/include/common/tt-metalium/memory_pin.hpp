// tt-metal has pinned memory here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: memory_pin.hpp"
