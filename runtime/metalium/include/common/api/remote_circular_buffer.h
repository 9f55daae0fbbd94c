// tt-metal has circular buffers of other cores here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: remote_circular_buffer.h"
