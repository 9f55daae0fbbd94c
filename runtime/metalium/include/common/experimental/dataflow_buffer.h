// tt-metal has dataflow buffers here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: dataflow_buffer.h"
