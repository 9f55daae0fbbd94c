// The target's numbers, in ticks.

#include "internal.h"

#include <string.h>

uint64_t clock_ticks(uint64_t millicycles) {
  return millicycles * TSR_CLOCK_TICKS / 1000;
}

uint64_t clock_transfer_ticks(uint64_t bytes, uint64_t rate) {
  return bytes * 1000 * TSR_CLOCK_TICKS / rate;
}

noc_costs clock_noc_costs(const tsr_target *target) {
  noc_costs made;
  memset(&made, 0, sizeof made);
  made.hop = clock_ticks(target->noc_hop_millicycles);
  uint64_t l1_write = clock_ticks(target->l1_write_issue_millicycles);
  uint64_t *read = made.issue[TSR_CLOCK_READ];
  read[TSR_CLOCK_L1] = clock_ticks(target->l1_read_issue_millicycles);
  read[TSR_CLOCK_DRAM] = clock_ticks(target->dram_read_issue_millicycles);
  uint64_t *write = made.issue[TSR_CLOCK_WRITE];
  write[TSR_CLOCK_L1] = l1_write;
  write[TSR_CLOCK_DRAM] = clock_ticks(target->dram_write_issue_millicycles);
  made.issue[TSR_CLOCK_WORD][TSR_CLOCK_L1] = l1_write;
  made.issue[TSR_CLOCK_INCREMENT][TSR_CLOCK_L1] = l1_write;
  made.issue[TSR_CLOCK_MULTICAST][TSR_CLOCK_L1] = l1_write;
  made.stateful[TSR_CLOCK_READ] =
      clock_ticks(target->stateful_read_issue_millicycles);
  made.stateful[TSR_CLOCK_WRITE] =
      clock_ticks(target->stateful_write_issue_millicycles);

  uint64_t to_l1 = clock_ticks(target->l1_write_millicycles);
  for (int memory = TSR_CLOCK_L1; memory <= TSR_CLOCK_DRAM; memory++) {
    made.overhead[TSR_CLOCK_READ][memory] =
        clock_ticks(target->l1_read_millicycles);
    made.overhead[TSR_CLOCK_WRITE][memory] = to_l1;
    made.overhead[TSR_CLOCK_WORD][memory] = to_l1;
    made.overhead[TSR_CLOCK_INCREMENT][memory] = to_l1;
    made.overhead[TSR_CLOCK_MULTICAST][memory] = to_l1;
  }
  // DRAM answers later than L1 by the time it takes to get at the data.
  made.dram_access[TSR_CLOCK_READ] =
      clock_ticks(target->dram_read_millicycles) -
      clock_ticks(target->l1_read_millicycles);
  made.dram_access[TSR_CLOCK_WRITE] =
      clock_ticks(target->dram_write_millicycles) - to_l1;
  made.bank_request = clock_ticks(target->dram_request_millicycles);
  made.bank_turn = clock_ticks(target->dram_turnaround_millicycles);
  made.address = clock_ticks(target->page_address_millicycles);
  made.interface = clock_ticks(target->noc_interface_millicycles);
  made.l1_load_interval = clock_ticks(target->l1_load_interval_millicycles);
  made.l1_store = clock_ticks(target->l1_store_millicycles);
  made.l1_load = clock_ticks(target->l1_load_millicycles);
  made.cb_call = clock_ticks(target->cb_call_millicycles);
  made.compute_cb = clock_ticks(target->compute_cb_millicycles);
  made.cb_credit = clock_ticks(target->cb_credit_millicycles);
  return made;
}
