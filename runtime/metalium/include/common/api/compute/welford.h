// tt-metal has running means and variances here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: welford.h"
