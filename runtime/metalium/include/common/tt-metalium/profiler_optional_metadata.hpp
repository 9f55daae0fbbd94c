// tt-metal has the profiler's data here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: profiler_optional_metadata.hpp"
