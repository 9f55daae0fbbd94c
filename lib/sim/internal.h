// The model's own structures. Private to lib/sim.

#ifndef TESSERA_LIB_SIM_INTERNAL_H
#define TESSERA_LIB_SIM_INTERNAL_H

#include "tessera/buffer.h"
#include "tessera/sim.h"

#include "crew.h"
#include "fiber.h"
#include "knowledge.h"

#include <stdatomic.h>
#include <string.h>

enum {
  TILE_SIDE = TSR_TILE_SIDE,
  TILE_ELEMS = TILE_SIDE * TILE_SIDE,
  FACE_SIDE = 16,
  CB_MAX = 64,
  SEMAPHORE_MAX = 64,
  SEMAPHORE_STRIDE = 16,
  NOC_SIDE = 64, // coordinates are 6 bits
  NOC_COUNT = 2,
  TRANSACTION_MAX = 16,
  SOURCE_BANKS = 2
};

// Addresses of neighbouring cores' L1 are this far apart, so the low bits of a
// kernel's pointer are the address its core knows.
#define L1_SPACING ((uint64_t)2 << 20)
#define L1_MASK    ((uint32_t)(L1_SPACING - 1))

typedef struct core core;
typedef struct thread thread;
typedef struct kernel kernel;
typedef struct recording recording;
typedef struct news news;

// The call that began something, for messages.
typedef struct begun_at {
  const char *call;
  tsr_sim_where where;
} begun_at;

// -- Memory -------------------------------------------------------------------

// How the pages of a sharded buffer lie. Shapes count pages, outermost first.
typedef struct shard_map {
  uint32_t rank;
  uint32_t tensor_pages[TSR_SIM_RANK_MAX];
  uint32_t shard_pages[TSR_SIM_RANK_MAX];
  uint32_t grid[TSR_SIM_RANK_MAX]; // shards in each direction
  uint64_t page_count;
  uint64_t shard_volume; // pages of one shard
  uint64_t shard_count;
  uint32_t bank_count;
  uint32_t *banks; // in the order in which they get shards
} shard_map;

typedef struct allocation {
  uint64_t base;
  uint64_t bank_bytes;  // taken in every bank
  uint32_t page_bytes;  // as asked for
  uint32_t page_stride; // aligned
  uint64_t page_count;
  shard_map *shards; // NULL: interleaved over all banks
  char *storage;     // DRAM: the banks one after the other; NULL for L1
} allocation;

// Where a page lies: its bank, and how many pages come before it there.
typedef struct page_place {
  uint32_t bank;
  uint64_t row;
} page_place;

// One kind of memory; allocations are sorted by address.
typedef struct memory_pool {
  uint32_t bank_count;
  uint64_t first;
  uint64_t end;
  uint32_t align;      // of pages
  uint32_t base_align; // of buffers
  bool top_down;
  allocation *allocations;
  size_t count;
  size_t capacity;
} memory_pool;

// -- Cores --------------------------------------------------------------------

typedef struct cb_state {
  bool exists;
  const char *label; // "circular buffer 3"; the program's
  bool is_global;
  uint32_t format;
  uint32_t tile_rows, tile_cols;
  uint32_t l1; // first byte, as the core knows it
  uint32_t page_bytes;
  uint32_t page_count;
  uint64_t pushed; // pages, since launch
  uint64_t popped;
  uint32_t write_page;
  uint32_t read_page;
  uint32_t reserved;  // pages the producer holds and has not pushed
  uint32_t fronted;   // pages the consumer has waited for and not popped
  uint32_t pack_slot; // packs since the last push
  thread *producer;   // whoever reserved or pushed first
  thread *consumer;
  tsr_sim_where pushed_at; // last
  tsr_sim_where waited_at;
  // Who took data while nobody had handed pages over, and where.
  const thread *early_reader;
  begun_at early_read;
  uint64_t *written; // bit i: page i was, since it was last pushed; NULL: is
                     // placed on a tensor, where nobody counts
  uint64_t *filled;  // bit i: page i was ever, since launch; NULL with that
  bool is_reachable; // a data movement kernel has an address to write to
  // What other cores see: how it was when the epoch began.
  bool seen_queue;
  uint32_t seen_read_page;
  uint64_t seen_full; // pages pushed and not popped
  // The step of the core in which each page was popped last (freed.c); NULL:
  // none was.
  uint64_t *popped_in;
  uint64_t *seen_popped_in;
  uint64_t seen_popped; // pages
} cb_state;

// What unpack hands to math: row-major, rounded to what the registers hold.
typedef struct operand {
  float a[TILE_ELEMS];
  float b[TILE_ELEMS];
  bool is_integer; // `a` holds integers
} operand;

// Words that unpack tells math or pack.
enum { MAIL_WORDS = 4 };
typedef struct mailbox {
  uint32_t words[MAIL_WORDS];
  uint64_t sent;
  uint64_t taken;
} mailbox;

