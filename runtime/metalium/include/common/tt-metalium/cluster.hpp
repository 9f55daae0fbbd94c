// tt-metal has clusters of devices here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: cluster.hpp"
