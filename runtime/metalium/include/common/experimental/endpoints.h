// tt-metal has ends of transfers as objects here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: endpoints.h"
