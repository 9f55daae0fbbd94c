// A model of the chip, from the host's side: a device with DRAM and cores,
// programs of kernels, circular buffers and semaphores, and running them.
//
// Functional: data move and values round as on the chip. Each core runs up to
// five threads (two for data movement, and unpack, math, pack) as coroutines
// under a fixed schedule, so a run is the same every time. Kernels are native
// functions that call tessera/sim_calls.h; where they come from, C++ or IR, is
// not the model's business.

#ifndef TESSERA_SIM_H
#define TESSERA_SIM_H

#include "tessera/base.h"
#include "tessera/clock.h"
#include "tessera/sim_calls.h"
#include "tessera/strict.h"
#include "tessera/target.h"

struct tsr_buffer;

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tsr_sim tsr_sim;
typedef struct tsr_sim_program tsr_sim_program;

// -- Formats ------------------------------------------------------------------

typedef enum tsr_sim_format {
#define TSR_SIM_FORMAT(id, value, bytes, text, kind) TSR_SIM_##id = (value),
#include "tessera/sim_formats.def"
} tsr_sim_format;

// What DST holds of a format's values. Formats with exponents of 8 bits and of
// 5 bits do not go together in one kernel.
typedef enum tsr_sim_kind {
  TSR_SIM_KIND_FLOAT, // fp32: goes with both
  TSR_SIM_KIND_WIDE,  // 8 bits of exponent
  TSR_SIM_KIND_HALF,  // 5 bits
  TSR_SIM_KIND_INTEGER
} tsr_sim_kind;

// Bytes of one 32x32 tile; 0: the model has no such format.
uint32_t tsr_sim_tile_bytes(uint32_t format);

// "Float16_b"; NULL: the model has no such format.
const char *tsr_sim_format_name(uint32_t format);

// TSR_SIM_KIND_FLOAT where the model has no such format.
tsr_sim_kind tsr_sim_format_kind(uint32_t format);

// -- Device -------------------------------------------------------------------

// Returns a device as `target` describes it.
//
// fails  NULL when the addresses for L1 cannot be mapped, or TESSERA_PATIENCE
// or
//        TESSERA_SILENT_SECONDS in the environment, which say how long kernels
//        may go on without progress, is no number; `error` holds why
// owns   destroy with tsr_sim_destroy, after its programs
tsr_sim *tsr_sim_create(const tsr_target *target, char *error,
                        size_t error_bytes);
void tsr_sim_destroy(tsr_sim *sim);

const tsr_target *tsr_sim_target(const tsr_sim *sim);

// Why the last call on `sim` or one of its programs failed: one line, or a
// report of several. Without a final newline.
const char *tsr_sim_error(const tsr_sim *sim);

// NoC coordinates of a worker core.
// fails  the core is outside the grid
TSR_MUST_USE tsr_result tsr_sim_noc_of_core(tsr_sim *sim, uint32_t x,
                                            uint32_t y, uint32_t *out_noc_x,
                                            uint32_t *out_noc_y);

void tsr_sim_set_strict(tsr_sim *sim, tsr_sim_strict strict);

// What the last call failed for.
typedef enum tsr_sim_error_kind {
  TSR_SIM_ERROR_SETUP,   // what the host asked for
  TSR_SIM_ERROR_MACHINE, // this machine has too little of something
  TSR_SIM_ERROR_RULE,    // a kernel broke it
  TSR_SIM_ERROR_DEADLOCK,
} tsr_sim_error_kind;
tsr_sim_error_kind tsr_sim_error_get_kind(const tsr_sim *sim);

// Where the kernel was that the error is about, of several the first one;
// `{NULL, 0, 0}` when it is about none.
tsr_sim_where tsr_sim_error_where(const tsr_sim *sim);

// What the error is about, for programs to read: a JSON object, "" when it is
// about no kernel. A broken rule has program, core, kernel, thread, op and
// rule; a deadlock who waits for what.
const char *tsr_sim_error_details(const tsr_sim *sim);

// For kernels that are made from ops and not from C++: appends `op`, as places
// number it, as it is written. Messages then name ops instead of Metalium's
// calls, and leave out the place itself, which the host has.
typedef void tsr_sim_op_name(void *context, uint32_t op,
                             struct tsr_buffer *out);
