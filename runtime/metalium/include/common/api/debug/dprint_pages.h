// tt-metal has prints of pages here. The model does not:
// docs/model.md, "Surface".
#pragma once
#error "outside of the model's surface: dprint_pages.h"
