// What a kernel writes to its own core's L1 by way of the NoC: it has arrived
// after the barrier, however soon it has left.
//
// Kept as ranges that have no byte in common, in order.

#include "internal.h"

#include "tessera/vector.h"

// The number of the first range that ends behind `l1`.
static size_t find_first(const noc_port *port, uint32_t l1) {
  size_t low = 0, high = port->own_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (port->own[middle].end <= l1)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static bool joins(const own_write *a, const own_write *b) {
  bool touches = a->l1 <= b->end && b->l1 <= a->end;
  bool overlaps = a->l1 < b->end && b->l1 < a->end;
  return overlaps || (touches && a->transaction == b->transaction);
}

// Of ranges that overlap, the last write says how long to wait.
static void keep_range(noc_port *port, own_write made) {
  size_t first = find_first(port, made.l1);
  if (first > 0 && joins(&port->own[first - 1], &made))
    first--;
  size_t end = first;
  for (; end < port->own_count && joins(&port->own[end], &made); end++) {
    const own_write *known = &port->own[end];
    made.l1 = known->l1 < made.l1 ? known->l1 : made.l1;
    made.end = known->end > made.end ? known->end : made.end;
  }
  port->own = tsr_array_grow(NULL, port->own, &port->own_capacity,
                             port->own_count + 1, sizeof *port->own);
  memmove(port->own + first + 1, port->own + end,
          (port->own_count - end) * sizeof *port->own);
  port->own[first] = made;
  port->own_count = port->own_count + 1 - (end - first);
}

static bool comes_back(const core *on, const posted *write) {
  return is_multicast(write)
             ? write->with_source && in_rectangle(&write->rectangle, on)
             : core_at(on->sim, write->to) == on;
}

// What comes to where it is from changes nothing.
void expect_own(const thread *self, noc_port *port, const posted *write) {
  const core *on = self->home;
  if (!comes_back(on, write) || write->bytes == 0)
    return;
  uint32_t l1 =
      is_multicast(write) ? write->l1 : (uint32_t)(write->to - on->l1);
  if (on->l1 + l1 != write->from)
    keep_range(port, (own_write){.l1 = l1,
                                 .end = l1 + write->bytes,
                                 .transaction = write->transaction,
                                 .begun = write->begun});
}

void forget_own(noc_port *port, uint8_t transaction) {
  size_t kept = 0;
  for (size_t i = 0; i < port->own_count; i++)
    if (transaction != ANY_TRANSACTION &&
        port->own[i].transaction != transaction)
      port->own[kept++] = port->own[i];
  port->own_count = kept;
}

void tell_own(const thread *self, noc_port *port, const posted *flag) {
  if (comes_back(self->home, flag))
    forget_own(port, ANY_TRANSACTION);
}

bool check_own_arrived(thread *self, const char *at, uint32_t bytes,
                       const char *what) {
  uint32_t l1 = (uint32_t)(at - self->home->l1);
  for (int noc = 0; noc < NOC_COUNT; noc++) {
    const noc_port *port = &self->ports[noc];
    size_t first = find_first(port, l1);
    if (first == port->own_count || port->own[first].l1 >= l1 + bytes)
      continue;
    break_rule(self,
               "%s bytes that %s has begun to write, which may not have "
               "arrived yet: %s must come first",
               what, describe_earlier(self, &port->own[first].begun),
               name_call(self, CALL_noc_async_write_barrier));
    return false;
  }
  return true;
}
