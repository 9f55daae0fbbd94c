// Prints of parts of a circular buffer's tile: DPRINT << TSLICE(...).

#ifndef TESSERA_API_DEBUG_DPRINT_TILE_H
#define TESSERA_API_DEBUG_DPRINT_TILE_H

#include "tessera_metalium/kernel.h"

// Rows h0, h0+hs, ... below h1, and of them columns w0, w0+ws, ... below w1.
struct SliceRange {
  uint8_t h0, h1, hs, w0, w1, ws;

  static SliceRange hw0_32_16() { return {0, 32, 16, 0, 32, 16}; }
  static SliceRange hw0_32_8() { return {0, 32, 8, 0, 32, 8}; }
  static SliceRange hw0_32_4() { return {0, 32, 4, 0, 32, 4}; }
  static SliceRange h0_w0_32() { return {0, 1, 1, 0, 32, 1}; }
  static SliceRange h0_32_w0() { return {0, 32, 1, 0, 1, 1}; }
  static SliceRange h0_32_w1() { return {0, 32, 1, 1, 2, 1}; }
  static SliceRange hw041() { return {0, 4, 1, 0, 4, 1}; }
};

using dprint_tslice_ptr_t = bool;
#define TSLICE_RD_PTR true
#define TSLICE_WR_PTR false
using dprint_tslice_cb_t = bool;
#define TSLICE_INPUT_CB  true
#define TSLICE_OUTPUT_CB false

// Data movement names the pointer at which the tile lies; unpack reads, pack
// writes. The tile is looked at when it is printed.
template <int MaxBytes = 64> class TileSlice {
public:
#ifdef COMPILE_FOR_TRISC
  TileSlice(uint8_t cb, int tile, const SliceRange &range,
            bool endl_rows = true, bool print_untilized = true,
            tsr_sim_where where = tessera::here())
      : TileSlice(cb, tile, range, endl_rows, print_untilized, where,
                  is_pack ? TSLICE_WR_PTR : TSLICE_RD_PTR) {}
#else
  TileSlice(uint8_t cb, int tile, const SliceRange &range, dprint_tslice_cb_t,
            dprint_tslice_ptr_t pointer = usual_pointer, bool endl_rows = true,
            bool print_untilized = true, tsr_sim_where where = tessera::here())
      : TileSlice(cb, tile, range, endl_rows, print_untilized, where, pointer) {
  }
#endif

  void print() const { tsr_sim_print_tile(&slice_, where_); }

private:
#ifdef TRISC_PACK
  static constexpr bool is_pack = true;
#else
  static constexpr bool is_pack = false;
#endif
#ifdef COMPILE_FOR_NCRISC
  static constexpr dprint_tslice_ptr_t usual_pointer = TSLICE_WR_PTR;
#else
  static constexpr dprint_tslice_ptr_t usual_pointer = TSLICE_RD_PTR;
#endif

  TileSlice(uint8_t cb, int tile, const SliceRange &range, bool endl_rows,
            bool print_untilized, tsr_sim_where where,
            dprint_tslice_ptr_t pointer)
      : slice_{cb,       tile,      pointer == TSLICE_WR_PTR,
               range.h0, range.h1,  range.hs,
               range.w0, range.w1,  range.ws,
               MaxBytes, endl_rows, print_untilized},
        where_(where) {}

  tsr_sim_print_slice slice_;
  tsr_sim_where where_;
};

using TSLICE = TileSlice<64>;

#endif
