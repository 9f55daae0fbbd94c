// tt-metal has locks here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: lock.h"
