// Stops a kernel until somebody at the host lets it go on, whom the model does
// not have: it goes on.

#ifndef TESSERA_API_DEBUG_PAUSE_H
#define TESSERA_API_DEBUG_PAUSE_H

#define PAUSE() static_cast<void>(0)

#endif
