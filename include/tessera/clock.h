// The clock: how long a program takes on the chip.
//
// Apart from the run itself. Running a program gives, for every thread (core
// and processor), a stream of events: what it called, with the numbers that
// cost time. The clock reads the streams and plays them through a model of what
// the cores share (NoC links, DRAM banks, circular buffers, semaphores, source
// registers and DST), event by event in order of time. So numbers, errors and
// the schedule of a run never depend on the clock, and equal streams take equal
// time, whoever made them.
//
// Time is counted in whole ticks: no machine rounds it differently.
//
// A thread's stream begins when its kernel does and ends with TSR_CLOCK_END, or
// with TSR_CLOCK_STOP.
// Calls that may block are recorded before they do, so that the clock can go on
// while the thread cannot.

#ifndef TESSERA_CLOCK_H
#define TESSERA_CLOCK_H

#include "tessera/base.h"
#include "tessera/sim_calls.h"
#include "tessera/target.h"

TSR_BEGIN_DECLS

// Ticks of one cycle of the AI clock.
enum { TSR_CLOCK_TICKS = 256 };

// Threads of a core, numbered as tsr_sim_processor numbers them.
enum { TSR_CLOCK_PROCESSORS = 5 };

// -- Events -------------------------------------------------------------------

typedef enum tsr_clock_kind {
  // Every thread. CB_*: `cb`.
  TSR_CLOCK_ARG,   // reads one runtime argument
  TSR_CLOCK_DELAY, // does nothing for `cycles`
  TSR_CLOCK_CB_RESERVE,
  TSR_CLOCK_CB_PUSH,
  TSR_CLOCK_CB_WAIT,
  TSR_CLOCK_CB_POP,
  // Data movement: `noc`.
  TSR_CLOCK_ADDRESS,        // finds the bank of a page
  TSR_CLOCK_READ_STATE,     // sets source and size of reads to come
  TSR_CLOCK_READ,           // from `endpoint` to this core
  TSR_CLOCK_WRITE,          // from this core to `endpoint`
  TSR_CLOCK_WORD,           // the same, one word in the command itself
  TSR_CLOCK_INCREMENT,      // adds to a word in `endpoint`
  TSR_CLOCK_MULTICAST,      // to all cores of a rectangle
  TSR_CLOCK_READ_BARRIER,   // of one transaction id, or all
  TSR_CLOCK_WRITE_BARRIER,  // the same
  TSR_CLOCK_WRITES_FLUSHED, // of all
  TSR_CLOCK_ATOMIC_BARRIER,
  // Words of this core's L1 that cores signal with: `semaphore`.
  TSR_CLOCK_SEMAPHORE_SET,
  TSR_CLOCK_SEMAPHORE_WAIT, // until equal
  TSR_CLOCK_SEMAPHORE_WAIT_MIN,
  // Compute: `compute`.
  TSR_CLOCK_STARTUP,  // compute_kernel_hw_startup and its like
  TSR_CLOCK_INIT,     // an init for `setup`, or for `sfpu`
  TSR_CLOCK_RECONFIG, // other formats, accumulation or relu
  TSR_CLOCK_UNPACK,   // fills a bank of the source registers for `setup`
  TSR_CLOCK_MATH,     // the FPU does `setup` on a bank of them
  TSR_CLOCK_SFPU,     // the vector unit does `sfpu`
  TSR_CLOCK_PACK,     // one tile of DST to a circular buffer
  TSR_CLOCK_DST_ACQUIRE,
  TSR_CLOCK_DST_COMMIT,
  TSR_CLOCK_DST_WAIT,
  TSR_CLOCK_DST_RELEASE,
  // Zones are named by `call`, and nest.
  TSR_CLOCK_ZONE_BEGIN,
  TSR_CLOCK_ZONE_END,
  TSR_CLOCK_END,
  TSR_CLOCK_STOP, // the run failed here: `cause` is what the thread waits for
  TSR_CLOCK_KIND_COUNT
} tsr_clock_kind;

// The other end of a transfer.
typedef enum tsr_clock_memory {
  TSR_CLOCK_L1,  // of core number `endpoint`: y * columns + x
  TSR_CLOCK_DRAM // bank number `endpoint`
} tsr_clock_memory;

// No transaction id: a barrier for all of them.
enum { TSR_CLOCK_ALL_TRANSACTIONS = 255 };

typedef struct tsr_clock_cb_event {
  uint32_t cb;
  uint32_t pages;
} tsr_clock_cb_event;