// Its mnemonic alone, for the clock; lasts as long as the program.
typedef const char *tsr_sim_op_mnemonic(void *context, uint32_t op);
void tsr_sim_set_op_names(tsr_sim *sim, tsr_sim_op_name *name,
                          tsr_sim_op_mnemonic *mnemonic, void *context);

// What the host wants kernels to find, and how a kernel's thread finds it: the
// entries of kernels take no argument.
void tsr_sim_set_user(tsr_sim *sim, const void *user);
const void *tsr_sim_get_user(void);

// Whom to tell of warnings and notes; once for each place of a kernel and run.
// `details` are those of an error.
typedef enum tsr_sim_severity {
  TSR_SIM_NOTE,
  TSR_SIM_WARNING
} tsr_sim_severity;
typedef void tsr_sim_listener(void *context, tsr_sim_severity severity,
                              tsr_sim_where where, const char *text,
                              const char *details);
void tsr_sim_set_listener(tsr_sim *sim, tsr_sim_listener *listener,
                          void *context);

// Whom to give the lines that kernels print, without their ends: by core and
// thread in the order in which they are printed, and core after core. Without
// one, printing costs nothing and does nothing.
typedef void tsr_sim_printer(void *context, uint32_t x, uint32_t y,
                             uint32_t processor, const char *line);
void tsr_sim_set_printer(tsr_sim *sim, tsr_sim_printer *printer, void *context);

// How many host threads run the cores; 0: as many as there are processors. 1 is
// the default, since kernels that use anything but the model must be ready for
// it. A run is the same on any number of them, messages included.
void tsr_sim_set_threads(tsr_sim *sim, size_t count);

// Told now and then, while a program runs, how many more writes of data have
// arrived: by the host thread that called tsr_sim_run, between kernels' turns.
typedef void tsr_sim_progress(void *context, uint64_t writes);
void tsr_sim_set_progress(tsr_sim *sim, tsr_sim_progress *progress,
                          void *context);

// Whom to tell what programs do, so that it finds out how long they take; NULL:
// nobody. What they do never depends on it.
//
// in     `clock`: for the same target; outlives its programs
void tsr_sim_set_clock(tsr_sim *sim, tsr_clock *clock);

// -- Buffers: pages over banks ------------------------------------------------

typedef enum tsr_sim_memory { TSR_SIM_DRAM, TSR_SIM_L1 } tsr_sim_memory;

// Allocates `bytes` in pages of `page_bytes`: page p lies in bank p mod the
// number of banks (the cores, for L1), each bank at the same address.
//
// fails  `bytes` is no multiple of `page_bytes`, or memory is exhausted
TSR_MUST_USE tsr_result tsr_sim_alloc(tsr_sim *sim, tsr_sim_memory memory,
                                      uint64_t bytes, uint32_t page_bytes,
                                      uint64_t *out_address);

// How the pages of a sharded buffer lie. Shapes count pages, outermost first;
// shards are numbered in row-major order, and shard s lies in bank
// banks[s mod bank_count]: a DRAM bank, or a core, counted along the rows of
// the grid.
enum { TSR_SIM_RANK_MAX = 8 };
typedef struct tsr_sim_shards {
  uint32_t rank;
  const uint32_t *tensor_pages;
  const uint32_t *shard_pages;
  const uint32_t *banks; // each once
  uint32_t bank_count;
} tsr_sim_shards;

// Allocates a sharded buffer of pages of `page_bytes`. The address is free in
// every bank, whether it gets shards or not.
//
// fails  a shape with a zero, banks that do not exist or are named twice, or
//        memory is exhausted
TSR_MUST_USE tsr_result tsr_sim_alloc_sharded(tsr_sim *sim,
                                              tsr_sim_memory memory,
                                              uint32_t page_bytes,
                                              const tsr_sim_shards *shards,
                                              uint64_t *out_address);

// Bytes that the buffer at `address` takes in a bank; 0: there is none.
uint64_t tsr_sim_bank_bytes(tsr_sim *sim, tsr_sim_memory memory,
                            uint64_t address);

void tsr_sim_free(tsr_sim *sim, tsr_sim_memory memory, uint64_t address);

