// Compiled kernels, kept between runs in ${XDG_CACHE_HOME:-~/.cache}/tessera,
// or TESSERA_CACHE.

#ifndef TESSERA_RUNTIME_CACHE_HPP
#define TESSERA_RUNTIME_CACHE_HPP

#include "compiler.hpp"

namespace tessera {

// Sets `job.object` to the place that goes with the kernel's text, the headers
// it includes, the compiler and its flags. True when it is there already.
bool find_cached(const compiler &with, compile_job &job);

} // namespace tessera

#endif
