// tt-metal has experimental calls here. The model does not: docs/model.md,
// "Surface".
#pragma once
#error "outside of the model's surface: tile_move_copy_custom.h"
