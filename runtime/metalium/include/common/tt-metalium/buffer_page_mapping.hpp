// tt-metal has maps of pages to cores here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: buffer_page_mapping.hpp"
