// Memory that cannot live in an arena, and what happens when there is none
// left.
//
// Running out of memory ends the program, in one place: nobody checks for NULL.
// What is half done then is undone first, so that no file is left half written,
// or beside its place. A program that is more than a tool says itself what
// comes then (tsr_mem_set_handler).

#ifndef TESSERA_MEMORY_H
#define TESSERA_MEMORY_H

#include "tessera/base.h"

TSR_BEGIN_DECLS

// realloc for what cannot live in an arena; `bytes` 0 frees and returns NULL.
//
// fails  out of memory ends the program
// owns   the caller, who releases with tsr_mem_resize(data, 0)
void *tsr_mem_resize(void *data, size_t bytes);

// Memory that holds zeros; pages of it that nobody writes cost nothing.
//
// fails  out of memory ends the program
// owns   the caller, who releases with tsr_mem_resize(data, 0)
void *tsr_mem_zeroed(size_t count, size_t item_bytes);

// Undoes what is half done, calls the thread's handler, if it has one, says
// that there is no memory for `bytes` (0: for something of unknown size), and
// ends the program with exit code 1. What stdout still holds is not written.
TSR_NORETURN void tsr_mem_exhausted(size_t bytes);

// True if there is memory for `bytes` in one piece, for who would rather say
// than end what it is that takes so much.
bool tsr_mem_has(uint64_t bytes);

// Returns `made`, what a function of another library returned that gives NULL
// when it is out of memory; never NULL.
//
// fails  NULL ends the program, as out of memory does
void *tsr_mem_check(void *made);

// -- Instead of ending --------------------------------------------------------

// Called when there is no memory for `bytes` (0: for something of unknown
// size), after files that are half written were taken away. It may leave with
// longjmp, or end the program in its own way; when it returns, the program ends
// as if there were none.
//
// After a longjmp:
// - what was an argument of the call that was left (context, module, diag,
//   buffer, registry) is good for being destroyed only. What that call was
//   making, a module that was being parsed say, and what it needed for itself
//   is lost: some blocks of memory, and the descriptor of a file that it read.
//   A C++ exception must not be thrown through the library, which is C.
// - everything else goes on as before, and new contexts work.
// - this is so for reading, building, passes, printing and destroying. Running
//   programs (interp.h, sim.h) and printing LLVM IR have threads, stacks and
//   locks of their own; there the handler must end the program.
typedef void tsr_mem_handler(void *user, size_t bytes);

// Has this thread, and no other one, call `handler`; NULL: none, as at first.
void tsr_mem_set_handler(tsr_mem_handler *handler, void *user);

// -- Half done things ---------------------------------------------------------

// How something is undone that must not stay half done: a file under a name
// that it does not keep, say. A thread has as many as it likes at a time.
typedef struct tsr_undo {
  void (*run)(void *user);
  void *user;
  struct tsr_undo *outer;
} tsr_undo;

// From here on, running out of memory in this thread calls `run`, innermost
// first. `undo` must stay where it is up to tsr_undo_end, in whatever order.
void tsr_undo_begin(tsr_undo *undo, void (*run)(void *user), void *user);
void tsr_undo_end(tsr_undo *undo);

// What this thread has begun, innermost first; NULL: nothing.
tsr_undo *tsr_undo_list(void);
// Has this thread undo what another one has begun that waits for it meanwhile;
// NULL: nothing any more.
//
// in     `list`: the other thread's tsr_undo_list
void tsr_undo_adopt(tsr_undo *list);

TSR_END_DECLS

#endif
