// --run: build a generated host program against the model and run it.
#ifndef TESSERA_TOOLS_TTC_RUN_H
#define TESSERA_TOOLS_TTC_RUN_H

#include <stddef.h>

// Builds main.cpp in `folder` with the host's C++ compiler (environment CXX,
// default c++) and runs it on the model of the chip.
//
// in     `metalium`: API profile the kernels were printed for; `target`: name
//        or JSON file of the chip to model; `args`: for the program
// out    the program's exit code; TSR_EXIT_INPUT when it could not be built or
//        did not end by itself, which is said on stderr
int ttc_run(const char *folder, const char *metalium, const char *target,
            char *const *args, size_t arg_count);

#endif
