// The clock's own structures. Private to lib/clock.

#ifndef TESSERA_LIB_CLOCK_INTERNAL_H
#define TESSERA_LIB_CLOCK_INTERNAL_H

#include "tessera/arena.h"
#include "tessera/clock.h"
#include "tessera/hash.h"
#include "tessera/vector.h"

enum {
  LISTENER_MAX = 4,
  NOC_COUNT = 2,
  TRANSACTION_COUNT = 16,
  SOURCE_BANK_COUNT = 2,
  ZONE_DEPTH_MAX = 16
};

typedef struct clock_thread clock_thread;

// -- Queues -------------------------------------------------------------------

// What two threads hand over and give back in turn: pages of a circular buffer,
// banks of the source registers, sections of DST. Each slot keeps when it was
// last filled and emptied, as the other side sees it.
typedef struct clock_queue {
  uint32_t capacity; // 0: there is none
  uint64_t pushed;
  uint64_t popped;
  uint64_t *filled;
  uint64_t *emptied;
  uint64_t credit; // ticks until the other side sees a push or pop
  clock_thread *waiting;
} clock_queue;

// -- Words in L1 that threads wait for ----------------------------------------

typedef struct clock_word {
  uint32_t value;
  clock_thread *waiting;
} clock_word;

// -- Threads ------------------------------------------------------------------

typedef enum wait_kind {
  WAITS_FOR_NOTHING, // it is on the agenda
  WAITS_FOR_FILLED,
  WAITS_FOR_EMPTIED,
  WAITS_FOR_EQUAL,
  WAITS_FOR_MIN,
  WAITS_FOR_TRANSFERS,
  WAITS_FOR_LEAVING, // of what it writes
  WAITS_FOR_COMMAND  // to be taken by the NoC
} wait_kind;

// What a barrier waits for.
typedef enum pending_kind {
  PENDING_READS,
  PENDING_WRITES, // not acknowledged
  PENDING_ATOMICS,
  PENDING_COUNT
} pending_kind;

// Events of one thread that the clock has not come to: a ring that grows.
struct tsr_clock_stream {
  tsr_clock_event *events;
  size_t capacity; // a power of two
  size_t first;
  size_t count;
};

typedef struct open_zone {
  const char *name;
  uint64_t start;
} open_zone;

// What a thread has on its way on one NoC.
typedef struct clock_way {
  uint32_t pending[PENDING_COUNT][TRANSACTION_COUNT];
  uint32_t pending_total[PENDING_COUNT];
  uint32_t unsent;       // packets whose leaving cannot be foreseen
  uint64_t sent;         // when the last of the others has left
  uint32_t held_back;    // packets that the NoC does not take yet
  uint64_t command_free; // when it takes the next multicast
} clock_way;

struct clock_thread {
  tsr_clock_stream stream;
  uint32_t index;
  uint32_t core;
  uint32_t processor;
  const tsr_clock_kernel *kernel;
  uint64_t now;
  bool ended;

  // The event it is at: when it came there, and what it stalls for.
  bool is_stalled;
  uint64_t arrived;
  tsr_clock_cause cause;
  wait_kind wait;
  uint64_t wait_amount; // pages, or the value
  clock_word *wait_word;
  uint32_t wait_noc;
  pending_kind wait_pending;
  uint32_t wait_transaction;
  clock_thread *next_waiting;

  clock_way ways[NOC_COUNT];
  uint32_t issued; // bytes of the event that have been issued

  open_zone zones[ZONE_DEPTH_MAX];
  uint32_t zone_depth;
  tsr_clock_thread_result result;
};

// -- The NoC ------------------------------------------------------------------

enum { NOTHING = UINT32_MAX };

// Bandwidth that is given to one after the other.
typedef struct clock_server {
  uint64_t free; // when it can begin the next
  uint64_t busy;
  uint64_t bytes;
} clock_server;

typedef struct router {
  uint32_t x, y;
} router;

typedef struct clock_bank {
  clock_server server;
  uint64_t accepts[NOC_COUNT]; // when it takes the next request
  bool is_writing;             // the last request was a write
  uint64_t read_bytes;
  uint64_t written_bytes;
} clock_bank;

