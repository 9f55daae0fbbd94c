// RUN: %program
// A multicast of a word comes to each target when its head gets there: the
// links between two cores are so many hops.

#include "play.h"

enum { WORD = 64 };

static void await_word(size_t thread) {
  record(thread, (tsr_clock_event){.kind = TSR_CLOCK_SEMAPHORE_WAIT,
                                   .semaphore = {.address = WORD, .value = 1}});
}

int main(void) {
  static play p;
  play_begin(&p, "n150");
  size_t sender = play_thread(play_core(&p, 0, 0), 0);
  size_t near = play_thread(play_core(&p, 1, 0), 0);
  size_t far = play_thread(play_core(&p, 7, 0), 0);
  record(sender, (tsr_clock_event){.kind = TSR_CLOCK_MULTICAST,
                                   .noc = {.bytes = 4,
                                           .x1 = 7,
                                           .has_value = true,
                                           .address = WORD,
                                           .value = 1}});
  barrier(sender, TSR_CLOCK_WRITE_BARRIER, 0);
  await_word(near);
  await_word(far);
  play_end();
  double hops = p.target.worker_physical_x[7] - p.target.worker_physical_x[1];
  double hop = p.target.noc_hop_millicycles / 1000.0;
  expect("from the second core to the last", p.cycles[far] - p.cycles[near],
         hops * hop, 1);
  check("the sender hears of the last one", p.cycles[sender] > p.cycles[far]);
  return failures != 0;
}
