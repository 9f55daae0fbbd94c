// tt-metal has iterators over pages here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: pages_address_iterator.h"
