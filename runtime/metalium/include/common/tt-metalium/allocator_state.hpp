// tt-metal has the allocator's state here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: allocator_state.hpp"