// The compute engine of a core; only cores with a compute kernel have one.
typedef struct compute_engine {
  operand *sources;  // SOURCE_BANKS
  uint64_t unpacked; // operands handed over
  uint64_t consumed;
  float (*dst)[TILE_ELEMS];
  uint32_t section_tiles;
  uint32_t section_count;
  uint32_t committed; // sections that math has finished and pack has not
  uint32_t math_section;
  uint32_t pack_section;
  // By section, bit i: tile i holds something; holds integers; was reduced.
  uint32_t written[2];
  uint32_t touched[2]; // may be other than zero
  uint32_t integer[2];
  uint32_t reduced[2];
  bool is_32bit;
  bool is_half;    // 16-bit DST holds fp16, not bf16
  mailbox mail[2]; // for math, for pack
} compute_engine;

// -- Data on their way --------------------------------------------------------

typedef struct pending_read {
  const char *from;
  char *to;
  uint32_t bytes;
  bool is_shared; // another core may write there: it lands between epochs
  uint8_t transaction;
  bool is_due;  // it lands at the end of the epoch
  bool is_told; // somebody was signalled elsewhere since it began
  begun_at begun;
} pending_read;

// The cores that a multicast reaches, in NoC coordinates.
typedef struct rectangle {
  uint32_t x0, y0, x1, y1;
} rectangle;

typedef enum post_kind {
  POST_WRITE,
  POST_MULTICAST,
  POST_INCREMENT,
  POST_MULTICAST_INCREMENT
} post_kind;

// A write or increment that was begun. They leave in order, and what goes to
// DRAM or another core arrives at the end of the epoch in which it left.
struct posted {
  post_kind kind;
  bool has_arrived;
  const char *from; // NULL: `word` is written, or added
  uint32_t word;
  uint8_t enable; // bit i: byte i of `word` is written; 0: all are
  uint8_t transaction;
  uint32_t bytes;
  char *to;            // POST_WRITE, POST_INCREMENT
  rectangle rectangle; // POST_MULTICAST*, with the next two
  uint32_t l1;
  bool with_source;
  size_t snapshot; // what the source held, in the thread's `snapshots`
  begun_at begun;
  stamp by;
};

// Bytes that changed by what came from another core.
typedef struct data_news {
  uint32_t l1, end;
  stamp by;
  begun_at begun;
} data_news;

// A command that was set up once, to be given several times.
typedef struct noc_state {
  bool is_set;
  bool is_lost; // another call used the same registers since
  bool is_posted;
  uint8_t enable;   // of a word
  uint32_t value;   // of a word
  uint32_t bytes;   // 0: said with each
  uint64_t address; // the endpoint's, and of a word all of it
  begun_at set;
  begun_at lost;
} noc_state;

// Where something goes in L1.
typedef struct destination {
  const core *at; // NULL: the cores of `rectangle`, or DRAM
  bool is_multicast;
  rectangle rectangle; // of a multicast
} destination;

// Who was told something; everybody there has had a turn when epoch `heard_in`
// begins.
typedef struct told {
  destination to;
  uint32_t heard_in;
} told;

// Where data were written to in L1: that they are there is known after the
// barrier.
typedef struct unacknowledged {
  destination to;
  uint8_t transaction;
  begun_at begun; // the last such write
} unacknowledged;

// Bytes of the core's own L1 that a write comes to.
typedef struct own_write {
  uint32_t l1, end;
  uint8_t transaction;
  begun_at begun; // the last such write
} own_write;

// Data that another core has begun to write, and that have not arrived.
typedef struct coming {
  uint32_t l1;
  uint32_t bytes;
  const core *from;
  begun_at begun;
} coming;

// From the first byte of some to behind the last.
typedef struct hull {
  const char *from, *to;
} hull;

// One thread on one NoC: what it has on its way there, and what it has set up.
typedef struct noc_port {
  // Begun and not waited for, and the last of them. Writes by transaction.
  uint32_t writes[TRANSACTION_MAX];
  uint32_t posted_writes;
  uint32_t atomics;
  begun_at last_write;
  begun_at last_posted_write;
  begun_at last_atomic;

  pending_read *reads;
  size_t read_count, read_capacity;
  // Around all that they bring, and all that they take from this core's L1.
  hull brings, takes;
  posted *posts; // those that have not arrived
  size_t post_count, post_capacity;
  size_t left_count; // the first of them: those that have left
  char *snapshots;
  size_t snapshot_bytes, snapshot_capacity;
  unacknowledged *targets;
  size_t target_count, target_capacity;
  own_write *own;
  size_t own_count, own_capacity;

  // The transactions that reads and writes belong to.
  uint8_t read_transaction;
  uint8_t write_transaction;
  noc_state read_state;
  noc_state write_state;
  noc_state word_state;
  bool is_linked; // the last multicast wants another one behind it
  begun_at linked;
} noc_port;

// -- Threads ------------------------------------------------------------------

typedef enum wait_kind {
  WAIT_NOTHING,
  WAIT_CB_SPACE,
  WAIT_CB_PAGES,
  WAIT_SEMAPHORE_EQUAL,
  WAIT_SEMAPHORE_MIN,
  WAIT_SOURCE_FREE,
  WAIT_SOURCE_FULL,
  WAIT_DST_FREE,
  WAIT_DST_FULL,
  WAIT_MAIL_FREE, // a mailbox, whose number is the amount
  WAIT_MAIL_FULL,
  WAIT_EPOCH, // for what left this core to arrive, or for the others' turn
  WAIT_POLL   // asked without blocking; may run, but that is no progress
} wait_kind;

