// tt-metal has early parts of its interface here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: inspector.hpp"
