// What the clock found, for people and for programs: a report of where the time
// of each program went, and a trace that draws it.
//
// Both listen to a clock. Nothing in them depends on the machine or the hour:
// equal runs print equal bytes.

#ifndef TESSERA_TIMING_H
#define TESSERA_TIMING_H

#include "tessera/buffer.h"
#include "tessera/clock.h"
#include "tessera/target.h"

TSR_BEGIN_DECLS

struct cJSON;

// -- Report -------------------------------------------------------------------

typedef struct tsr_timing tsr_timing;

// Collects what `clock` tells from now on.
//
// in     `target`: copied
// fails  NULL: the clock has as many listeners as it can tell
// owns   destroy with tsr_timing_destroy, after the clock ran last
tsr_timing *tsr_timing_create(const tsr_target *target, tsr_clock *clock);
void tsr_timing_destroy(tsr_timing *dead);

// Text of several lines for each program.
void tsr_timing_print(const tsr_timing *timing, tsr_buffer *out);

// The same and more: every thread, bank and link. Times are in cycles, with the
// fractions that they have.
//
// owns   the caller, who frees with cJSON_Delete
struct cJSON *tsr_timing_to_json(const tsr_timing *timing);

// -- Trace --------------------------------------------------------------------

typedef struct tsr_trace tsr_trace;

// Writes what `clock` tells from now on as Chrome trace events, which Perfetto
// opens: one process per core, one track per thread of it, a span per call and
// stall, counters for bytes and for what circular buffers hold.
//
// Events go to an unnamed file first; `path` gets them all at once, or none. So
// an interrupted run leaves nothing behind.
//
// in     `path`: "-" is standard output
// fails  NULL: no file can be made there; `out_message` says why
// owns   destroy with tsr_trace_destroy, after the clock ran last
tsr_trace *tsr_trace_create(const tsr_target *target, const char *path,
                            tsr_clock *clock, tsr_buffer *out_message);

// Puts the file in its place.
// fails  it cannot be written; `out_message` says why
TSR_MUST_USE tsr_result tsr_trace_finish(tsr_trace *trace,
                                         tsr_buffer *out_message);
void tsr_trace_destroy(tsr_trace *dead);

TSR_END_DECLS

#endif