typedef struct wait_state {
  wait_kind kind;
  uint32_t cb;
  uint32_t amount; // pages, the semaphore's value, or the number of the epoch
  volatile uint32_t *word;
} wait_state;

// What a thread did since it was its turn.
typedef enum turn_kind {
  TURN_IDLE,    // nothing that others could notice
  TURN_FETCHED, // it brought data here
  TURN_STIRRED, // it did something, which nobody has noticed
  // A progress: it had waited and was woken, handed pages to another thread,
  // changed data elsewhere, or has ended.
  TURN_ACTED
} turn_kind;

// How many blocks a thread remembers to have come through: one of them, in a
// loop, is of a line of the kernel's own.
enum { PASSED = 8 };

struct thread {
  core *home;
  kernel *code;
  tsr_sim_processor processor;
  tsr_sim_entry *entry;
  char *image; // its own copy of code with variables; NULL: has none
  fiber fiber;
  bool done;
  wait_state wait;
  turn_kind turn;
  uint32_t calls_left;        // in this epoch
  uint32_t steps_left;        // before others get their turn
  uint64_t rounds;            // of the loop that it is about to begin; 0: none
  const char *passed[PASSED]; // blocks of code, each at its steps_left
  uintptr_t stack_top;        // of the kernel's own frames
  uintptr_t stack_end;        // they reach no lower
  tsr_clock_stream *stream;   // NULL: no clock listens

  // The call it is in, for messages.
  const char *call;
  tsr_sim_where where;
  bool by_method;       // the call is one of an object
  uint32_t outer_depth; // functions around the call; 0: what follows is void
  const char *outer_call;
  tsr_sim_where outer_where;
  bool outer_is_method;
  tsr_buffer earlier; // text of another call, for a message about two

  // Its runtime arguments, in L1.
  uint32_t args_l1;
  uint32_t arg_count;
  uint32_t common_l1;
  uint32_t common_count;

  int print_settings[TSR_SIM_PRINT_SETTING_COUNT];
  tsr_buffer print_line;
  bool printed_tile; // last, and nothing since

  uint32_t noc; // which of its ports the next call uses
  noc_port ports[NOC_COUNT];
  // It may have told others of its core something with data on their way: they
  // get a turn before these are there. And whom it has told elsewhere: each
  // destination once.
  bool owes_turn;
  told *signals;
  size_t signal_count, signal_capacity;

  // The word that it read last through a pointer, and how often in a row.
  uint32_t polled_l1;
  uint32_t polls;
  // The word that it wrote last through a pointer, and what that was before.
  uint32_t stored_l1;
  uint32_t stored_over;

  // Compute threads: how their part of the engine is set up.
  bool is_started;
  tsr_sim_config config;
  tsr_sim_sfpu sfpu; // the row whose init came last
  begun_at sfpu_init;
  // What an init may bring: which form of its op it is for, 0 where there is
  // one; the factor of exp_tile, the seed of rand_tile.
  uint32_t sfpu_form;
  uint32_t sfpu_word;
  float column_sums[TILE_SIDE]; // of cumsum_tile
  int32_t format_a;             // circular buffer configured for; -1: none
  int32_t format_b;
  int32_t format_pack;
  bool in_section; // math: acquired; pack: waited
  begun_at section;
  bool accumulate;
  tsr_sim_relu relu;
  float relu_threshold;
  tsr_sim_reduce_dim edge_mask; // what pack keeps of a tile
};

// A warning or note that was given, or an error that was overlooked.
typedef struct said {
  const char *format;
  const kernel *code;
  tsr_sim_where where;
} said;

// What a kernel did, and the rule that forbids it.
typedef struct breach {
  const thread *self;
  tsr_sim_where where;
  tsr_buffer op; // as it is written; empty: none that is known
  tsr_buffer rule;
} breach;

// What a core has to say; told to the listener between epochs.
typedef struct remark {
  said about;
  tsr_sim_severity severity;
  breach what;
} remark;

// What went wrong on a core, which only the host thread that runs it writes.
typedef struct core_report {
  bool failed;
  breach error;
  remark *remarks; // each about something else
  size_t remark_count, remark_capacity;
  size_t told; // the first of them
} core_report;

// What changed a semaphore, for the report of a wait that never ends.
typedef struct semaphore_changes {
  uint64_t count;
  const kernel *by; // the last time
  begun_at begun;
} semaphore_changes;

struct core {
  tsr_sim *sim;
  uint32_t index;
  uint32_t x, y; // logical
  char *l1;
  uint32_t noc_x, noc_y;
  // While a program runs:
  cb_state *cbs;          // CB_MAX
  uint8_t cb_ids[CB_MAX]; // those that exist
  size_t cb_count;
  compute_engine *engine;        // NULL: no compute kernel
  compute_engine *idle_engine;   // what `engine` is taken from
  semaphore_changes *semaphores; // semaphore_count of the target
  uint64_t created;              // bit i: semaphore i was, on this core
  uint64_t given; // bit i: a kernel has given it a value here itself
  coming *coming; // when the epoch began
  size_t coming_count, coming_capacity;
  uint64_t steps_told; // that have ended (knowledge.h)
  knowledge *known;    // of other cores; NULL: nothing
  news *news;          // that it has not heard of; NULL: nothing ever came
  thread *threads[TSR_SIM_PROCESSOR_COUNT];
  uint32_t live_threads; // that have not ended
  uint32_t cb_end;       // while CBs are placed: first free byte
  tsr_buffer printed;    // lines with their ends, each behind its thread
  core_report report;
  fiber *scheduler; // the host's stack, while the core runs
  turn_kind turn;   // the most that a thread did in this epoch
  bool is_busy;     // a thread has made all calls that it may in this epoch
  uint64_t stored;  // its writes of data that have arrived, since last told
};

