// The time until a program calls one of its own functions for the first time.

#ifndef TESSERA_BENCH_FIRST_CALL_H
#define TESSERA_BENCH_FIRST_CALL_H

#include <stdbool.h>
#include <sys/types.h>

// Starts a command under the tracer, ends it where it calls `function`, and
// says when that was.
//
// out    false, with a message on stderr, when there is no such function or
//        the program ends without having called it
bool first_call(char *const *arguments, const char *function,
                double *out_microseconds);

#endif