// Copies between host memory and a buffer, in page order from its start.
// fails  no buffer at `address`, or `bytes` is more than it holds
TSR_MUST_USE tsr_result tsr_sim_upload(tsr_sim *sim, tsr_sim_memory memory,
                                       uint64_t address, const void *data,
                                       uint64_t bytes);
TSR_MUST_USE tsr_result tsr_sim_download(tsr_sim *sim, tsr_sim_memory memory,
                                         uint64_t address, void *data,
                                         uint64_t bytes);

// L1 of the core at (x, y), from `address` on: where it is on the host.
// fails  NULL when the core does not exist, or `bytes` go beyond its L1
void *tsr_sim_l1(tsr_sim *sim, uint32_t x, uint32_t y, uint32_t address,
                 uint32_t bytes);

// -- Programs -----------------------------------------------------------------

// A rectangle of cores, both corners included; x counts columns.
typedef struct tsr_sim_range {
  uint32_t x0, y0, x1, y1;
} tsr_sim_range;

typedef struct tsr_sim_cores {
  const tsr_sim_range *ranges;
  size_t range_count;
} tsr_sim_cores;

// owns   destroy with tsr_sim_program_destroy, before the device
tsr_sim_program *tsr_sim_program_create(tsr_sim *sim);
void tsr_sim_program_destroy(tsr_sim_program *program);

// What messages call the program: `name`, which is copied, in place of a
// number, from 1.
void tsr_sim_program_set_name(tsr_sim_program *program, const char *name);

// One index of a circular buffer; several share its memory.
typedef struct tsr_sim_cb_index {
  uint32_t cb;
  uint32_t format;
  uint32_t page_bytes; // 0: not set, an error
  // Of a tile: 1, 2, 4, 8, 16 or 32 rows, 16 or 32 columns; 0: 32.
  uint32_t tile_rows, tile_cols;
  const char *name; // for messages, copied; NULL: its number
} tsr_sim_cb_index;

typedef struct tsr_sim_cb_config {
  uint64_t bytes;
  const tsr_sim_cb_index *indices;
  size_t index_count;
  bool is_global;   // placed at `address`, over an L1 buffer
  uint64_t address; // where is_global
} tsr_sim_cb_config;

TSR_MUST_USE tsr_result tsr_sim_add_cb(tsr_sim_program *program,
                                       tsr_sim_cores cores,
                                       const tsr_sim_cb_config *config);

// Changes size, page sizes and place of the `cb`-th circular buffer that was
// added; its indices stay what they are.
TSR_MUST_USE tsr_result tsr_sim_update_cb(tsr_sim_program *program, size_t cb,
                                          const tsr_sim_cb_config *config);

TSR_MUST_USE tsr_result tsr_sim_add_semaphore(tsr_sim_program *program,
                                              tsr_sim_cores cores,
                                              uint32_t initial,
                                              uint32_t *out_id);

// The processors of a core, and so its threads.
typedef enum tsr_sim_processor {
  TSR_SIM_BRISC,
  TSR_SIM_NCRISC,
  TSR_SIM_UNPACK,
  TSR_SIM_MATH,
  TSR_SIM_PACK,
  TSR_SIM_PROCESSOR_COUNT
} tsr_sim_processor;

typedef struct tsr_sim_kernel_config {
  const char *name; // for messages; copied
  bool is_compute;  // else data movement, on `processor` and `noc`
  tsr_sim_processor processor;
  uint32_t noc;
  bool dynamic_noc;  // it may use both NoCs
  uint32_t fidelity; // passes of the FPU: 1 to 4; recorded
  bool fp32_acc;     // 32-bit DST
  bool full_sync;
  uint64_t unpack_to_dst; // bit i: circular buffer i goes to DST unrounded
  bool bfp_pack_precise;  // block formats are packed with one rounding, not two
  bool is_generated;      // by the compiler, which pops all it waits for
  // Makes calls in every round of its loops, or tells the model of them: needs
  // no watch over the time that it takes.
  bool counts_rounds;
} tsr_sim_kernel_config;

TSR_MUST_USE tsr_result tsr_sim_add_kernel(tsr_sim_program *program,
                                           tsr_sim_cores cores,
                                           const tsr_sim_kernel_config *config,
                                           uint32_t *out_kernel);

