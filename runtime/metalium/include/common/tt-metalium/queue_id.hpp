// tt-metal has names of queues here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: queue_id.hpp"
