// tt-metal has buffers of several hosts here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: distributed_host_buffer.hpp"
