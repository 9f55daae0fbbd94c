// For every processor. Where it has no fused multiply-add, products that fp32
// holds exactly are added by a multiplication and an addition, which round only
// once as well; tiles with others take the slow way.

#include "tile_kernels.h"

#include "tile_loops.h"

#include <math.h>
#include <string.h>

enum {
  LANES = 4,
  BLOCK = 8,
  BIAS = 127,
  EXPONENT_SHIFT = 23,
  EXPONENT_MAX = 255
};

// What products of a tile's elements have to expect.
typedef struct range {
  uint32_t used_bits;          // of all elements, or'ed
  uint32_t smallest, greatest; // exponent fields of elements that are not zero
} range;

static range find_range(const float *tile) {
  range out = {0, EXPONENT_MAX, 0};
  for (size_t i = 0; i < TILE_ELEMS; i++) {
    uint32_t bits = bits_of(tile[i]) & 0x7fffffffu;
    uint32_t exponent = bits >> EXPONENT_SHIFT;
    uint32_t low = bits == 0 ? EXPONENT_MAX : exponent;
    out.used_bits |= bits;
    out.smallest = low < out.smallest ? low : out.smallest;
    out.greatest = exponent > out.greatest ? exponent : out.greatest;
  }
  return out;
}

// True when every product is an fp32 number: two factors of 12 bits have 24,
// and exponents stay in range. Denormals have fewer bits than they show.
static bool has_exact_products(const float *a, const float *b) {
  range left = find_range(a), right = find_range(b);
  bool is_short = ((left.used_bits | right.used_bits) & 0xfffu) == 0;
  bool is_normal = left.smallest > 0 && right.smallest > 0;
  return is_short && is_normal && left.greatest < EXPONENT_MAX &&
         right.greatest < EXPONENT_MAX &&
         left.smallest + right.smallest > BIAS &&
         left.greatest + right.greatest < 3 * BIAS;
}

// A compiler extension that gcc and clang share: element-wise arithmetic. Every
// processor that this is compiled for has vectors of this size.
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

// c += a x b for k in [first,first + FACE_SIDE), where products are exact; a
// row of `BLOCK` vectors of c stays in registers.
static void add_exact_products(const float *a, const float *b, float *c,
                               size_t first) {
  for (size_t row = 0; row < TILE_SIDE; row++)
    for (size_t col = 0; col < TILE_SIDE; col += (size_t)BLOCK * LANES) {
      float *to = c + row * TILE_SIDE + col;
      lanes sum[BLOCK], right;
      for (size_t i = 0; i < BLOCK; i++)
        memcpy(&sum[i], to + i * LANES, sizeof right);
      for (size_t k = first; k < first + FACE_SIDE; k++)
        for (size_t i = 0; i < BLOCK; i++) {
          memcpy(&right, b + k * TILE_SIDE + col + i * LANES, sizeof right);
          sum[i] += a[row * TILE_SIDE + k] * right;
        }
      for (size_t i = 0; i < BLOCK; i++)
        memcpy(to + i * LANES, &sum[i], sizeof right);
    }
}

// The same for any products.
static void add_fused_products(const float *a, const float *b, float *c,
                               size_t first) {
  for (size_t row = 0; row < TILE_SIDE; row++)
    for (size_t k = first; k < first + FACE_SIDE; k++)
      for (size_t col = 0; col < TILE_SIDE; col++) {
        float *sum = &c[row * TILE_SIDE + col];
        *sum = fmaf(a[row * TILE_SIDE + k], b[k * TILE_SIDE + col], *sum);
      }
}

static void multiply(const float *a, const float *b, float *c,
                     bool round_bf16) {
#ifdef FP_FAST_FMAF
  bool is_exact = false;
#else
  bool is_exact = has_exact_products(a, b);
#endif
  for (size_t k = 0; k < TILE_SIDE; k += FACE_SIDE) {
    if (is_exact)
      add_exact_products(a, b, c, k);
    else
      add_fused_products(a, b, c, k);
    if (round_bf16)
      loop_round_tile_bf16(c);
  }
  loop_canonicalize(c);
}

static void unpack_bf16(const char *l1, float *out, bool to_source) {
  if (to_source)
    loop_unpack_bf16(l1, out, true);
  else
    loop_unpack_bf16(l1, out, false);
}

static void pack_bf16(const float *tile, char *l1) { loop_pack_bf16(tile, l1); }

static void round_bf16(float *tile) { loop_round_tile_bf16(tile); }

static bool is_supported(void) { return true; }

const tile_kernels tile_kernels_plain = {.name = "plain",
                                         .is_supported = is_supported,
                                         .multiply = multiply,
                                         .unpack_bf16 = unpack_bf16,
                                         .pack_bf16 = pack_bf16,
                                         .round_bf16 = round_bf16};
