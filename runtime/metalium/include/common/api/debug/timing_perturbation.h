// tt-metal has delays for tests of timing here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: timing_perturbation.h"
