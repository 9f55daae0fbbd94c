// What a kernel's author wrote, by its preprocessed text, and what its object
// leaves for others to define.

#ifndef TESSERA_RUNTIME_OUTSIDE_HPP
#define TESSERA_RUNTIME_OUTSIDE_HPP

#include "compiler.hpp"

#include <set>
#include <string>
#include <vector>

namespace tessera {

// The files of the job's text that are neither the compiler's, the standard
// library's nor the model's.
std::set<std::string> own_files(const compiler &with, const compile_job &job);

// Throws where one of `names`, the undefined symbols of the job's
// object, is neither the model's nor one that a processor of the chip has
// (kernel_symbols.def): the host's library would define it, and the kernel do
// what it cannot do on the chip. The message says where the kernel names it, if
// its preprocessed text shows that.
void check_names(const compiler &with, const compile_job &job,
                 const std::vector<std::string> &names);

} // namespace tessera

#endif
