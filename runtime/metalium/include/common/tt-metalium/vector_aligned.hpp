// tt-metal has aligned vectors here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: vector_aligned.hpp"
