// What a kernel may call: the model of the chip as seen from one of a core's
// five threads. The Metalium headers of runtime/metalium are thin names over
// these, and kernels compiled from IR call them directly.
//
// Every function acts for the thread that is running, may let other threads
// run, and does not return when the program is wrong: the model then ends the
// program with a message naming core, kernel, thread and call. `where` is the
// place of the call in the kernel's source; `{NULL, 0, 0}` when there is none.
//
// Self-contained and small on purpose: it is compiled with every kernel.

#ifndef TESSERA_SIM_CALLS_H
#define TESSERA_SIM_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

// `op` is a number that the host can name (tsr_sim_set_op_names), 0 in C++.
typedef struct tsr_sim_where {
  const char *file;
  uint32_t line;
  uint32_t op;
} tsr_sim_where;

// Until the end that goes with it, messages and the clock take what this thread
// calls for one call with this name at this place: a function of Metalium may
// be several calls of the model, or one that has another name there. Of
// functions that call each other the outermost counts, which is the one that
// the kernel's author wrote. `is_method`: of an object; messages then advise
// methods. `name` lasts as long as the program.
void tsr_sim_begin_call(const char *name, bool is_method, tsr_sim_where where);
void tsr_sim_end_call(void);

// -- Every thread -------------------------------------------------------------

// Runtime arguments of this kernel on this core, one 32-bit word each.
// fails  index beyond what the host set
uint32_t tsr_sim_arg(uint32_t index, tsr_sim_where where);
uint32_t tsr_sim_common_arg(uint32_t index, tsr_sim_where where);

// L1 address of an argument.
uint32_t tsr_sim_arg_address(uint32_t index, tsr_sim_where where);
uint32_t tsr_sim_common_arg_address(uint32_t index, tsr_sim_where where);

// Position of this core: in the device's grid, within its kernel's cores, and
// on the NoC.
uint32_t tsr_sim_logical_x(void);
uint32_t tsr_sim_logical_y(void);
uint32_t tsr_sim_relative_x(void);
uint32_t tsr_sim_relative_y(void);
uint32_t tsr_sim_noc_x(void);
uint32_t tsr_sim_noc_y(void);

// The kernel waits for that long. Without a clock it takes no time.
void tsr_sim_delay(uint32_t cycles, tsr_sim_where where);

// A stretch of the kernel that the clock reports on by its name, which lasts as
// long as the program. Zones nest.
void tsr_sim_zone_begin(const char *name, tsr_sim_where where);
void tsr_sim_zone_end(const char *name, tsr_sim_where where);

// Ends the program: `call` was given what it cannot work with.
#ifdef __GNUC__
__attribute__((noreturn))
#endif
void tsr_sim_fail(const char *call, const char *why, tsr_sim_where where);

// -- Printing -----------------------------------------------------------------
// A thread's text appears line by line. Values look as C++ streams make them.

typedef enum tsr_sim_print_setting {
  TSR_SIM_PRINT_BASE, // of integers: 8, 10, 16
  TSR_SIM_PRINT_PRECISION,
  TSR_SIM_PRINT_FIXED, // 1: digits behind the point, 0: as short as it goes
  TSR_SIM_PRINT_WIDTH, // of the next value
  TSR_SIM_PRINT_SETTING_COUNT
} tsr_sim_print_setting;

// Appends to the line of this thread; what tsr_sim_print_set says holds for the
// values behind it.
void tsr_sim_print_text(const char *text);
void tsr_sim_print_signed(int64_t value);
void tsr_sim_print_unsigned(uint64_t value);
void tsr_sim_print_float(double value);
void tsr_sim_print_set(tsr_sim_print_setting what, int value);
// Ends the line, unless a tile was printed last, whose rows end lines.
void tsr_sim_print_end_line(void);

