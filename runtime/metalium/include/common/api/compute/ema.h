// tt-metal has moving averages here. The model does not: docs/model.md,
// "Surface".
#pragma once
#error "outside of the model's surface: ema.h"
