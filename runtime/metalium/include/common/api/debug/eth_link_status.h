// tt-metal has the state of Ethernet links here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: eth_link_status.h"