// Which elements of a circular buffer's tile to print.
typedef struct tsr_sim_print_slice {
  uint32_t cb;
  int32_t tile; // from the page that the pointer is at
  bool at_write_ptr;
  uint32_t row_begin, row_end, row_step;
  uint32_t col_begin, col_end, col_step;
  uint32_t max_bytes; // of values; block formats: two for each
  bool ends_rows;     // a line for each row
  bool in_faces;      // else the page holds rows as a matrix does
} tsr_sim_print_slice;

// Prints what L1 holds at this moment, whoever it belongs to.
void tsr_sim_print_tile(const tsr_sim_print_slice *slice, tsr_sim_where where);

// -- Circular buffers ---------------------------------------------------------

// The protocol of a circular buffer, in pages: its producer reserves room and
// pushes, its consumer waits and pops. Reserve and wait block until there is
// that much.
//
// fails  what the rules in docs/model.md forbid: more pages than there are, a
// push
//        of what is not reserved, counts that do not wrap, ...
void tsr_sim_cb_reserve(uint32_t cb, uint32_t pages, tsr_sim_where where);
void tsr_sim_cb_push(uint32_t cb, uint32_t pages, tsr_sim_where where);
void tsr_sim_cb_wait(uint32_t cb, uint32_t pages, tsr_sim_where where);
void tsr_sim_cb_pop(uint32_t cb, uint32_t pages, tsr_sim_where where);

// Without blocking: would reserve, or wait, return at once?
bool tsr_sim_cb_can_reserve(uint32_t cb, uint32_t pages, tsr_sim_where where);
bool tsr_sim_cb_can_wait(uint32_t cb, uint32_t pages, tsr_sim_where where);

// L1 addresses of the first page reserved and of the first waited for, and what
// the buffer is made of; `format` as in sim_formats.def.
uint32_t tsr_sim_cb_write_ptr(uint32_t cb, tsr_sim_where where);
uint32_t tsr_sim_cb_read_ptr(uint32_t cb, tsr_sim_where where);
uint32_t tsr_sim_cb_end(uint32_t cb, tsr_sim_where where); // of its memory
uint32_t tsr_sim_cb_page_bytes(uint32_t cb, tsr_sim_where where);
uint32_t tsr_sim_cb_pages(uint32_t cb, tsr_sim_where where);
uint32_t tsr_sim_cb_tile_bytes(uint32_t cb, tsr_sim_where where);
uint32_t tsr_sim_cb_tile_rows(uint32_t cb, tsr_sim_where where);
uint32_t tsr_sim_cb_tile_cols(uint32_t cb, tsr_sim_where where);
uint32_t tsr_sim_cb_format(uint32_t cb, tsr_sim_where where);

// -- Memory of the kernel's own -----------------------------------------------

// The kernel is about to write `bytes` from L1 address `l1` itself.
void tsr_sim_l1_write(uint32_t l1, uint32_t bytes, tsr_sim_where where);

// An access through a pointer, wherever it leads. What is in this core's L1 is
// held against the rules for pages; a kernel that reads the same word again and
// again lets others run. Messages are about the kernel's last call. `align`:
// the address must be a multiple of it, as the instruction needs it; 1: any is
// good. fails  in another core's L1
void tsr_sim_pointer_read(const void *at, uint32_t bytes, uint32_t align);
void tsr_sim_pointer_write(const void *at, uint32_t bytes, uint32_t align);

// A kernel goes on, as it does in a loop without calls; `frame` is where its
// stack has got to, `code` where it is itself. Whoever compiles it may call
// this from every block: others get their turn, an endless loop is found, and a
// stack that is too large. fails  more stack than the processor has
void tsr_sim_step(const void *frame, const void *code);

// The same of a loop before it begins, for whoever compiles loops whose length
// is known: in `rounds` of them the kernel may make no call. They count as so
// many steps, so this takes as long as others need meanwhile, and a loop that
// nobody could wait for is found before its first round.
void tsr_sim_rounds(uint64_t rounds, tsr_sim_where where);

