// tt-metal has the watcher's ring buffer here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: ring_buffer.h"