// Sets the code of a kernel's thread; a compute kernel has three.
typedef void tsr_sim_entry(void);
void tsr_sim_set_entry(tsr_sim_program *program, uint32_t kernel,
                       tsr_sim_processor processor, tsr_sim_entry *entry);

// Code that has variables: a shared object as it was loaded, of which no code
// has run and nothing may be changed. Offsets count from its first byte.
typedef struct tsr_sim_image_part {
  size_t start;
  size_t bytes;
  bool is_code;
  bool is_writable;
} tsr_sim_image_part;

typedef struct tsr_sim_image {
  const char *start; // of a page
  size_t bytes;      // whole pages
  const tsr_sim_image_part *parts;
  size_t part_count;
  const size_t *pointers; // words that hold addresses of this object
  size_t pointer_count;
  size_t entry; // of a tsr_sim_entry
} tsr_sim_image;

// Which line of a kernel's own source is at `code`, an address in the object
// that was loaded. False: none that is known.
typedef bool tsr_sim_find_line(const void *lines, const void *code,
                               tsr_sim_where *out);
// What is said of a loop without calls names its line then. `lines` must stay
// as long as the program does, and the file's name as long as messages do.
void tsr_sim_set_lines(tsr_sim_program *program, uint32_t kernel,
                       tsr_sim_processor processor, tsr_sim_find_line *find,
                       const void *lines);

// The data memory of a processor, for a kernel's variables and its stack.
uint32_t tsr_sim_local_bytes(const tsr_target *target,
                             tsr_sim_processor processor);

// In place of tsr_sim_set_entry: every thread on every core gets a copy of its
// own, made anew for each run. `image` must stay as long as the program does.
void tsr_sim_set_image(tsr_sim_program *program, uint32_t kernel,
                       tsr_sim_processor processor, const tsr_sim_image *image);

// fails  too many words; another count than before on that core; a core that
//        the kernel is not on
TSR_MUST_USE tsr_result tsr_sim_set_args(tsr_sim_program *program,
                                         uint32_t kernel, uint32_t x,
                                         uint32_t y, const uint32_t *words,
                                         size_t count);
TSR_MUST_USE tsr_result tsr_sim_set_common_args(tsr_sim_program *program,
                                                uint32_t kernel,
                                                const uint32_t *words,
                                                size_t count);

// The words that were set, which the caller may change, and how many they are;
// NULL and 0 where none were. They stay where they are.
// fails  no such kernel, or it is not on that core
TSR_MUST_USE tsr_result tsr_sim_get_args(tsr_sim_program *program,
                                         uint32_t kernel, uint32_t x,
                                         uint32_t y, uint32_t **out_words,
                                         size_t *out_count);
TSR_MUST_USE tsr_result tsr_sim_get_common_args(tsr_sim_program *program,
                                                uint32_t kernel,
                                                uint32_t **out_words,
                                                size_t *out_count);

// Runs `program` to its end.
//
// fails  a kernel broke a rule, or none can proceed; tsr_sim_error has the
//        report
TSR_MUST_USE tsr_result tsr_sim_run(tsr_sim_program *program);

// What runs in the calling thread of the host, as given to the program.
typedef struct tsr_sim_place {
  const char *program, *kernel;
  uint32_t x, y; // the core
} tsr_sim_place;

// For handlers of signals, which call it while a kernel runs; false: none does.
bool tsr_sim_find_place(tsr_sim_place *out);

// -- Parts of the model that stand alone --------------------------------------

// The model's own special functions: the same bits on every machine.
float tsr_sim_exp(float x);

// fp32 to bf16 and back to fp32: nearest with ties away from zero (packer,
// 16-bit DST), and cut off (unpacker). To tf32, cut off. Denormals become zero
// and keep their sign.
float tsr_sim_round_bf16(float x);
float tsr_sim_truncate_bf16(float x);
float tsr_sim_truncate_tf32(float x);
// The same for fp16, which has no infinities here: too large becomes largest.
float tsr_sim_round_fp16(float x);
float tsr_sim_truncate_fp16(float x);

#ifdef __cplusplus
}
#endif

#endif
