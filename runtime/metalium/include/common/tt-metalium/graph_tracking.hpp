// tt-metal has records of what a host calls here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: graph_tracking.hpp"
