// tt-metal has buffers of the host here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: host_buffer.hpp"
