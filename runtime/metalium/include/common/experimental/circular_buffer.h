// tt-metal has circular buffers as objects here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: circular_buffer.h"
