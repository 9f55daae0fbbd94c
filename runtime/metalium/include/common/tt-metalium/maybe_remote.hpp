// tt-metal has values of other hosts here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: maybe_remote.hpp"
