// tt-metal has rows in another order here. The model does not: docs/model.md,
// "Surface".
#pragma once
#error "outside of the model's surface: reshuffle.h"