// -- Data movement: NoC and semaphores ----------------------------------------
// A NoC address holds the endpoint's coordinates and a local address. For L1
// the local address counts modulo the spacing of the cores, so a peer's address
// may be made from one's own pointer.

// Addresses made of coordinates: of any endpoint, of this core, and whether one
// is; of a rectangle of cores, corners in the order of the NoC.
uint64_t tsr_sim_noc_address(uint32_t x, uint32_t y, uint32_t local);
uint64_t tsr_sim_noc_address_self(uint32_t local);
bool tsr_sim_noc_is_self(uint64_t address);
uint64_t tsr_sim_noc_multicast_address(uint32_t x_start, uint32_t y_start,
                                       uint32_t x_end, uint32_t y_end,
                                       uint32_t local);

// Address in one bank; `is_dram` false: L1 of core number `bank`.
uint64_t tsr_sim_noc_address_of_bank(bool is_dram, uint32_t bank,
                                     uint32_t local, tsr_sim_where where);

// Address of a page of an interleaved buffer, `offset` bytes into it.
uint64_t tsr_sim_noc_address_of_page(bool is_dram, uint32_t base,
                                     uint32_t page_bytes, uint32_t page,
                                     uint32_t offset, tsr_sim_where where);

// Fails when the buffer at `base` is sharded, has no such page or pages of
// another size.
void tsr_sim_check_page(bool is_dram, uint32_t base, uint32_t page_bytes,
                        uint32_t page, tsr_sim_where where);

// The same for a sharded buffer; also when the page is not at `address`, which
// the caller has found from what it knows of the shards. `page_bytes` is the
// distance of pages.
void tsr_sim_check_shard_page(bool is_dram, uint32_t base, uint32_t page_bytes,
                              uint32_t page, uint64_t address,
                              tsr_sim_where where);

// The NoC of this thread's next calls; at first that of its kernel.
void tsr_sim_noc_select(uint32_t noc, tsr_sim_where where);

// Reads `bytes` to L1 address `l1`; they are there after a read barrier.
void tsr_sim_noc_read(uint64_t source, uint32_t l1, uint32_t bytes,
                      tsr_sim_where where);
// A write that is posted is not acknowledged: barriers do not wait for it.
void tsr_sim_noc_write(uint32_t l1, uint64_t target, uint32_t bytes,
                       tsr_sim_where where);
void tsr_sim_noc_write_posted(uint32_t l1, uint64_t target, uint32_t bytes,
                              tsr_sim_where where);
// One packet: fails when `bytes` is more than the NoC's burst.
void tsr_sim_noc_check_packet(uint32_t bytes, tsr_sim_where where);

// Commands whose endpoint is set once; `local` is the address there. With
// `bytes` 0 a state leaves the size to each command, or a command takes the
// state's. Other commands of the kind take the state away.
void tsr_sim_noc_set_read_state(uint64_t source, uint32_t bytes,
                                tsr_sim_where where);
void tsr_sim_noc_read_with_state(uint32_t local, uint32_t l1, uint32_t bytes,
                                 tsr_sim_where where);
void tsr_sim_noc_set_write_state(uint64_t target, uint32_t bytes,
                                 bool is_posted, tsr_sim_where where);
void tsr_sim_noc_write_with_state(uint32_t l1, uint32_t local, uint32_t bytes,
                                  bool is_posted, tsr_sim_where where);

// Words to L1; bit i of `enable` says whether byte i is written. With state:
// another value, or another local address, where not NULL; they stay set.
void tsr_sim_noc_write_word(uint64_t target, uint32_t value, uint8_t enable,
                            bool is_posted, tsr_sim_where where);
void tsr_sim_noc_set_word_state(uint64_t target, uint32_t value, uint8_t enable,
                                bool is_posted, tsr_sim_where where);
void tsr_sim_noc_write_word_with_state(const uint32_t *value,
                                       const uint32_t *local,
                                       tsr_sim_where where);

