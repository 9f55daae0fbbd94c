// What a thread tells others, and what they may do then. The chip gives no
// order between a signal and what its sender has under way, but for writes that
// a later word follows. So a signal is heard at once, and what its sender does
// next takes the most that it may: those who were signalled have had a turn
// before a barrier of the sender is through, and before later data leave for
// them.

#include "internal.h"

#include "tessera/vector.h"

#include <string.h>

// A word arrives when the epoch ends in which it left, and has its effect in
// the next; the one after that begins with everybody having heard it.
enum { EPOCHS_TO_HEAR = 2 };

// -- Where words and data go --------------------------------------------------

static destination destination_of(const tsr_sim *sim, const posted *write) {
  if (is_multicast(write))
    return (destination){.is_multicast = true, .rectangle = write->rectangle};
  return (destination){.at = core_at(sim, write->to)};
}

static bool same_destination(const destination *a, const destination *b) {
  return a->at == b->at && a->is_multicast == b->is_multicast &&
         memcmp(&a->rectangle, &b->rectangle, sizeof a->rectangle) == 0;
}

static bool reaches(const destination *to, const core *at) {
  return to->is_multicast ? in_rectangle(&to->rectangle, at) : to->at == at;
}

// Another core that both go to, or NULL.
static const core *find_common(const thread *self, const destination *a,
                               const destination *b) {
  const tsr_sim *sim = self->home->sim;
  if (!a->is_multicast || !b->is_multicast) {
    const core *at = a->is_multicast ? b->at : a->at;
    return at && at != self->home && reaches(a, at) && reaches(b, at) ? at
                                                                      : NULL;
  }
  for (uint32_t i = 0; i < sim->core_count; i++) {
    const core *at = &sim->cores[i];
    if (at != self->home && reaches(a, at) && reaches(b, at))
      return at;
  }
  return NULL;
}

static bool has_been_heard(const thread *self, const told *one) {
  uint32_t ahead = one->heard_in - self->home->sim->schedule.epoch;
  return ahead == 0 || ahead > EPOCHS_TO_HEAR;
}

// Leaves out what has been heard.
static void forget_heard(thread *self) {
  size_t kept = 0;
  for (size_t i = 0; i < self->signal_count; i++)
    if (!has_been_heard(self, &self->signals[i]))
      self->signals[kept++] = self->signals[i];
  self->signal_count = kept;
}

// -- Who was signalled --------------------------------------------------------

void note_hint(thread *self) {
  for (int noc = 0; noc < NOC_COUNT; noc++) {
    const noc_port *port = &self->ports[noc];
    if (port->read_count || port->post_count > port->left_count)
      self->owes_turn = true;
  }
}

static told *find_signal(thread *self, const destination *to) {
  for (size_t i = 0; i < self->signal_count; i++)
    if (same_destination(&self->signals[i].to, to))
      return &self->signals[i];
  self->signals = tsr_array_grow(NULL, self->signals, &self->signal_capacity,
                                 self->signal_count + 1, sizeof *self->signals);
  self->signals[self->signal_count].to = *to;
  return &self->signals[self->signal_count++];
}

void note_signal(thread *self, const posted *word) {
  const tsr_sim *sim = self->home->sim;
  destination to = destination_of(sim, word);
  if (!to.at && !to.is_multicast)
    return; // nobody hears a word in DRAM
  forget_heard(self);
  find_signal(self, &to)->heard_in = sim->schedule.epoch + EPOCHS_TO_HEAR;
  for (int noc = 0; noc < NOC_COUNT; noc++)
    for (size_t i = 0; i < self->ports[noc].read_count; i++)
      self->ports[noc].reads[i].is_told = true;
}

void let_neighbours_see(thread *self) {
  if (self->owes_turn)
    block(self, (wait_state){.kind = WAIT_POLL});
  self->owes_turn = false;
}

void let_all_hear(thread *self, const noc_port *port) {
  bool is_told = false;
  for (size_t i = 0; i < port->read_count; i++)
    is_told = is_told || port->reads[i].is_told;
  let_neighbours_see(self);
  for (forget_heard(self); is_told && self->signal_count > 0;
       forget_heard(self))
    wait_for_epoch(self);
}

