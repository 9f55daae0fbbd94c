// fmt, where it is installed (libfmt-dev): programs for tt-metal print with it
// and link fmt::fmt or -lfmt.

#ifndef TESSERA_TT_STL_FMT_HPP
#define TESSERA_TT_STL_FMT_HPP

#if __has_include(<fmt/core.h>)
#include <fmt/core.h>
#define TESSERA_HAS_FMT 1
#endif

#endif