// `linked`: keeps the path for the next multicast, which must follow.
void tsr_sim_noc_multicast(uint32_t l1, uint64_t target, uint32_t bytes,
                           uint32_t core_count, bool with_source, bool linked,
                           tsr_sim_where where);

// Wait until what this thread sent has come back, or only left this core
// (flushed).
void tsr_sim_noc_read_barrier(tsr_sim_where where);
void tsr_sim_noc_write_barrier(tsr_sim_where where);
void tsr_sim_noc_writes_flushed(tsr_sim_where where);
void tsr_sim_noc_posted_writes_flushed(tsr_sim_where where);
void tsr_sim_noc_atomic_barrier(tsr_sim_where where);

// Transactions: numbers that the next reads, or writes, go by, and barriers for
// one number.
void tsr_sim_noc_set_read_transaction(uint32_t transaction,
                                      tsr_sim_where where);
void tsr_sim_noc_set_write_transaction(uint32_t transaction,
                                       tsr_sim_where where);
void tsr_sim_noc_read_barrier_of(uint32_t transaction, tsr_sim_where where);
void tsr_sim_noc_write_barrier_of(uint32_t transaction, tsr_sim_where where);
void tsr_sim_noc_writes_flushed_of(uint32_t transaction, tsr_sim_where where);
// Without blocking: have the reads of a transaction landed?
bool tsr_sim_noc_reads_done(uint32_t transaction, tsr_sim_where where);

// Zeros in this core's L1 that every kernel may read and none may write to: as
// many as the target's field zeros_bytes says.
uint32_t tsr_sim_zeros(void);

// A semaphore is a word of L1: its address by its number, setting it, adding to
// this core's own without asking what it is, waiting for a value or for at
// least that, and adding to one of another core or of many.
uint32_t tsr_sim_semaphore(uint32_t id, tsr_sim_where where);
void tsr_sim_semaphore_set(volatile uint32_t *word, uint32_t value,
                           tsr_sim_where where);
void tsr_sim_semaphore_add(volatile uint32_t *word, uint32_t amount,
                           tsr_sim_where where);
void tsr_sim_semaphore_wait(volatile uint32_t *word, uint32_t value,
                            tsr_sim_where where);
void tsr_sim_semaphore_wait_min(volatile uint32_t *word, uint32_t value,
                                tsr_sim_where where);
void tsr_sim_semaphore_inc(uint64_t target, uint32_t amount, bool is_posted,
                           tsr_sim_where where);
void tsr_sim_semaphore_inc_multicast(uint64_t target, uint32_t amount,
                                     uint32_t core_count, bool is_posted,
                                     tsr_sim_where where);

// -- Compute: configuration ---------------------------------------------------

// What the unpackers and the FPU are set up for. Each init call sets one; each
// op demands its own.
typedef enum tsr_sim_setup {
  TSR_SIM_SETUP_NONE,
  TSR_SIM_SETUP_MATMUL,
  TSR_SIM_SETUP_COPY,
  TSR_SIM_SETUP_ADD,
  TSR_SIM_SETUP_SUB,
  TSR_SIM_SETUP_MUL,
  TSR_SIM_SETUP_TRANSPOSE,
  TSR_SIM_SETUP_BROADCAST, // one operand, repeated over the tile
  TSR_SIM_SETUP_REDUCE,
  TSR_SIM_SETUP_TILIZE,
  TSR_SIM_SETUP_UNTILIZE,
  TSR_SIM_SETUP_COUNT
} tsr_sim_setup;

// What a reduction leaves of a tile: column 0 (rows are summed up), row 0
// (columns are), or its first element.
typedef enum tsr_sim_reduce_dim {
  TSR_SIM_REDUCE_NOTHING,
  TSR_SIM_REDUCE_ROW,
  TSR_SIM_REDUCE_COL,
  TSR_SIM_REDUCE_SCALAR
} tsr_sim_reduce_dim;

