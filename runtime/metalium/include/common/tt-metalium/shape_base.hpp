// tt-metal has the base of shapes here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: shape_base.hpp"
