// tt-metal has semaphores as objects here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: noc_semaphore.h"
