// tt-metal has prints of the engine's registers here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: dprint_tensix.h"
