// tt-metal has a cache of programs here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: program_cache.hpp"
