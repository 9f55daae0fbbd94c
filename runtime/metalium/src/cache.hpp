// Compiled kernels, kept between runs in ${XDG_CACHE_HOME:-~/.cache}/tessera,
// or TESSERA_CACHE.

#ifndef TESSERA_RUNTIME_CACHE_HPP
#define TESSERA_RUNTIME_CACHE_HPP

#include "compiler.hpp"

namespace tessera {

// Sets `object` of each job to a shared object that goes with its preprocessed
// text, the compiler and its flags: one from an earlier run that is whole, or a
// compiled one, which is kept where the cache can be written to. Ends the
// process when one does not compile.
void find_or_compile(const compiler &with,
                     const std::vector<compile_job *> &jobs);

} // namespace tessera

#endif
