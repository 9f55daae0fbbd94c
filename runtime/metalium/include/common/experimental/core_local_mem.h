// tt-metal has memory of a core as an object here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: core_local_mem.h"
