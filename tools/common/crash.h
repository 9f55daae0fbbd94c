// What is said, and done, when something crashes or runs out of memory.
#ifndef TESSERA_TOOLS_CRASH_H
#define TESSERA_TOOLS_CRASH_H

#include "tessera/compile.h"
#include "tessera/pass.h"

typedef struct crash_piece {
  const char *text;
  size_t bytes;
} crash_piece;

// Says what is in `text`, as a part of a line.
typedef void crash_say(const char *text);
// Says where the calling thread is, or nothing.
typedef void crash_place(crash_say *say);

// All of it is ready before.
typedef struct crash_context {
  const char *tool;
  const tsr_pass_env *env; // of the pass that runs; NULL: none does
  const char *stretch;     // of it; NULL: the pass itself
  // Where no pass runs.
  const char *doing; // "reading", unless the progress knows better
  const char *file;
  tsr_load_progress progress;
  // Says more of where that is, if that is known, in a handler of signals;
  // NULL: never.
  crash_place *place;
  // The reproducer.
  const char *path;     // NULL: none
  crash_piece saved[2]; // its text
} crash_context;

// Handles the signals that bugs raise, and the end of memory, until
// crash_disarm. One at a time.
void crash_arm(const crash_context *context);
void crash_disarm(void);

// What is done last when the tool crashes, but for showing the stack; NULL:
// nothing. `words` runs in a handler of signals.
void crash_set_last_words(void (*words)(void));

#endif