// -- Device and programs ------------------------------------------------------

typedef struct endpoint {
  enum { NOWHERE, AT_CORE, AT_DRAM, AT_ETH } kind;
  uint32_t index;
} endpoint;

// Whose turn it is; see schedule.c.
typedef struct schedule {
  size_t host_threads;     // that may run cores
  uint32_t patience;       // tenths by which the limits of idle epochs grow
  uint32_t silent_seconds; // of a host's processor, for a kernel that counts
                           // nothing
  crew *crew;              // NULL: not needed yet
  bool is_shared;          // the crew works on this program
  uint32_t epoch;
  bool is_busy;     // a thread was, in the last epoch
  bool has_changed; // data, by what arrived since the last epoch
  uint64_t calls;   // made in the last epoch
  core **active;    // with threads that have not ended; room for all
  size_t active_count;
  core **ready; // that can go on in this epoch; room for all
  size_t ready_count;
  // The first of them on which a kernel takes too long (watchdog.c): those
  // after it need not run any more. SIZE_MAX: none.
  atomic_size_t overdue;
} schedule;

struct tsr_sim {
  tsr_target target;
  tsr_sim_strict strict;
  tsr_sim_listener *listener; // NULL: nobody
  void *listener_context;
  const void *user;
  // L1 at the chip's own addresses: that of one core, or nobody's.
  struct {
    bool exists;
    const core *shows;
  } window;
  tsr_sim_printer *printer; // NULL: nobody
  void *printer_context;
  tsr_sim_progress *progress; // NULL: nobody
  void *progress_context;
  tsr_sim_op_name *op_name;
  tsr_sim_op_mnemonic *op_mnemonic; // NULL: kernels are C++
  void *op_name_context;
  said *said; // since the program started
  size_t said_count, said_capacity;
  uint32_t program_count; // ever made
  tsr_buffer error, error_details;
  tsr_sim_error_kind error_kind;
  tsr_sim_where error_where;
  char *l1_base;
  core *cores;
  uint32_t core_count;
  memory_pool memories[2];                // by tsr_sim_memory
  endpoint endpoints[NOC_SIDE][NOC_SIDE]; // [y][x]
  // While a program runs:
  tsr_sim_program *running;
  schedule schedule;
  fiber_pool fibers;
  bool failed;
  tsr_clock *clock; // NULL: nobody wants to know the time
  recording *recording;
};

typedef struct program_cb {
  tsr_sim_range *ranges;
  size_t range_count;
  tsr_sim_cb_index *indices;
  char **labels; // of each index: "circular buffer 3"
  size_t index_count;
  uint64_t bytes;
  bool is_global;
  uint64_t address;
} program_cb;

typedef struct program_semaphore {
  tsr_sim_range *ranges;
  size_t range_count;
  uint32_t id;
  uint32_t initial;
} program_semaphore;

// Runtime arguments of one core: words in the program's `words`.
typedef struct arg_block {
  uint32_t *words;
  uint32_t count;
} arg_block;

struct kernel {
  tsr_sim_program *program;
  char *name;
  tsr_sim_range *ranges;
  size_t range_count;
  tsr_sim_kernel_config config;
  // The code of each thread, one or the other; NULL: none was set.
  tsr_sim_entry *entries[TSR_SIM_PROCESSOR_COUNT];
  const tsr_sim_image *images[TSR_SIM_PROCESSOR_COUNT];
  tsr_sim_find_line *find_line; // NULL: lines are not known
  const void *lines[TSR_SIM_PROCESSOR_COUNT];
  arg_block *args; // by core
  arg_block common;
  uint32_t first_x, first_y; // corner of its cores
};

struct tsr_sim_program {
  tsr_sim *sim;
  char *name;
  program_cb *cbs;
  size_t cb_count, cb_capacity;
  program_semaphore *semaphores;
  size_t semaphore_count, semaphore_capacity;
  kernel **kernels;
  size_t kernel_count, kernel_capacity;
};

// -- memory.c -----------------------------------------------------------------

void memory_init(memory_pool *pool, const tsr_target *target,
                 tsr_sim_memory kind, uint32_t bank_count);
void memory_deinit(memory_pool *pool);

// The allocation that holds `address`, or NULL.
allocation *memory_find(memory_pool *pool, uint64_t address);

// The core whose L1 a host address lies in, or behind; NULL: it is elsewhere.
const core *core_of_pointer(const tsr_sim *sim, const void *at);

// Where `address` of a bank lies on the host.
char *memory_at(tsr_sim *sim, tsr_sim_memory kind, const allocation *found,
                uint32_t bank, uint64_t address);