typedef struct clock_core {
  router at;
  uint64_t multicast_free[NOC_COUNT]; // when its path is taken down
  clock_queue *cbs;                   // one per circular buffer; NULL: not used
  clock_queue sources;
  clock_queue dst;
} clock_core;

// Packets that must not wait for each other take separate lanes: writes, and
// what reads bring.
enum { CLASS_COUNT = 2, LANES_OF_LINK = 4 };

// One virtual channel of a link, with the buffer at its end; or the way into or
// out of the NoC at a core or bank. A packet takes it whole: from when its head
// enters until its tail has.
typedef struct clock_lane {
  clock_server *server; // whose bandwidth it takes
  uint32_t first, last; // packets that wait for it
  bool is_held;         // by a packet whose tail cannot be foreseen
  uint64_t free;        // when the last tail has entered
  uint64_t wake;        // when it is on the agenda for
  uint32_t room;        // bytes of the buffer
  uint64_t room_at;     // since when
  uint32_t inside;      // the last packet in the buffer, and at which step
  uint32_t inside_step;
  uint64_t front_at; // when the last packet that has left the buffer did
} clock_lane;

// Lanes that a packet may lie across, at most.
enum { STEPS_MAX = 32 };

// One lane on a packet's way.
typedef struct packet_step {
  uint32_t lane;
  uint32_t behind; // the packet that follows in the lane's buffer
  uint64_t begin;  // when the head entered
  uint64_t ticks;  // that the whole packet takes
} packet_step;

// A packet goes through these in order, each at its time; which it needs is its
// kind's business.
typedef enum packet_stage {
  STAGE_REQUEST, // a read arrives at its source
  STAGE_START,   // data are ready to leave
  STAGE_HEAD,    // the head has come through a lane
  STAGE_ARRIVED, // the tail is at its target
  STAGE_WORD,    // a multicast has come to one of its targets
  STAGE_DONE     // and the thread knows
} packet_stage;

typedef struct packet {
  uint32_t next; // that waits for the same lane, or is free
  uint8_t stage;
  uint8_t kind;             // tsr_clock_kind
  tsr_clock_noc_event what; // bytes: of this packet
  clock_thread *thread;
  router at; // where its head is, or will be when it has the lane it waits for
  router to;
  bool has_wrapped;             // in this row or column
  bool is_behind;               // another packet is before it in the buffer
  bool is_there;                // its head has come there
  bool is_held_back;            // the way out of its core is taken
  uint64_t front_at;            // when the one before it has left
  packet_step steps[STEPS_MAX]; // ring
  uint32_t step_count;
  uint32_t foreseen; // steps whose end is known
  uint64_t tail;     // the end of the last of them
  uint64_t stored;   // when DRAM holds it, where that counts
  uint64_t back;     // from its arrival until the thread knows
  uint64_t start;
} packet;

// -- Costs, in ticks ----------------------------------------------------------

typedef struct noc_costs {
  uint64_t hop;
  uint64_t issue[TSR_CLOCK_KIND_COUNT][2];    // by kind and tsr_clock_memory
  uint64_t stateful[TSR_CLOCK_KIND_COUNT];    // 0: as any other
  uint64_t overhead[TSR_CLOCK_KIND_COUNT][2]; // latency less hops and access
  uint64_t dram_access[TSR_CLOCK_KIND_COUNT];
  uint64_t bank_request;
  uint64_t bank_turn;
  uint64_t address;
  uint64_t interface;
  uint64_t l1_load;
  uint64_t l1_load_interval;
  uint64_t l1_store;
  uint64_t cb_call; // by a processor for data movement
  uint64_t compute_cb;
  uint64_t cb_credit;
} noc_costs;

// -- The clock ----------------------------------------------------------------

// What happens next to a thread or packet: the earliest is first, and at equal
// times the lowest `order`, so that nothing depends on how streams are filled.
typedef struct agenda_item {
  uint64_t time;
  uint32_t order; // a thread's index, or a lane's or packet's and its bit
} agenda_item;