typedef struct tsr_clock_noc_event {
  uint8_t noc;
  uint8_t memory;      // tsr_clock_memory
  uint8_t transaction; // id; 0 where the kernel gives none
  bool stateful : 1;   // registers were set before: a shorter issue
  bool posted : 1;     // nobody acknowledges it
  bool linked : 1;     // multicast: keeps its path for the next one
  bool with_source : 1;
  bool is_increment : 1;  // multicast: adds `value`
  bool has_value : 1;     // writes `value` to one word
  uint16_t endpoint;      // core or bank
  uint8_t x0, y0, x1, y1; // multicast: corners, positions in the grid
  uint32_t bytes;
  uint32_t
      address;    // in the endpoint's L1, of word, increment or one-word write
  uint32_t value; // written or added
} tsr_clock_noc_event;

typedef struct tsr_clock_semaphore_event {
  uint32_t address; // in this core's L1
  uint32_t value;
} tsr_clock_semaphore_event;

// An op of the compute engine. Ops that work on blocks of tiles are recorded
// tile by tile, with the block they belong to.
typedef struct tsr_clock_compute_event {
  uint8_t setup;    // tsr_sim_setup: of the op, or set by the init
  uint8_t sfpu;     // tsr_sim_sfpu
  uint8_t format_a; // in L1: of SrcA, or of what is packed (tsr_sim_format)
  uint8_t format_b; // of SrcB
  uint8_t broadcast;
  uint8_t reuse;
  uint8_t rows, cols; // of the block of tiles a matmul works on
  uint16_t depth;     // of that block; of the vector unit: how often its number
                      // counts, 0: once
  bool has_a : 1;     // unpack: fills SrcA, SrcB
  bool has_b : 1;
  bool to_dst : 1; // unpack: past the source registers
  bool transpose : 1;
  bool accumulate : 1; // pack: adds to what L1 holds
  bool relu : 1;
  bool tilize : 1;    // unpack: rows to tiles
  bool untilize : 1;  // pack: tiles to rows
  uint8_t iterations; // of the vector unit over one tile; 0: all
  uint8_t param;      // what else an op needs to know, by op
} tsr_clock_compute_event;

typedef struct tsr_clock_event {
  // Of the model's own, as in messages, and of the IR's op that made it; NULL:
  // none. Both last as long as the program.
  const char *call;
  const char *op;
  const char *file; // of the kernel's source, or NULL
  uint32_t line;
  uint8_t kind; // tsr_clock_kind
  union {
    uint32_t cycles;
    uint32_t cause; // tsr_clock_cause
    tsr_clock_cb_event cb;
    tsr_clock_noc_event noc;
    tsr_clock_semaphore_event semaphore;
    tsr_clock_compute_event compute;
  };
} tsr_clock_event;

// -- What runs ----------------------------------------------------------------

// A kernel, for costs and reports.
typedef struct tsr_clock_kernel {
  const char *name; // lasts as long as the program
  bool is_compute;
  uint32_t fidelity; // passes of the FPU: 1 to 4
  bool fp32_acc;
  bool full_sync;
  bool approx;
  uint32_t core_count;
  uint32_t arg_count; // words per core, the most on any
  uint32_t common_arg_count;
} tsr_clock_kernel;

typedef struct tsr_clock_program {
  const char *name; // as in messages; lasts as long as the program
  const tsr_clock_kernel *kernels;
  size_t kernel_count;
  uint32_t cb_count; // of the core with the most
  uint32_t semaphore_count;
  uint32_t core_count; // with any kernel
} tsr_clock_program;

// -- Results ------------------------------------------------------------------

typedef enum tsr_clock_cause {
#define TSR_CLOCK_CAUSE(id, name, summary) TSR_CLOCK_##id,
#include "tessera/clock_causes.def"
  TSR_CLOCK_CAUSE_COUNT
} tsr_clock_cause;

// "cb-space"
const char *tsr_clock_cause_name(tsr_clock_cause cause);

// One call: first it stalls, then it is busy. Times are ticks since the clock
// was made; programs follow each other.
typedef struct tsr_clock_span {
  uint32_t core;
  uint32_t processor;
  const tsr_clock_event *event; // valid during the call only
  uint64_t start;
  uint64_t stalled;      // ticks of [start,end) before it was busy
  tsr_clock_cause cause; // of the stall; BUSY where there was none
  uint64_t end;
} tsr_clock_span;

// A stretch of a kernel between ZONE_BEGIN and ZONE_END.
typedef struct tsr_clock_zone {
  uint32_t core;
  uint32_t processor;
  const char *name;
  uint32_t depth; // 0: in no other zone
  uint64_t start;
  uint64_t end;
} tsr_clock_zone;

// Data of one packet, from the first byte's departure to the last's arrival.
typedef struct tsr_clock_transfer {
  uint32_t core; // that asked for it
  uint32_t processor;
  uint32_t noc;
  tsr_clock_kind kind; // READ to MULTICAST
  tsr_clock_memory memory;
  uint32_t endpoint;
  uint32_t bytes;
  uint64_t start;
  uint64_t end;
} tsr_clock_transfer;