// The operand of a binary op that is repeated over the tile.
typedef enum tsr_sim_broadcast {
  TSR_SIM_BROADCAST_NONE,
  TSR_SIM_BROADCAST_ROW,
  TSR_SIM_BROADCAST_COL,
  TSR_SIM_BROADCAST_SCALAR
} tsr_sim_broadcast;

// Binary ops that take one operand from DST.
typedef enum tsr_sim_reuse {
  TSR_SIM_REUSE_NONE,
  TSR_SIM_REUSE_AS_A, // DST op circular buffer
  TSR_SIM_REUSE_AS_B  // circular buffer op DST
} tsr_sim_reuse;

// What an init call programs, in full.
typedef struct tsr_sim_config {
  tsr_sim_setup setup;
  tsr_sim_broadcast broadcast;
  tsr_sim_reuse reuse;
  bool transpose; // the operand that feeds SrcA
  // A part of it, for copies: the faces change places, or each is turned over.
  bool transpose_faces, transpose_within;
  bool accumulate; // add to DST instead of replacing it
  // Block of tiles of a matmul: one tile is 1, 1, 1 for its init. 0 otherwise,
  // and for an op on one tile.
  uint32_t rows, cols, depth;
  // Of a reduction, 0 otherwise.
  tsr_sim_reduce_dim reduce;
  bool is_max;  // else a sum
  bool is_fp32; // sums of rows stay in fp32 from tile to tile
  // Tiles side by side in row-major memory, for tilize and untilize.
  uint32_t width_tiles;
  uint32_t broadcast_row; // which row is repeated
} tsr_sim_config;

// Each compute thread: the start of the hardware, which its part of the engine
// needs before it works, and which says nothing yet of formats and ops. Once
// more is possible between sections of DST.
void tsr_sim_start_engine(tsr_sim_where where);

// UNPACK: formats the source registers are filled from; PACK: format packed to.
void tsr_sim_format_src(uint32_t cb_a, uint32_t cb_b, tsr_sim_where where);
void tsr_sim_format_srca(uint32_t cb, tsr_sim_where where);
void tsr_sim_format_srcb(uint32_t cb, tsr_sim_where where);
void tsr_sim_format_pack(uint32_t cb, tsr_sim_where where);
// True when two circular buffers differ in what they need here.
bool tsr_sim_src_differs(uint32_t cb_old, uint32_t cb_new, tsr_sim_where where);
bool tsr_sim_pack_differs(uint32_t cb_old, uint32_t cb_new,
                          tsr_sim_where where);

// Sets the engine up for ops of one configuration; each op is held against it.
void tsr_sim_unpack_init(tsr_sim_config config, tsr_sim_where where);
void tsr_sim_math_init(tsr_sim_config config, tsr_sim_where where);

// -- Compute: UNPACK ----------------------------------------------------------

// Unpacks one tile of each circular buffer to SrcA and SrcB, or one to SrcA
// (straight to DST when the buffer is unpacked there), and hands them to math.
void tsr_sim_unpack_ab(tsr_sim_config config, uint32_t cb_a, uint32_t cb_b,
                       uint32_t tile_a, uint32_t tile_b, tsr_sim_where where);
void tsr_sim_unpack_a(tsr_sim_config config, uint32_t cb, uint32_t tile,
                      tsr_sim_where where);

// Every compute thread: the L1 address of tile `tile` of what is waited for, or
// one 32-bit word of it. UNPACK knows, and tells the others: all three call it,
// as often and in the same order.
uint32_t tsr_sim_tile_address(uint32_t cb, uint32_t tile, tsr_sim_where where);
uint32_t tsr_sim_tile_word(uint32_t cb, uint32_t tile, uint32_t word,
                           tsr_sim_where where);

// -- Compute: MATH ------------------------------------------------------------

// Takes half of DST (all of it with full synchronisation) when the packer is
// done with it; hands it on to the packer.
void tsr_sim_dst_acquire(tsr_sim_where where);
void tsr_sim_dst_commit(tsr_sim_where where);
// A commit on math and a release on pack, for one call that is both: after
// those it hands an empty section over once more, which is a note.
void tsr_sim_dst_hand_over(tsr_sim_where where);