// -- shards.c -----------------------------------------------------------------

// fails  no banks, one that does not exist or is named twice, empty shapes
// owns   destroy with shards_destroy
TSR_MUST_USE tsr_result shards_create(tsr_sim *sim, const memory_pool *from,
                                      const tsr_sim_shards *wanted,
                                      shard_map **out_map);
void shards_destroy(shard_map *map);

// Pages that the fullest bank holds.
uint64_t shards_bank_rows(const shard_map *map);

// Where page number `page` lies; it must exist.
page_place place_of_page(const memory_pool *in, const allocation *of,
                         uint64_t page);

// True when the buffer has a page, or the padding of a shard, at that place.
bool has_page_at(const memory_pool *in, const allocation *of, uint32_t bank,
                 uint64_t row);

// -- program.c ----------------------------------------------------------------

bool cores_have(const tsr_sim_range *ranges, size_t count, uint32_t x,
                uint32_t y);
const char *processor_name(tsr_sim_processor processor);

// -- placement.c --------------------------------------------------------------

// Gives the cores what `program` needs before it starts: circular buffers at
// their addresses, semaphores and arguments in the kernel configuration ring.
TSR_MUST_USE tsr_result place_program(tsr_sim_program *program);
void unplace_program(tsr_sim *sim);

// Puts the arguments of `self`'s kernel behind `*offset` of the ring.
TSR_MUST_USE tsr_result place_args(thread *self, uint32_t *offset);

// -- launch.c -----------------------------------------------------------------

// Releases what a device keeps from run to run.
void forget_launches(tsr_sim *sim);

// -- image.c ------------------------------------------------------------------

// A copy to run, with all variables as they were in `of`; NULL when memory
// cannot be mapped.
// owns   destroy with image_destroy
char *image_copy(const tsr_sim_image *of);
tsr_sim_entry *image_entry(const tsr_sim_image *of, const char *copy);
void image_destroy(const tsr_sim_image *of, char *copy);

// -- calls_l1.c ---------------------------------------------------------------

// `self` begins: the frames of its kernel lie below `top`.
void start_steps(thread *self, const void *top);

// Messages are about a loop that `self` is in, not about its last call.
void name_loop(thread *self);
// The same of a loop that counts no steps, and is at `code`.
void name_loop_at(thread *self, const char *code);

// -- schedule.c ---------------------------------------------------------------

// The thread that is running; NULL outside of kernels.
thread *current_thread(void);

// The one way into the model: notes the call and where it is, for messages.
// What a clock or a check needs to see of every call belongs here. Lets others
// run when the thread has made as many calls as an epoch has room for.
thread *enter(const char *call, tsr_sim_where where);

// The same for a call that changes nothing: a thread that makes no others is
// idle. And for one that brings data to this core.
thread *ask(const char *call, tsr_sim_where where);
thread *fetch(const char *call, tsr_sim_where where);

// Notes that `self` did that much.
void note_turn(thread *self, turn_kind what);

// Lets others run until the thread's condition holds.
void block(thread *self, wait_state wait);

// Lets others run until the epoch has ended: what left this core has arrived.
void wait_for_epoch(thread *self);

// True when `self` could go on.
bool can_run(const thread *self);
// True when the word waited for may have that value.
bool is_awaited(const wait_state *wait, uint32_t value);

// Leaves a thread for good; the program has failed or the thread is done.
TSR_NORETURN void leave_thread(thread *self);

// A kernel on `on` has failed that others could not be kept waiting for: in
// this epoch, cores after it are not run any more. For signal handlers, too.
void give_up_after(core *on);

// Runs the threads of all cores until they have ended or `sim` has failed.
void run_cores(tsr_sim *sim);

// How long kernels may go on without progress: from the environment, for every
// host alike.
// fails  a variable is no number
TSR_MUST_USE tsr_result schedule_init(schedule *s, char *error,
                                      size_t error_bytes);

// Releases what a device keeps from run to run.
void forget_schedule(tsr_sim *sim);

// -- rules.c ------------------------------------------------------------------

// Ends the program with a message about the running thread's call: there is no
// way to go on, however strict the model is.
TSR_NORETURN TSR_PRINTF(2, 3) void fail_call(thread *self, const char *format,
                                             ...);

// The same for a rule that the chip does not enforce. Returns, to do what the
// chip would, unless the model is strict; and where `self` is not running, with
// the program marked as failed.
TSR_PRINTF(2, 3) void break_rule(thread *self, const char *format, ...);

// Something to know that breaks no rule.
TSR_PRINTF(2, 3) void note(const thread *self, const char *format, ...);

// What must hold when a thread has ended, and when all have.
void check_kernel_end(thread *self);
void check_exit(tsr_sim *sim);

// Tells the listener what the cores have to say, in their order, and fails
// with the first that did.
void tell_reports(tsr_sim *sim);
void forget_reports(tsr_sim *sim);

// -- access.c -----------------------------------------------------------------

// Bytes of this core's L1 that the NoC writes to, or reads: those of circular
// buffers must be reserved, or waited for.
void check_write_into(thread *self, uint32_t l1, uint32_t bytes);
void check_read_from(thread *self, uint32_t l1, uint32_t bytes);

