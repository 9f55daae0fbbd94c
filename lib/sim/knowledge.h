// What cores know of what others did.
//
// A core counts steps: a step ends with a write that it begins. What it did
// belongs to the step it is in, and who has heard of that step's write, or of a
// later one, knows of it; so does whoever heard from such a core. That
// something happens to be done is not enough: on the chip, whoever does not ask
// may be faster.
//
// Private to lib/sim.

#ifndef TESSERA_LIB_SIM_KNOWLEDGE_H
#define TESSERA_LIB_SIM_KNOWLEDGE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct core core;
typedef struct thread thread;
typedef struct posted posted;

// Up to which step of each core something is known; shared by who holds it, and
// changed by nobody while several do.
typedef struct knowledge knowledge;

// What a core told: that it was in a step, and what it knew then.
typedef struct stamp {
  uint32_t core;
  uint64_t step;
  knowledge *known; // NULL: of nobody
} stamp;

// The step that `on` is in.
uint64_t current_step(const core *on);

// What a write of `on` tells that begins now, and ends the step.
// owns   the caller, who ends with stamp_drop
stamp stamp_write(core *on);
stamp stamp_copy(const stamp *by);
void stamp_drop(stamp *by);

// `on` has heard `by`.
void learn(core *on, const stamp *by);
// Between epochs: `on` has seen something in the memory of `at`.
void learn_by_look(core *on, core *at);
// What both tell, in `io_by`.
void stamp_join(stamp *io_by, const stamp *other, uint32_t core_count);

// True when what core `of` did in that step is known.
bool knows_step(const knowledge *known, uint32_t of, uint64_t step);

void forget_knowledge(core *on);

#endif