// DST[dst] += SrcB x SrcA
void tsr_sim_matmul(tsr_sim_config config, uint32_t dst, tsr_sim_where where);
// DST[dst] = SrcA op SrcB
void tsr_sim_binary(tsr_sim_config config, uint32_t dst, tsr_sim_where where);
// The same with DST[dst] as one operand, by way of its source register, which
// cuts it off to what fits there.
void tsr_sim_binary_reuse(tsr_sim_config config, uint32_t dst,
                          tsr_sim_where where);
// DST[dst] = SrcA
void tsr_sim_copy(tsr_sim_config config, uint32_t dst, tsr_sim_where where);

// -- Compute: reduction -------------------------------------------------------
// UNPACK brings a tile and the scaler tile; MATH adds the reduced tile to
// DST[dst], or keeps the larger; PACK leaves only what was reduced until
// tsr_sim_pack_reduce_end. The scaler is row 0 of each face of its tile.

// What the three threads of a reduction call.
void tsr_sim_unpack_reduce(tsr_sim_config config, uint32_t cb,
                           uint32_t cb_scaler, uint32_t tile,
                           uint32_t tile_scaler, tsr_sim_where where);
void tsr_sim_reduce(tsr_sim_config config, uint32_t dst, tsr_sim_where where);
void tsr_sim_pack_reduce(tsr_sim_reduce_dim dim, tsr_sim_where where);
void tsr_sim_pack_reduce_end(tsr_sim_where where);

// -- Compute: between row-major memory and tiles ------------------------------

// UNPACK: tile `tile` of a row of `config.width_tiles` tiles that lies
// row-major in the pages of `cb`, from page `first_tile` on.
void tsr_sim_unpack_tilize(tsr_sim_config config, uint32_t cb,
                           uint32_t first_tile, uint32_t tile,
                           tsr_sim_where where);
// UNPACK: tile `tile` of a row of `width_tiles` tiles, as 1024 elements in the
// order of row-major memory: the first tile has the first of them.
void tsr_sim_unpack_untilize(tsr_sim_config config, uint32_t cb,
                             uint32_t width_tiles, uint32_t tile,
                             tsr_sim_where where);

// -- Compute: the vector unit -------------------------------------------------
// Works on tiles of DST, in MATH. Each op needs its init, and no other in
// between; tessera/sim_sfpu.def has them all.

typedef enum tsr_sim_sfpu {
  TSR_SIM_SFPU_NONE,
#define TSR_SIM_UNARY(id, call, kind, init)   TSR_SIM_SFPU_##id,
#define TSR_SIM_BINARY(id, call, kind, init)  TSR_SIM_SFPU_##id,
#define TSR_SIM_TERNARY(id, call, kind, init) TSR_SIM_SFPU_##id,
#define TSR_SIM_WHOLE(id, call, kind, init)   TSR_SIM_SFPU_##id,
#define TSR_SIM_INIT(id, call)                TSR_SIM_SFPU_##id,
#include "tessera/sim_sfpu.def"
  TSR_SIM_SFPU_COUNT
} tsr_sim_sfpu;

// The faces of a tile that an op works on; the numbers are Metalium's
// (VectorMode): the upper ones, the left ones, or all.
typedef enum tsr_sim_faces {
  TSR_SIM_FACES_UPPER = 1,
  TSR_SIM_FACES_LEFT = 2,
  TSR_SIM_FACES_ALL = 4
} tsr_sim_faces;

enum { TSR_SIM_SCALARS = 4 };

// What an op is given beside its tiles: `words` are bits of fp32, or integers,
// as the op has them. Ops on integers of several formats find in the last word
// which bits a value has.
typedef struct tsr_sim_sfpu_args {
  uint32_t words[TSR_SIM_SCALARS];
  tsr_sim_faces faces;
  uint32_t form; // that the init must have set up; 0: whichever
  // As what values are moved between DST and the unit: the number of
  // tt::DataFormat, or TSR_SIM_MOVED_AS_DST.
  uint32_t format;
} tsr_sim_sfpu_args;
enum { TSR_SIM_MOVED_AS_DST = 0x7fffffff };

