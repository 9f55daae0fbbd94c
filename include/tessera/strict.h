// How strict the model of the chip is.
#ifndef TESSERA_STRICT_H
#define TESSERA_STRICT_H

#include "tessera/base.h"

TSR_BEGIN_DECLS

// What happens when a kernel breaks a rule that the chip does not enforce: it
// is ignored, said, or ends the program (the default).
typedef enum tsr_sim_strict {
  TSR_SIM_STRICT_ERROR,
  TSR_SIM_STRICT_WARN,
  TSR_SIM_STRICT_OFF
} tsr_sim_strict;

TSR_END_DECLS

#endif
