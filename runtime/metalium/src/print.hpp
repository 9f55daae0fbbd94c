// What kernels print.

#ifndef TESSERA_RUNTIME_PRINT_HPP
#define TESSERA_RUNTIME_PRINT_HPP

#include "model.hpp"

namespace tessera {

// Lets `sim` print for the cores that the environment names, which are kept in
// `cores` as long as it lives. Throws when they cannot be read.
void print_for_cores(tsr_sim *sim, std::vector<tsr_sim_range> &cores);

} // namespace tessera

#endif
