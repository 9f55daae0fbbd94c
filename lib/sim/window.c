// L1 at the addresses that the chip knows it by. Kernels address it through the
// pointers that calls give them; but an L1 buffer's address comes from the
// host, and kernels make pointers of that, too. Those fault, and the core that
// runs then finds its own L1 there, until another core's turn.
//
// Only programs that have L1 buffers may; their cores run on one host thread.

#include "internal.h"

#include <sys/mman.h>
#include <unistd.h>

// What the system lets nobody map lies below, and nothing that programs use.
enum { WINDOW_FIRST = 64 * 1024 };

static size_t window_bytes(const tsr_sim *sim) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t end = (sim->target.l1_bytes + page - 1) & ~(page - 1);
  return end - WINDOW_FIRST;
}

static void *window_start(void) { return (void *)(uintptr_t)WINDOW_FIRST; }

static bool map_nothing(const tsr_sim *sim, int how) {
  void *got = mmap(window_start(), window_bytes(sim), PROT_NONE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | how, -1, 0);
  if (got == window_start())
    return true;
  if (got != MAP_FAILED)
    munmap(got, window_bytes(sim));
  return false;
}

void window_create(tsr_sim *sim) {
  sim->window.exists = map_nothing(sim, MAP_FIXED_NOREPLACE);
}

void window_destroy(tsr_sim *sim) {
  if (sim->window.exists)
    munmap(window_start(), window_bytes(sim));
}

bool window_may_open(const tsr_sim *sim) {
  return sim->window.exists && sim->memories[TSR_SIM_L1].count > 0;
}

bool is_in_window(const tsr_sim *sim, const void *address) {
  uintptr_t at = (uintptr_t)address;
  return at >= WINDOW_FIRST && at < sim->target.l1_bytes &&
         window_may_open(sim);
}

bool window_open(core *on, const void *address) {
  tsr_sim *sim = on->sim;
  if (!is_in_window(sim, address) || sim->window.shows == on)
    return false;
  // The same memory a second time.
  if (mremap(on->l1 + WINDOW_FIRST, 0, window_bytes(sim),
             MREMAP_MAYMOVE | MREMAP_FIXED, window_start()) == MAP_FAILED)
    return false;
  sim->window.shows = on;
  return true;
}

void window_close(tsr_sim *sim) {
  if (!sim->window.shows)
    return;
  sim->window.shows = NULL;
  if (!map_nothing(sim, MAP_FIXED))
    sim->window.exists = false;
}