void let_target_hear(thread *self, const posted *write) {
  if (!write->from || is_word(write) || self->signal_count == 0)
    return;
  destination to = destination_of(self->home->sim, write);
  for (size_t i = 0; i < self->signal_count; i++)
    while (!has_been_heard(self, &self->signals[i]) &&
           find_common(self, &self->signals[i].to, &to))
      wait_for_epoch(self);
}

// -- Data from other cores ----------------------------------------------------

static void add_coming(core *at, coming data) {
  at->coming = tsr_array_grow(NULL, at->coming, &at->coming_capacity,
                              at->coming_count + 1, sizeof *at->coming);
  at->coming[at->coming_count++] = data;
}

// What a core has already makes no difference to it: each run of units that
// change goes from the first byte that does to the last.
static void show_to(core *at, const thread *from, const noc_port *port,
                    const posted *write) {
  const char *has = at->l1 + write->l1;
  const char *gets = port->snapshots + write->snapshot;
  uint32_t bytes = write->bytes, next = 0, first = 0, end = 0;
  if (!at->live_threads || at == from->home || memcmp(has, gets, bytes) == 0)
    return;
  while (next_change(has, gets, bytes, &next, &first, &end))
    add_coming(at, (coming){.l1 = write->l1 + first,
                            .bytes = end - first,
                            .from = from->home,
                            .begun = write->begun});
}

static void show_write(tsr_sim *sim, const thread *from, const noc_port *port,
                       posted write) {
  const core *only = is_multicast(&write) ? NULL : core_at(sim, write.to);
  if (!write.from || is_word(&write) || (!only && !is_multicast(&write)))
    return;
  if (only) {
    write.l1 = (uint32_t)(write.to - only->l1);
    show_to(&sim->cores[only->index], from, port, &write);
    return;
  }
  for (uint32_t i = 0; i < sim->core_count; i++)
    if (in_rectangle(&write.rectangle, &sim->cores[i]))
      show_to(&sim->cores[i], from, port, &write);
}

void show_coming(tsr_sim *sim) {
  const schedule *s = &sim->schedule;
  if (sim->strict == TSR_SIM_STRICT_OFF)
    return;
  for (size_t i = 0; i < s->active_count; i++)
    s->active[i]->coming_count = 0;
  for (size_t i = 0; i < s->active_count; i++)
    for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++) {
      const thread *from = s->active[i]->threads[p];
      for (int noc = 0; from && noc < NOC_COUNT; noc++)
        for (size_t k = 0; k < from->ports[noc].post_count; k++)
          show_write(sim, from, &from->ports[noc], from->ports[noc].posts[k]);
    }
}

// False: data are on their way there, reported.
static bool check_nothing_coming(thread *self, const char *at, uint32_t bytes) {
  const core *on = self->home;
  for (size_t i = 0; i < on->coming_count; i++) {
    const coming *data = &on->coming[i];
    const char *to = on->l1 + data->l1;
    if (at >= to + data->bytes || to >= at + bytes)
      continue;
    break_rule(self,
               "uses bytes that %s on core (%u,%u) has begun to write, which "
               "may arrive earlier or later: data come before their signal, "
               "and new data after an answer",
               describe_earlier(self, &data->begun), data->from->x,
               data->from->y);
    return false;
  }
  return true;
}

static void check_heard(thread *self, const char *at, uint32_t bytes) {
  const core *on = self->home;
  const data_news *data = find_unheard(on, (uint32_t)(at - on->l1), bytes);
  if (!data)
    return;
  const core *from = &on->sim->cores[data->by.core];
  break_rule(self,
             "uses bytes that %s on core (%u,%u) has written without core "
             "(%u,%u) having heard of it: a signal that they are there must "
             "come first",
             describe_earlier(self, &data->begun), from->x, from->y, on->x,
             on->y);
}

void check_arrived(thread *self, const char *at, uint32_t bytes) {
  check_landed(self, at, bytes);
  if (check_own_arrived(self, at, bytes, "uses") &&
      check_nothing_coming(self, at, bytes))
    check_heard(self, at, bytes);
}

// -- Writes that a signal may be about ----------------------------------------

// Data in L1 of a core: flags and increments are signals themselves.
void expect_acknowledgement(thread *self, noc_port *port, const posted *write) {
  unacknowledged made = {.to = destination_of(self->home->sim, write),
                         .transaction = write->transaction,
                         .begun = write->begun};
  if (!made.to.at && !made.to.is_multicast)
    return;
  expect_own(self, port, write);
  for (size_t i = 0; i < port->target_count; i++) {
    unacknowledged *known = &port->targets[i];
    if (known->transaction == made.transaction &&
        same_destination(&known->to, &made.to)) {
      known->begun = made.begun;
      return;
    }
  }
  port->targets = tsr_array_grow(NULL, port->targets, &port->target_capacity,
                                 port->target_count + 1, sizeof *port->targets);
  port->targets[port->target_count++] = made;
}