typedef struct tsr_clock_thread_result {
  uint32_t core;
  uint32_t processor;
  const tsr_clock_kernel *kernel;
  uint64_t start; // of the kernel's main function
  uint64_t end;
  uint64_t ticks[TSR_CLOCK_CAUSE_COUNT]; // their sum is end - start
  uint64_t tile_macs;                    // math: tile products
  uint64_t engine_ticks; // math: the FPU or the vector unit at work
  uint64_t read_bytes;
  uint64_t written_bytes; // a multicast counts once
} tsr_clock_thread_result;

// A link leaves the router at (x,y) of its NoC, in NoC 0's physical
// coordinates.
typedef struct tsr_clock_link_result {
  uint32_t noc;
  uint32_t x, y;
  bool vertical;
  uint64_t bytes;
  uint64_t busy; // ticks
} tsr_clock_link_result;

typedef struct tsr_clock_bank_result {
  uint64_t read_bytes;
  uint64_t written_bytes;
  uint64_t busy; // ticks
} tsr_clock_bank_result;

// What a program took. Valid during the listener's `ended` only.
typedef struct tsr_clock_result {
  const tsr_clock_program *program;
  uint64_t dispatched; // the launch began
  uint64_t started;    // the first kernel began
  uint64_t finished;   // the last kernel ended
  uint64_t ended;      // the launch was over, and the next may begin
  const tsr_clock_thread_result *threads;
  size_t thread_count;
  const tsr_clock_link_result *links; // all, on both NoCs
  size_t link_count;
  const tsr_clock_bank_result *banks;
  size_t bank_count;
} tsr_clock_result;

// Told while the clock runs; any entry may be NULL. A thread's spans come in
// order of time; those of different threads nearly so.
typedef struct tsr_clock_listener {
  void *context;
  void (*began)(void *context, const tsr_clock_program *program,
                uint64_t dispatched);
  void (*span)(void *context, const tsr_clock_span *span);
  void (*zone)(void *context, const tsr_clock_zone *zone);
  void (*transfer)(void *context, const tsr_clock_transfer *transfer);
  // Circular buffer `cb` of `core` holds `pages` from `at` on.
  void (*fill)(void *context, uint32_t core, uint32_t cb, uint32_t pages,
               uint64_t at);
  void (*ended)(void *context, const tsr_clock_result *result);
} tsr_clock_listener;

// -- Costs --------------------------------------------------------------------
// What one thread's work takes by itself, from the numbers of the target.

// Ticks the thread is busy with a compute event (STARTUP to DST_RELEASE), or
// with the part of it that its unit overlaps with nothing of the same thread.
uint64_t tsr_cost_compute(const tsr_target *target,
                          const tsr_clock_kernel *kernel,
                          const tsr_clock_event *event);

// How a program starts and ends, in ticks.
typedef struct tsr_clock_launch {
  uint64_t dispatch; // from the launch to the first kernel's first instruction
  uint64_t skew;     // between the first core's start and the last one's
  uint64_t tail;     // from the last kernel's end to the end of the launch
} tsr_clock_launch;

// What launching a program costs beside its kernels.
tsr_clock_launch tsr_cost_launch(const tsr_target *target,
                                 const tsr_clock_program *program);

// -- The clock ----------------------------------------------------------------

typedef struct tsr_clock tsr_clock;
typedef struct tsr_clock_stream tsr_clock_stream;

// in     `target`: copied
// owns   destroy with tsr_clock_destroy
tsr_clock *tsr_clock_create(const tsr_target *target);
void tsr_clock_destroy(tsr_clock *dead);

// in     `listener`: copied
// fails  false: the clock has as many as it can tell
bool tsr_clock_add_listener(tsr_clock *clock,
                            const tsr_clock_listener *listener);

// Ticks since the clock was made: the end of the last program.
uint64_t tsr_clock_now(const tsr_clock *clock);

// Begins a program; what is added next belongs to it.
//
// in     `program`: lasts until tsr_clock_end
void tsr_clock_begin(tsr_clock *clock, const tsr_clock_program *program);
void tsr_clock_add_cb(tsr_clock *clock, uint32_t core, uint32_t cb,
                      uint32_t pages);
void tsr_clock_set_word(tsr_clock *clock, uint32_t core, uint32_t address,
                        uint32_t value);
// Returns where the thread's events go.
// in     `kernel`: number in the program's kernels
tsr_clock_stream *tsr_clock_add_thread(tsr_clock *clock, uint32_t core,
                                       uint32_t processor, uint32_t kernel);

// Notes an event. Streams do not share anything: threads of the host may write
// to different ones at once, though not during tsr_clock_drain.
void tsr_clock_record(tsr_clock_stream *stream, const tsr_clock_event *event);

// Goes on as far as the events that are there decide what comes next.
void tsr_clock_drain(tsr_clock *clock);

// Ends the program: all streams have ended, or will not go on.
void tsr_clock_end(tsr_clock *clock);

TSR_END_DECLS

#endif
