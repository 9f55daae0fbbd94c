// tt-metal has iterators over a shard's pages here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: shard_pages_address_iterator.h"
