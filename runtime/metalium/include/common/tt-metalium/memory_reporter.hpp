// tt-metal has reports of memory here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: memory_reporter.hpp"
