// tt-metal has sums of integers over a tile (sfpu_reduce has them) here. The
// model does not.
#pragma once
#error "outside of the model's surface: sfpu_int_sum.h"
