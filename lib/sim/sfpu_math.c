// What the vector unit computes: the model's own functions, no libm where its
// last bit may differ, so that every machine gets the same bits.

#include "sfpu.h"

#include "sfpu_float.h"
#include "sfpu_integer.h"

float tsr_sim_exp(float x) { return exp_of(x); }

// -- Over tiles ---------------------------------------------------------------
// A loop of its own per row, so that each is vectorised by itself. The scalars
// are copied: no tile overlaps them.

#define LOAD_FLOAT(x) (x)
#define KEEP_FLOAT(x) (x)
#define LOAD_INT(x)   bits_of(x)
#define KEEP_INT(x)   float_of(x)
#define LOAD_ANY(x)   bits_of(x)
#define KEEP_ANY(x)   float_of(x)

#define TSR_SIM_UNARY(id, call, kind, init)                                    \
  static void unary_tile_##id(float *tile, const scalars *given) {             \
    const scalars s = *given;                                                  \
    for (size_t i = 0; i < TILE_ELEMS; i++)                                    \
      tile[i] = KEEP_##kind(unary_##id(LOAD_##kind(tile[i]), &s));             \
  }
#define TSR_SIM_BINARY(id, call, kind, init)                                   \
  static void binary_tile_##id(const float *a, const float *b, float *out,     \
                               const scalars *given) {                         \
    const scalars s = *given;                                                  \
    for (size_t i = 0; i < TILE_ELEMS; i++)                                    \
      out[i] =                                                                 \
          KEEP_##kind(binary_##id(LOAD_##kind(a[i]), LOAD_##kind(b[i]), &s));  \
  }
#define TSR_SIM_TERNARY(id, call, kind, init)                                  \
  static void ternary_tile_##id(const float *a, const float *b,                \
                                const float *c, float *out,                    \
                                const scalars *given) {                        \
    const scalars s = *given;                                                  \
    for (size_t i = 0; i < TILE_ELEMS; i++)                                    \
      out[i] = KEEP_##kind(ternary_##id(LOAD_##kind(a[i]), LOAD_##kind(b[i]),  \
                                        LOAD_##kind(c[i]), &s));               \
  }
#include "tessera/sim_sfpu.def"

// -- The table ----------------------------------------------------------------

#define ROW(id, name, sort, by)                                                \
  .call = (name), .kind = SFPU_##sort, .init = TSR_SIM_SFPU_##by

static const sfpu_row rows[TSR_SIM_SFPU_COUNT] = {
    [TSR_SIM_SFPU_NONE] = {.call = "nothing"},
#define TSR_SIM_UNARY(id, call, kind, init)                                    \
  [TSR_SIM_SFPU_##id] = {ROW(id, call, kind, init), .unary = unary_tile_##id},
#define TSR_SIM_BINARY(id, call, kind, init)                                   \
  [TSR_SIM_SFPU_##id] = {ROW(id, call, kind, init), .binary = binary_tile_##id},
#define TSR_SIM_TERNARY(id, call, kind, init)                                  \
  [TSR_SIM_SFPU_##                                                             \
      id] = {ROW(id, call, kind, init), .ternary = ternary_tile_##id},
#define TSR_SIM_WHOLE(id, call, kind, init)                                    \
  [TSR_SIM_SFPU_##id] = {ROW(id, call, kind, init)},
#define TSR_SIM_INIT(id, name)                                                 \
  [TSR_SIM_SFPU_##                                                             \
      id] = {.call = (name), .init = TSR_SIM_SFPU_##id, .is_init = true},
#include "tessera/sim_sfpu.def"
};

const sfpu_row *sfpu_find(tsr_sim_sfpu op) { return &rows[op]; }

const char *sfpu_call(tsr_sim_sfpu op) { return rows[op].call; }

static const scalars no_scalars = {{0}};

void sfpu_unary(tsr_sim_sfpu op, float *tile) {
  rows[op].unary(tile, &no_scalars);
}

void sfpu_binary(tsr_sim_sfpu op, const float *a, const float *b, float *out) {
  rows[op].binary(a, b, out, &no_scalars);
}

void sfpu_where(const float *condition, const float *a, const float *b,
                float *out) {
  rows[TSR_SIM_SFPU_WHERE].ternary(condition, a, b, out, &no_scalars);
}
