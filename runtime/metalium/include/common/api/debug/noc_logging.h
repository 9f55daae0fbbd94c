// tt-metal has a log of transfers here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: noc_logging.h"