// A flag follows the data on their way: who has seen it has the data, and what
// is signalled there later is about something else.
void tell_of_data(const tsr_sim *sim, noc_port *port, const posted *flag) {
  destination to = destination_of(sim, flag);
  size_t kept = 0;
  for (size_t i = 0; i < port->target_count; i++)
    if (!same_destination(&port->targets[i].to, &to))
      port->targets[kept++] = port->targets[i];
  port->target_count = kept;
}

void acknowledge(noc_port *port, uint8_t transaction) {
  forget_own(port, transaction);
  size_t kept = 0;
  for (size_t i = 0; i < port->target_count; i++)
    if (transaction != ANY_TRANSACTION &&
        port->targets[i].transaction != transaction)
      port->targets[kept++] = port->targets[i];
  port->target_count = kept;
}

void check_acknowledged(thread *self, const posted *signal) {
  destination to = destination_of(self->home->sim, signal);
  for (int noc = 0; noc < NOC_COUNT; noc++) {
    const noc_port *port = &self->ports[noc];
    for (size_t i = 0; i < port->target_count; i++) {
      // One multicast does not overtake another.
      if (is_multicast(signal) && port->targets[i].to.is_multicast)
        continue;
      const core *at = find_common(self, &to, &port->targets[i].to);
      if (at)
        break_rule(self,
                   "signals core (%u,%u), where what %s has begun to write may "
                   "not have arrived: %s must come first",
                   at->x, at->y,
                   describe_earlier(self, &port->targets[i].begun),
                   name_call(self, CALL_noc_async_write_barrier));
    }
  }
}

// -- Which semaphores there are -----------------------------------------------

static bool has_semaphore(const core *on, uint32_t id) {
  return on->created >> id & 1;
}

// The words of all semaphores up to the last that a program has are there on
// all of its cores, though nothing may be in them.
static bool has_word(const tsr_sim *sim, uint32_t id) {
  for (uint32_t i = 0; i < sim->core_count; i++)
    if (sim->cores[i].created >> id)
      return true;
  return false;
}

static void break_missing(thread *self, const core *on, uint32_t id) {
  break_rule(self,
             "semaphore %u was not created on core (%u,%u): CreateSemaphore "
             "needs this core among its cores",
             id, on->x, on->y);
}

void check_waited(thread *self, uint32_t l1) {
  core *on = self->home;
  uint32_t id = 0;
  if (find_semaphore(on, l1, &id) && !has_semaphore(on, id) &&
      !(on->given >> id & 1))
    break_missing(self, on, id);
}

void check_given(thread *self, uint32_t l1) {
  core *on = self->home;
  uint32_t id = 0;
  if (!find_semaphore(on, l1, &id))
    return;
  if (!has_word(on->sim, id))
    break_missing(self, on, id);
  on->given |= (uint64_t)1 << id;
}

static void check_changed_on_all(thread *self, const posted *word,
                                 uint32_t id) {
  const tsr_sim *sim = self->home->sim;
  const core *last = NULL;
  for (uint32_t i = 0; i < sim->core_count; i++) {
    const core *at = &sim->cores[i];
    if (!in_rectangle(&word->rectangle, at) ||
        (at == self->home && !word->with_source))
      continue;
    if (has_semaphore(at, id))
      return;
    last = at;
  }
  if (last)
    break_missing(self, last, id);
}

// Of a multicast, cores that take no part may have none.
void check_changed(thread *self, const posted *word) {
  const core *at =
      is_multicast(word) ? NULL : core_at(self->home->sim, word->to);
  uint32_t l1 = at ? (uint32_t)(word->to - at->l1) : word->l1, id = 0;
  if ((!at && !is_multicast(word)) || !find_semaphore(self->home, l1, &id))
    return;
  if (is_multicast(word))
    check_changed_on_all(self, word, id);
  else if (!has_semaphore(at, id))
    break_missing(self, at, id);
}

void forget_signals(thread *self) { tsr_mem_resize(self->signals, 0); }
