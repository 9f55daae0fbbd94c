// tt-metal has sockets between devices here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: socket_api.h"