#define LANE_ORDER   ((uint32_t)1 << 30)
#define PACKET_ORDER ((uint32_t)1 << 31)

typedef struct agenda {
  agenda_item *items;
  size_t count, capacity;
} agenda;

// The links that a multicast takes, each once, with the time from its sender.
typedef struct multicast_tree {
  clock_server **links;
  uint64_t *ways;
  size_t count;
  uint64_t *stamps; // by link: the last tree it was in
  uint64_t stamp;
  uint64_t far_way;  // to the target that is farthest
  uint64_t back_way; // and back from it
} multicast_tree;

struct tsr_clock {
  tsr_target target;
  noc_costs costs;
  tsr_clock_listener listeners[LISTENER_MAX];
  size_t listener_count;
  uint64_t now;
  clock_core *cores;
  uint32_t core_count;
  clock_bank *banks;
  clock_server *links; // [noc][y][x][horizontal, vertical]
  size_t link_count;
  clock_server *interfaces; // [core][noc][out, in]
  clock_lane *lanes;        // see lanes.c
  size_t lane_count;
  multicast_tree tree;
  // While a program runs:
  tsr_arena arena;
  const tsr_clock_program *program;
  tsr_clock_launch launch;
  uint64_t dispatched;
  uint32_t started_cores;
  uint32_t last_core;
  clock_thread **threads;
  size_t thread_count, thread_capacity;
  agenda agenda;
  packet *packets;
  size_t packet_count, packet_capacity;
  uint32_t free_packet;
  tsr_bytes_map words; // (core, address) to clock_word
};

// -- agenda.c -----------------------------------------------------------------

void agenda_push(agenda *on, uint64_t time, uint32_t order);
agenda_item agenda_pop(agenda *on);
// True when `item` comes before everything on the agenda.
bool agenda_is_next(const agenda *on, agenda_item item);

// -- costs.c ------------------------------------------------------------------

uint64_t clock_ticks(uint64_t millicycles);
// Ticks of `bytes` at `rate` bytes per 1000 cycles.
uint64_t clock_transfer_ticks(uint64_t bytes, uint64_t rate);
noc_costs clock_noc_costs(const tsr_target *target);

// -- queues.c -----------------------------------------------------------------

void clock_queue_init(tsr_clock *clock, clock_queue *queue, uint32_t capacity,
                      uint64_t credit);
// True when `self` can go on now; else it is stalled for `cause` until it can.
bool clock_await_filled(tsr_clock *clock, clock_thread *self,
                        clock_queue *queue, uint32_t amount,
                        tsr_clock_cause cause);
bool clock_await_emptied(tsr_clock *clock, clock_thread *self,
                         clock_queue *queue, uint32_t amount,
                         tsr_clock_cause cause);
void clock_push(tsr_clock *clock, clock_queue *queue, uint32_t amount,
                uint64_t at);
void clock_pop(tsr_clock *clock, clock_queue *queue, uint32_t amount,
               uint64_t at);

// -- words.c ------------------------------------------------------------------

clock_word *clock_find_word(tsr_clock *clock, uint32_t core, uint32_t address);
void clock_write_word(tsr_clock *clock, clock_word *word, uint32_t value,
                      uint64_t at);
bool clock_await_word(tsr_clock *clock, clock_thread *self, clock_word *word,
                      uint32_t value, wait_kind kind);
// Lets the thread that waits longest for a word go on, whatever the word holds;
// false when none waits.
bool clock_release_waiter(tsr_clock *clock);

// -- threads.c ----------------------------------------------------------------

enum { STALLED = -1 };

// Goes through the events of a thread until it stalls, another is due before
// it, or there are none.
void clock_run_thread(tsr_clock *clock, clock_thread *self);
// The thread is at an event that does not end: tells it as far as `at`.
void clock_stop_thread(tsr_clock *clock, clock_thread *self, uint64_t at);
// `self` stalls for `cause`; until `until`, or until somebody wakes it.
void clock_stall(tsr_clock *clock, clock_thread *self, tsr_clock_cause cause);
void clock_stall_until(tsr_clock *clock, clock_thread *self,
                       tsr_clock_cause cause, uint64_t until);
