// tt-metal has the NoC as an object here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: noc.h"