// `self` waits for pages of `cb`: it must not have taken data from them before.
void check_early_read(thread *self, cb_state *cb);

// Another core's, which a write goes to: what is pushed there must be popped
// first. False: from `*out_lost` on nothing is allocated there, and what comes
// is lost. Of a multicast, cores that take no part may lose it.
TSR_MUST_USE bool check_remote_write(thread *self, const core *on, uint32_t l1,
                                     uint32_t bytes, uint32_t *out_lost);
// Between epochs: the same of a write that has been under way since `by`.
void check_arrival(thread *self, const stamp *by, const core *on, uint32_t l1,
                   uint32_t bytes);
void break_lost_write(thread *self, const core *on, uint32_t l1);

// Between epochs: true when the byte is in pages that are handed over.
bool is_handed_over(const core *on, uint32_t l1);

// Shows other cores the circular buffers of `on` as they are now.
void show_cbs(core *on);

// -- written.c ----------------------------------------------------------------

void written_init(cb_state *cb);
void written_deinit(cb_state *cb);

// Notes that `bytes` from `l1` on were written to.
void mark_written(const core *on, uint32_t l1, uint32_t bytes);
// Stores through pointers are not seen: whoever asked where to write may have
// filled the buffer.
void mark_reachable(const thread *self, cb_state *cb);
// False when nothing can have been written to the page since launch.
bool was_filled(const cb_state *cb, uint32_t page);

// `self` pushes the next `pages`: something must have been written to each.
void check_written(thread *self, cb_state *cb, uint32_t pages);

// -- noc_address.c ------------------------------------------------------------

// Parts of a NoC address: coordinates (0 and 1: x and y; of a multicast 2 and
// 3: those of the end corner), and the address at the endpoint.
uint32_t address_field(uint64_t address, unsigned index);
uint64_t address_local(uint64_t address);

// Checks that `bytes` from `local` on lie in a core's L1, and returns where.
char *l1_place(thread *self, core *of, uint64_t local, uint32_t bytes);

// Where a unicast address lies; says whether that is DRAM.
char *noc_place(thread *self, uint64_t address, uint32_t bytes,
                bool *out_is_dram);

// Whose a unicast address is.
endpoint endpoint_of(const thread *self, uint64_t address);

// An address as its core or bank counts it.
uint64_t own_address(uint64_t address, bool is_dram);

void check_word_alignment(thread *self, uint64_t target, const char *what);
void check_alignment(thread *self, uint64_t source, uint64_t target,
                     uint32_t align, const char *what);

// -- print.c ------------------------------------------------------------------

void begin_printing(thread *self);
// What is printed and has no end yet is a line all the same.
void finish_line(thread *self);
void end_printing(thread *self);
// Between epochs: gives the lines of a core to who wants them.
void tell_lines(core *on);

// -- transfers.c --------------------------------------------------------------
// Where they do not name a port, these are about the thread's current one.

// All transactions, in place of the number of one.
enum { ANY_TRANSACTION = 0xff };

noc_port *current_port(thread *self);

void begin_read(thread *self, const char *from, char *to, uint32_t bytes);
// Returns when all reads of a transaction have landed.
void finish_reads(thread *self, uint8_t transaction);

// Notes a write or increment; a word leaves at once when nothing is before it.
void post(thread *self, posted write);
// Everything leaves, or everything up to the last write of a transaction, or up
// to the last increment.
void send_writes(thread *self, noc_port *port, uint8_t transaction);
void send_increments(thread *self, noc_port *port);
// Returns when what has left has arrived.
void await_arrival(thread *self, noc_port *port);

// Between epochs: reads that are due land, and what has left arrives.
void land_due_reads(thread *self);
void arrive(thread *self);

// What time alone does: all writes leave. False when there were none.
bool send_everything(tsr_sim *sim);

// A kernel has ended: nothing of it is on its way any more.
void finish_transfers(thread *self);

// Bytes of this core that are used: no read may still bring them.
void check_landed(thread *self, const char *at, uint32_t bytes);

// Bytes anywhere that are read: `self` must not have them written still.
void check_read_back(thread *self, const char *from, uint32_t bytes);

// Bytes that are given up or reused: no write of `writer` (NULL: nobody) may
// still take them. `what` says how ("pops").
void check_left(thread *self, const thread *writer, const char *at,
                uint32_t bytes, const char *what);
// The same for all writers of a core.
void check_overwritten(thread *self, const core *on, const char *at,
                       uint32_t bytes, const char *what);

void forget_transfers(thread *self);

bool is_multicast(const posted *write);
bool is_increment(const posted *write);
// A flag or an increment: it may be a signal.
bool is_word(const posted *write);

// The core of whose L1 `at` is part, or NULL: DRAM.
const core *core_at(const tsr_sim *sim, const char *at);

// -- own_writes.c -------------------------------------------------------------

// Some of what `write` brings may come to `self`'s own core.
void expect_own(const thread *self, noc_port *port, const posted *write);
void forget_own(noc_port *port, uint8_t transaction);
// A flag that comes back follows what came back before.
void tell_own(const thread *self, noc_port *port, const posted *flag);
// What `self` wrote to its core's bytes itself has arrived; false: it has not,
// reported.
bool check_own_arrived(thread *self, const char *at, uint32_t bytes,
                       const char *what);