// The forms of exp_tile. The first has its factor from the call, if any: words
// 0 and 1 are the factor and 1, or 0 and 0. So has the piecewise one, whose
// word 2 is 1 where it does not look for large arguments. The others have the
// factor that their init programmed.
typedef enum tsr_sim_exp_form {
  TSR_SIM_EXP_ACCURATE = 1,
  TSR_SIM_EXP_PIECEWISE,
  TSR_SIM_EXP_CLAMPED,
  TSR_SIM_EXP_UNCLAMPED
} tsr_sim_exp_form;

// Sets the vector unit up for an op.
void tsr_sim_sfpu_init(tsr_sim_sfpu op, tsr_sim_where where);
// For a form of the op, where what inits program differs by form, not 0; and
// with a word that the op finds later: a factor (bits of fp32) for exp_tile, a
// seed for rand_tile and dropout_tile.
void tsr_sim_sfpu_init_with(tsr_sim_sfpu op, uint32_t form, uint32_t word,
                            tsr_sim_where where);

// `param`: bits of the fp32 scalar where the op has one, else 0.
void tsr_sim_sfpu_unary(tsr_sim_sfpu op, uint32_t dst, uint32_t param,
                        tsr_sim_where where);
void tsr_sim_sfpu_unary_with(tsr_sim_sfpu op, uint32_t dst,
                             tsr_sim_sfpu_args args, tsr_sim_where where);
void tsr_sim_sfpu_binary(tsr_sim_sfpu op, uint32_t a, uint32_t b, uint32_t out,
                         tsr_sim_where where);
void tsr_sim_sfpu_binary_with(tsr_sim_sfpu op, uint32_t a, uint32_t b,
                              uint32_t out, tsr_sim_sfpu_args args,
                              tsr_sim_where where);
void tsr_sim_sfpu_ternary(tsr_sim_sfpu op, uint32_t a, uint32_t b, uint32_t c,
                          uint32_t out, tsr_sim_sfpu_args args,
                          tsr_sim_where where);
// DST[dst] = 0, or infinity, where DST[mask] is 0; `mask` must be dst + 1.
void tsr_sim_sfpu_mask(tsr_sim_sfpu op, uint32_t dst, uint32_t mask,
                       tsr_sim_where where);
void tsr_sim_sfpu_where(uint32_t condition, uint32_t a, uint32_t b,
                        uint32_t out, tsr_sim_where where);
// A tile's values from one format (the number of tt::DataFormat) to another:
// rounded, or cut off towards zero and saturated, as the target needs.
void tsr_sim_sfpu_typecast_init(uint32_t from, uint32_t to,
                                tsr_sim_where where);
void tsr_sim_sfpu_typecast(uint32_t dst, uint32_t from, uint32_t to,
                           tsr_sim_where where);
// Sums down the columns, from 0 with `first`, else from the last call's.
void tsr_sim_sfpu_cumsum(uint32_t dst, bool first, tsr_sim_where where);
typedef enum tsr_sim_pool {
  TSR_SIM_POOL_SUM,
  TSR_SIM_POOL_AVG,
  TSR_SIM_POOL_MAX,
  TSR_SIM_POOL_MIN
} tsr_sim_pool;
// Columns of a tile to row 0; or rows of a block of tiles to column 0 of the
// block's first ones. `format`: what the tiles hold.
typedef struct tsr_sim_block {
  uint32_t cols, rows; // tiles
} tsr_sim_block;
void tsr_sim_sfpu_reduce(uint32_t dst, tsr_sim_pool pool, bool is_row,
                         tsr_sim_block block, uint32_t format,
                         tsr_sim_where where);
