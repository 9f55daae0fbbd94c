// tt-metal has descriptions of programs here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: program_descriptors.hpp"