void clock_wake(tsr_clock *clock, clock_thread *self, uint64_t at);

// What an event does: ticks the thread is busy, or STALLED.
typedef int64_t clock_handler(tsr_clock *clock, clock_thread *self,
                              const tsr_clock_event *event);

// -- commands.c: what data movement asks of the NoC ---------------------------

clock_handler clock_do_read, clock_do_write, clock_do_multicast,
    clock_do_read_barrier, clock_do_write_barrier, clock_do_flush,
    clock_do_atomic_barrier;

// -- packets.c ----------------------------------------------------------------

packet *clock_create_packet(tsr_clock *clock, clock_thread *thread,
                            const tsr_clock_event *event, uint32_t bytes);
void clock_schedule_packet(tsr_clock *clock, packet *on, packet_stage stage,
                           uint64_t at);
void clock_run_packet(tsr_clock *clock, uint32_t index);
// A multicast of a word, which is at its last target at `last`, changes it at
// each of them when it comes there.
void clock_multicast_word(tsr_clock *clock, clock_thread *self,
                          const tsr_clock_event *event, uint64_t last);
// When a bank that gets a request of `ticks` at `at` begins to move the data.
uint64_t clock_serve_bank(tsr_clock *clock, const packet *on, uint64_t at,
                          uint64_t ticks);

// -- lanes.c ------------------------------------------------------------------

void clock_create_lanes(tsr_clock *clock);
void clock_reset_lanes(tsr_clock *clock);
// The way out of `core` for multicasts, which take no lane.
clock_server *clock_egress(tsr_clock *clock, uint32_t core, uint32_t noc);
// The data of a packet are ready to leave; its head has come through a lane.
void clock_start_packet(tsr_clock *clock, packet *on);
void clock_move_packet(tsr_clock *clock, packet *on);
void clock_run_lane(tsr_clock *clock, uint32_t index);
// A packet took its first lane; and its tail will have left at `at`.
void clock_packet_leaves(tsr_clock *clock, packet *on);
void clock_packet_left(tsr_clock *clock, packet *on, uint64_t at);

// -- routes.c -----------------------------------------------------------------

router clock_router_of(const tsr_clock *clock, uint32_t memory,
                       uint32_t endpoint);
uint32_t clock_hops(const tsr_clock *clock, uint32_t noc, router from,
                    router to);
// The number of the link from `*at` towards `to`; moves `*at` to its end.
size_t clock_next_link(const tsr_clock *clock, uint32_t noc, router *at,
                       router to);
// Serves `bytes` for `ticks` from `at` on; returns when that begins.
uint64_t clock_serve(clock_server *server, uint64_t at, uint64_t ticks,
                     uint64_t bytes);
uint64_t clock_link_ticks(const tsr_clock *clock, uint64_t bytes);

// -- multicast.c --------------------------------------------------------------

// Of a multicast of one packet: when the processor may issue the next, the last
// byte leaves, has arrived everywhere, and is known to have.
typedef struct multicast_times {
  uint64_t command_free;
  uint64_t leaves;
  uint64_t arrives;
  uint64_t done;
} multicast_times;

// Takes what a multicast of `bytes` needs of the NoC, from `at` on.
// A command's time from issue to the first router.
uint64_t clock_front(const noc_costs *costs, const tsr_clock_event *event);

multicast_times clock_multicast(tsr_clock *clock, const clock_thread *self,
                                const tsr_clock_event *event, uint32_t bytes,
                                uint64_t at);

// -- report.c -----------------------------------------------------------------

void clock_report_span(tsr_clock *clock, clock_thread *self,
                       const tsr_clock_event *event, uint64_t stalled,
                       uint64_t end);
void clock_report_zone(tsr_clock *clock, const clock_thread *self,
                       const open_zone *zone, uint32_t depth, uint64_t end);
void clock_report_fill(tsr_clock *clock, uint32_t core, uint32_t cb,
                       uint64_t at);
void clock_report_transfer(tsr_clock *clock, const packet *done);
void clock_report_end(tsr_clock *clock, uint64_t dispatched);

#endif