// -- freed.c ------------------------------------------------------------------

// The next `pages` are popped.
void note_pops(core *on, cb_state *cb, uint32_t pages);
void forget_pops(core *on);

// -- news.c -------------------------------------------------------------------

// The next bytes that differ, from `*io_next` on; false: there are none. Runs
// that lie closer than data are used are one.
bool next_change(const char *has, const char *gets, uint32_t bytes,
                 uint32_t *io_next, uint32_t *out_first, uint32_t *out_end);

// A word has come, which was `before`; data come.
uint32_t word_before(const core *at, uint32_t l1);
void bring_word(core *at, const posted *word, uint32_t l1, uint32_t before);
// The core adds to a word of its own.
void shift_words(const core *at, uint32_t l1, uint32_t amount);
void bring_data(core *at, const posted *write, uint32_t l1, const char *gets);

// `on` hears of what made a word what it waited for; of all that came to bytes
// of its own, or between epochs of another core's.
void hear_awaited(core *on, const wait_state *wait);
void hear_bytes(core *on, uint32_t l1, uint32_t bytes);
void hear_remote(core *on, core *at, uint32_t l1, uint32_t bytes);

// What came to some of those bytes without `on` having heard of it, or NULL.
const data_news *find_unheard(const core *on, uint32_t l1, uint32_t bytes);

void forget_news(core *on);

// -- signals.c ----------------------------------------------------------------

// `self` may have told others of its core something.
void note_hint(thread *self);
// A word of `self` has left for other cores.
void note_signal(thread *self, const posted *word);

// Before what `self` has under way is there: the others of its core get a turn
// if they were told something; and before reads of `port` are, so does whoever
// was signalled elsewhere since these began.
void let_neighbours_see(thread *self);
void let_all_hear(thread *self, const noc_port *port);
// The same before a write leaves for a core that was signalled.
void let_target_hear(thread *self, const posted *write);

// Between epochs: what has not arrived is shown to the cores that it goes to.
void show_coming(tsr_sim *sim);
// Bytes of this core that are used or handed over: nothing may still bring
// them, from wherever.
void check_arrived(thread *self, const char *at, uint32_t bytes);

// `port` has data to write to a core, or a flag for it.
void expect_acknowledgement(thread *self, noc_port *port, const posted *write);
void tell_of_data(const tsr_sim *sim, noc_port *port, const posted *flag);
// A barrier: the writes of a transaction, or all, are where they should be.
void acknowledge(noc_port *port, uint8_t transaction);

// `self` signals a core, or those of a multicast: what it wrote there must be
// acknowledged.
void check_acknowledged(thread *self, const posted *signal);

// Words that a kernel waits for, gives a value to, or changes over the NoC:
// those where semaphores lie must be one.
void check_waited(thread *self, uint32_t l1);
void check_given(thread *self, uint32_t l1);
void check_changed(thread *self, const posted *word);

void forget_signals(thread *self);

// -- calls_noc.c --------------------------------------------------------------

bool in_rectangle(const rectangle *to, const core *at);

// A multicast from `self` to `target`: its corners, and all that is checked of
// its targets, of which there must be `core_count`.
void aim_multicast(thread *self, uint64_t target, uint32_t core_count,
                   posted *write);

// A command that is no multicast: none may be expected.
void check_not_linked(thread *self);

// -- window.c -----------------------------------------------------------------

void window_create(tsr_sim *sim);
void window_destroy(tsr_sim *sim);

// True when kernels may use L1 by the addresses that the host has of it: then
// one core runs at a time.
bool window_may_open(const tsr_sim *sim);

// Shows the L1 of `on` at those addresses; false when `address` is none of them
// or it is shown already.
bool window_open(core *on, const void *address);
// True when a core may find its L1 at `address`.
bool is_in_window(const tsr_sim *sim, const void *address);
void window_close(tsr_sim *sim);

// -- faults.c -----------------------------------------------------------------

// While a program runs, an access outside of the memory that a kernel has, and
// an instruction that the host's processor refuses, are errors of that kernel.
void faults_catch(void);
void faults_release(void);

// Appends what is wrong with an access to `at` by a kernel on `on`, in the
// addresses that the kernel knows: the host's differ from run to run.
void describe_elsewhere(tsr_buffer *out, const core *on, const void *at);

// For every other host thread on which kernels run.
void faults_begin_thread(void);
void faults_end_thread(void);

// Leaves a kernel for good from the handler of signal `number`, with what its
// core's report says. The handler's stack is left, too: the signal is let in
// again as the handler's return would.
TSR_NORETURN void leave_handler(thread *self, int number);

// -- watchdog.c ---------------------------------------------------------------

// Between these, a kernel that comes no further is an error of that kernel, on
// the host thread that they are called on.
void watchdog_begin_thread(void);
void watchdog_end_thread(void);

// -- report.c -----------------------------------------------------------------

// What a call is named in the kernel's language.
typedef enum call_name {
#define TSR_SIM_CALL_NAME(id, op, method) CALL_##id,
#include "call_names.def"
} call_name;
const char *name_call(const thread *self, call_name call);

