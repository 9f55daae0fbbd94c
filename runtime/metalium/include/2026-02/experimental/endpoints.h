// Places that the NoC's object reads and writes.

#ifndef TESSERA_2026_02_EXPERIMENTAL_ENDPOINTS_H
#define TESSERA_2026_02_EXPERIMENTAL_ENDPOINTS_H

#include "experimental/noc.h"

namespace experimental {

using ::AllocatorBank;
using ::AllocatorBankType;
using ::MulticastEndpoint;
using ::UnicastEndpoint;

} // namespace experimental

#endif
