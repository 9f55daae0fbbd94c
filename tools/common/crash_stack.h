// The stack of a program that crashes, with names.
#ifndef TESSERA_TOOLS_CRASH_STACK_H
#define TESSERA_TOOLS_CRASH_STACK_H

// Writes the calling thread's stack to stderr, innermost first. For handlers of
// signals: allocates nothing.
void crash_say_stack(void);

#endif
