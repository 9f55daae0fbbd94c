// tt-metal has access to other devices here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: udm_api.hpp"
