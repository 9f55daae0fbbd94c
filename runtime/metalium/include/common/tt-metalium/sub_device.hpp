// tt-metal has parts of a device here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: sub_device.hpp"
