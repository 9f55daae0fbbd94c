// tt-metal has the profiler's types here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: profiler_types.hpp"
