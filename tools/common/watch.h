// Looking into runs of passes, the same way in every tool that runs them: IR
// around passes, time, counters, memory, remarks, bisecting, reproducers,
// and what is said when the tool crashes in a pass, reading or printing.
//
// Nothing that was not asked for costs time.
#ifndef TESSERA_TOOLS_WATCH_H
#define TESSERA_TOOLS_WATCH_H

#include "cli.h"

#include "tessera/compile.h"

// The options, for tsr_cli.shared. The last one, --reproducer, is for tools
// without passes as well.
extern const tsr_cli_option tsr_watch_options[];
extern const size_t tsr_watch_option_count;

typedef struct tsr_watch tsr_watch;

// Starts watching as the command line asks for.
//
// in     `cli` must outlive the watch
// fails  NULL: what is wrong was said on stderr, `*out_exit_code` is set
// owns   the caller, who ends with tsr_watch_finish
tsr_watch *tsr_watch_create(const tsr_cli *cli, int *out_exit_code);

// Makes `run` be watched. What a failing pass leaves behind is noted in `diag`.
void tsr_watch_attach(tsr_watch *watch, tsr_diag *diag, tsr_run_options *run);

// What the tool reads, for what is said and saved if that or printing crashes.
// Both must outlive the watch's stretches.
void tsr_watch_source(tsr_watch *watch, const char *file, const char *text,
                      size_t bytes);

// For tsr_load_options.progress, within TSR_WATCH_READ.
tsr_load_progress *tsr_watch_progress(tsr_watch *watch);

// A stretch of the tool's own work, not around passes nor within another one.
typedef enum tsr_watch_work {
  TSR_WATCH_READ,
  TSR_WATCH_PREPARE,
  TSR_WATCH_RUN,
  TSR_WATCH_CHECK,
  TSR_WATCH_PRINT
} tsr_watch_work;
void tsr_watch_enter(tsr_watch *watch, tsr_watch_work work);
// What says more of where a stretch is when it crashes: writes whole lines with
// what it is given, in a handler of signals.
void tsr_watch_set_place(tsr_watch *watch,
                         void (*place)(void (*say)(const char *text)));
// Which piece of an input that is taken apart comes next, counted from 1: its
// reproducer has the number in its name. Returns an exit code: that name may be
// of something that was read, which was said on stderr then.
int tsr_watch_set_piece(tsr_watch *watch, size_t piece);
void tsr_watch_leave(tsr_watch *watch);

// Counts the ops of a module that is done with, if asked for.
void tsr_watch_count_ops(tsr_watch *watch, const tsr_module *module);

// Prints figures, writes the file of remarks, and ends. Returns an exit code:
// `exit_code`, or that a file could not be written. NULL is fine; a wrong
// command line is reported without figures.
int tsr_watch_finish(tsr_watch *watch, int exit_code);

// --print-locations.
bool tsr_watch_wants_locations(void);
// Not --verify-stage=off.
bool tsr_watch_verifies_stage(void);

#endif