void tsr_sim_sfpu_reduce_init(tsr_sim_pool pool, uint32_t format,
                              tsr_sim_where where);
void tsr_sim_sfpu_rand(uint32_t dst, uint32_t from, uint32_t scale,
                       tsr_sim_where where);
void tsr_sim_sfpu_dropout(uint32_t dst, uint32_t probability, uint32_t scale,
                          tsr_sim_where where);
// The largest of many values by bitonic sorts, column by column: DST tiles 0
// and 1 hold 64 values below each other, and tiles 2 and 3 move along with
// them. `is_stable`: equal values never change places.
typedef struct tsr_sim_topk_phases {
  uint32_t first, last; // sorted runs of 2 values after phase 0, of 64 after 5
  uint32_t first_step, last_step; // where `first` is `last`, from 4 on
  bool ascending, is_stable;
} tsr_sim_topk_phases;
void tsr_sim_topk_sort(uint32_t dst, tsr_sim_topk_phases phases,
                       tsr_sim_where where);
// Of runs of `k`, those with the larger values and those with the smaller ones,
// or the other way round, and the same runs sorted, in turns up and down. Runs
// are as far apart as merge `iteration`, counted from 0, needs.
typedef struct tsr_sim_topk_runs {
  uint32_t iteration;
  uint32_t k, log_k; // `log_k`: to rebuild
  bool ascending;    // to merge: the smaller values come first
  bool is_stable;
  bool
      skips_second; // to rebuild: the second half of the runs may stay as it is
} tsr_sim_topk_runs;
void tsr_sim_topk_merge(uint32_t dst, tsr_sim_topk_runs runs,
                        tsr_sim_where where);
void tsr_sim_topk_rebuild(uint32_t dst, tsr_sim_topk_runs runs,
                          tsr_sim_where where);
// DST[dst] turned over its diagonal, in place.
void tsr_sim_transpose_dst(uint32_t dst, tsr_sim_where where);

// -- Compute: PACK ------------------------------------------------------------

// Waits for what MATH handed on; gives it back.
void tsr_sim_dst_wait(tsr_sim_where where);
void tsr_sim_dst_release(tsr_sim_where where);

// Packs DST[dst] to the next slot since the last push, or to slot `slot` of
// what is reserved.
void tsr_sim_pack(uint32_t dst, uint32_t cb, tsr_sim_where where);
void tsr_sim_pack_at(uint32_t dst, uint32_t cb, uint32_t slot,
                     tsr_sim_where where);
// Tiles of DST to row-major memory: `block_tiles` from DST[dst] on for each of
// `block_rows` rows, as part number `block_index` of a row of `full_tiles`.
typedef struct tsr_sim_untilize {
  uint32_t dst;
  uint32_t block_tiles, full_tiles;
  uint32_t block_rows, block_index;
  // What is written of a tile: faces down and across, rows of each face.
  uint32_t face_rows, face_cols, rows_per_face;
  // Rows of `row_values` values, one after the other.
  bool is_narrow;
  uint32_t row_values;
} tsr_sim_untilize;

// `config`: cols tiles of rows of width_tiles.
void tsr_sim_pack_untilize_init(tsr_sim_config config, tsr_sim_where where);
void tsr_sim_pack_untilize(const tsr_sim_untilize *what, uint32_t cb,
                           tsr_sim_where where);
void tsr_sim_pack_untilize_end(tsr_sim_where where);

// Sticky: add to what L1 holds; cut values off.
void tsr_sim_pack_accumulate(bool on, tsr_sim_where where);
// What the packer makes of values: nothing; 0 of what is not above `threshold`;
// what lies between 0 and `threshold`.
typedef enum tsr_sim_relu {
  TSR_SIM_RELU_NONE,
  TSR_SIM_RELU_ABOVE,
  TSR_SIM_RELU_BETWEEN
} tsr_sim_relu;
void tsr_sim_pack_relu(tsr_sim_relu kind, float threshold, tsr_sim_where where);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#endif