// Appends "kernel 'k' (brisc)".
void describe_role(tsr_buffer *out, const thread *self);
// Appends the call or op that began, or that a thread is in.
void describe_begun(tsr_buffer *out, const tsr_sim *sim, const begun_at *begun);
void describe_op(tsr_buffer *out, const thread *self);
// The same with its place first, unless that is an op's.
void describe_call(tsr_buffer *out, const thread *self);
// Says where `self` is and begins `out`; the rule is appended by the caller.
void start_breach(breach *out, const thread *self);
// Appends the whole message.
void print_breach(const breach *what, tsr_buffer *out);
struct cJSON *breach_to_json(const breach *what);
// Takes `details`, which are about the error of `sim`.
void set_error_details(tsr_sim *sim, struct cJSON *details);
// "noc_async_read at reader.cpp:20"; valid until the next message of `self`.
const char *describe_earlier(thread *self, const begun_at *begun);
// The call that `self` is in.
begun_at begin_here(const thread *self);
TSR_PRINTF(2, 3)
tsr_result fail_host(tsr_sim *sim, const char *format, ...);
// The same where it is this machine that has too little.
TSR_PRINTF(2, 3)
tsr_result fail_machine(tsr_sim *sim, const char *format, ...);

// -- deadlock.c ---------------------------------------------------------------

// Finds the semaphore at L1 address `l1`; false: none is there.
bool find_semaphore(const core *on, uint32_t l1, uint32_t *out_id);
// Notes that `bytes` from `l1` of a core are written to, which may be a
// semaphore's.
void note_change(const core *at, uint32_t l1, const thread *by,
                 const begun_at *begun);
// Makes the error of `sim` a report of who waits for what.
void report_deadlock(tsr_sim *sim);

// -- calls_cb.c ---------------------------------------------------------------

// The circular buffer of the running core.
// fails  there is none with that number
cb_state *find_cb(thread *self, uint32_t cb);

// -- formats.c ----------------------------------------------------------------

typedef enum source_rounding {
  ROUND_NONE, // straight to DST
  ROUND_TF32,
  ROUND_BF16,
  ROUND_FP16
} source_rounding;

// One pair of functions per row of the table: a tile in L1, in faces, to
// row-major values and back.
#define TSR_SIM_FORMAT(id, value, bytes, text, kind)                           \
  void unpack_##id(const char *l1, float *out);                                \
  void pack_##id(const float *tile, char *l1);
#include "tessera/sim_formats.def"

// What arithmetic makes of a NaN, in every unit.
static const uint32_t canonical_nan = 0x7fc00000u;

static inline uint32_t bits_of(float x) {
  uint32_t bits = 0;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline float float_of(uint32_t bits) {
  float x = 0;
  memcpy(&x, &bits, sizeof x);
  return x;
}

// Row-major position of the first element of row `row` of face `face`.
static inline size_t face_row_start(size_t face, size_t row) {
  return (face / 2 * FACE_SIDE + row) * TILE_SIDE + face % 2 * FACE_SIDE;
}

// A tile in L1, in faces, to row-major values and back.
void unpack_tile(uint32_t format, const char *l1, float *out,
                 source_rounding rounding);
// What is left of a tile in a source register.
void truncate_source(float *tile, source_rounding rounding);
void pack_tile_to(uint32_t format, const float *tile, char *l1);

// -- tile_shape.c -------------------------------------------------------------

// The same for a page of a circular buffer, whose tiles may be smaller.
uint32_t cb_tile_bytes(const cb_state *on);
void unpack_cb_tile(const cb_state *on, const char *l1, float *out,
                    source_rounding rounding);
void pack_cb_tile(const cb_state *on, const float *tile, char *l1);

// fails  the call, where tiles have shapes that it does not take
void check_whole_tiles(thread *self, const cb_state *on);
void check_same_shape(thread *self, const cb_state *a, const cb_state *b);
void check_inner_shape(thread *self, const cb_state *a, const cb_state *b);
void round_tile_bf16(float *tile);
void round_tile_fp16(float *tile);
void truncate_tile_fp16(float *tile);
// Rounds to 6 bits of mantissa, as the packer does on the way to a block
// format: nearest, ties away from zero.
void round_tile_e8m6(float *tile);
void transpose_tile(float *tile);
// The upper right and the lower left face change places.
void transpose_faces(float *tile);
// As tile_matmul, rounded to fp16 after every 16 k.
void tile_matmul_fp16(const float *a, const float *b, float *c);

// -- tile_math.c --------------------------------------------------------------

// c += a x b, 32x32 row-major; k ascending, the exact product added with one
// rounding. With `round_bf16` the sum is rounded after every 16 k, as the FPU's
// 16-bit accumulator does.
void tile_matmul(const float *a, const float *b, float *c, bool round_bf16);

// out = a op b
void tile_binary(tsr_sim_setup op, const float *a, const float *b, float *out);
void tile_broadcast(tsr_sim_broadcast kind, float *tile);

// -- sfpu_math.c --------------------------------------------------------------

// Metalium's name of an op.
const char *sfpu_call(tsr_sim_sfpu op);

void sfpu_unary(tsr_sim_sfpu op, float *tile);
void sfpu_binary(tsr_sim_sfpu op, const float *a, const float *b, float *out);
void sfpu_where(const float *condition, const float *a, const float *b,
                float *out);

#endif
