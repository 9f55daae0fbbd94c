// Marks that the chip's watcher reads; the model's reports say where a kernel
// is.

#ifndef TESSERA_API_DEBUG_WAYPOINT_H
#define TESSERA_API_DEBUG_WAYPOINT_H

#define WAYPOINT(text) static_cast<void>(sizeof(text))

#endif
