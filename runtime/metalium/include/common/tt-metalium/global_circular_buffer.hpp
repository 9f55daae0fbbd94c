// tt-metal has circular buffers of several cores here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: global_circular_buffer.hpp"
