// Which tiles of a block are there: states of blocks, and what becomes of them
// where blocks meet.

#include "presence.h"

#include <string.h>

void tsr_presences_init(tsr_presences *all, tsr_arena *arena) {
  *all = (tsr_presences){.arena = arena};
  tsr_map_init_in(&all->states, arena);
  tsr_bytes_map_init_in(&all->known, arena);
}

const tsr_presence *tsr_presences_find(const tsr_presences *all,
                                       const tsr_value *value) {
  return all->states.size > 0 ? tsr_map_find(&all->states, value) : NULL;
}

void tsr_presences_set(tsr_presences *all, const tsr_value *value,
                       const tsr_presence *state) {
  if (state || tsr_presences_find(all, value))
    tsr_map_set(&all->states, value, (void *)(uintptr_t)state);
}

static size_t count_tiles(const tsr_presence *state) {
  return (size_t)state->rows * state->cols;
}

static size_t count_bytes(const tsr_presence *state) {
  return sizeof *state + count_tiles(state) * sizeof *state->tiles;
}

// -- drafts -------------------------------------------------------------------

tsr_presence *tsr_presences_draft(tsr_presences *all, const tsr_value *value) {
  const tsr_type_desc *desc = tsr_type_get_desc(tsr_value_get_type(value));
  const tsr_presence shape = {.rows = desc->block_rows,
                              .cols = desc->block_cols};
  size_t bytes = count_bytes(&shape);
  if (bytes > all->draft_bytes) {
    all->draft = tsr_arena_alloc(all->arena, bytes);
    all->draft_bytes = bytes;
  }
  memset(all->draft, 0, bytes);
  *all->draft = shape;
  return all->draft;
}

static bool has_bounded_tile(const tsr_presence *state) {
  for (size_t i = 0; i < count_tiles(state); i++)
    if (state->tiles[i] & TSR_BY_BOUNDS)
      return true;
  return false;
}

static bool lacks_tile(const tsr_presence *state) {
  for (size_t i = 0; i < count_tiles(state); i++)
    if (state->tiles[i] != TSR_PRESENT)
      return true;
  return false;
}

const tsr_presence *tsr_presences_keep(tsr_presences *all,
                                       tsr_presence *draft) {
  if (!lacks_tile(draft))
    return NULL;
  if (!has_bounded_tile(draft))
    memset(draft->bounds, 0, sizeof draft->bounds);
  size_t bytes = count_bytes(draft);
  void **place = tsr_bytes_map_get(&all->known, draft, bytes, NULL);
  if (!*place) {
    *place = tsr_arena_alloc(all->arena, bytes);
    memcpy(*place, draft, bytes);
  }
  return *place;
}

// -- bounds -------------------------------------------------------------------

bool tsr_presences_is_same_number(tsr_presences *all, const tsr_value *a,
                                  const tsr_value *b) {
  if (a == b || !a || !b)
    return a == b;
  if (!all->has_forms)
    tsr_forms_init_values(&all->forms, all->arena);
  all->has_forms = true;
  const tsr_form *form = tsr_forms_of_value(&all->forms, a);
  return form && form == tsr_forms_of_value(&all->forms, b);
}

bool tsr_presence_take_bound(tsr_presences *all, tsr_presence *draft,
                             const tsr_presence *from, size_t side) {
  const tsr_tile_bound *bound = &from->bounds[side];
  tsr_tile_bound *to = &draft->bounds[side];
  if (!bound->count)
    return true;
  if (!to->count)
    *to = *bound;
  return to->at == bound->at &&
         tsr_presences_is_same_number(all, to->count, bound->count);
}

bool tsr_presence_take(tsr_presences *all, tsr_presence *draft,
                       const tsr_presence *from) {
  if (!draft->origin)
    draft->origin = from->origin;
  bool rows = tsr_presence_take_bound(all, draft, from, TSR_ROWS);
  bool cols = tsr_presence_take_bound(all, draft, from, TSR_COLS);
  return rows && cols;
}

// -- tiles --------------------------------------------------------------------

bool tsr_tile_keeps_bounds(unsigned char tile) {
  return tile == TSR_PRESENT || (tile & TSR_BY_BOUNDS);
}

unsigned char tsr_tile_without_bounds(unsigned char tile) {
  return tile & (unsigned char)~TSR_BY_BOUNDS;
}

static unsigned char make_tile(unsigned char presence, bool keeps_bounds) {
  return presence == TSR_PRESENT || !keeps_bounds
             ? presence
             : (unsigned char)(presence | TSR_BY_BOUNDS);
}

unsigned char tsr_tile_both(unsigned char tile, unsigned char other,
                            bool is_bounded) {
  unsigned char a = tsr_tile_without_bounds(tile);
  unsigned char b = tsr_tile_without_bounds(other);
  bool keeps = tsr_tile_keeps_bounds(tile) &&
               (b == TSR_PRESENT || (is_bounded && (other & TSR_BY_BOUNDS)));
  return make_tile(a > b ? a : b, keeps);
}

const tsr_presence *tsr_presences_join(tsr_presences *all,
                                       const tsr_value *value,
                                       const tsr_presence *a,
                                       const tsr_presence *b) {
  if (a == b)
    return a;
  tsr_presence *draft = tsr_presences_draft(all, value);
  if (a)
    (void)tsr_presence_take(all, draft, a);
  bool is_bounded = !b || tsr_presence_take(all, draft, b);
  for (size_t i = 0; i < count_tiles(draft); i++) {
    unsigned char x = a ? a->tiles[i] : TSR_PRESENT;
    unsigned char y = b ? b->tiles[i] : TSR_PRESENT;
    bool is_same = tsr_tile_without_bounds(x) == tsr_tile_without_bounds(y);
    bool keeps = tsr_tile_keeps_bounds(x) && tsr_tile_keeps_bounds(y) &&
                 (is_bounded || y == TSR_PRESENT);
    draft->tiles[i] =
        make_tile(is_same ? tsr_tile_without_bounds(x) : TSR_MAYBE, keeps);
  }
  return tsr_presences_keep(all, draft);
}

const tsr_presence *tsr_presences_drop_bounds(tsr_presences *all,
                                              const tsr_value *value,
                                              const tsr_presence *state) {
  tsr_presence *draft = tsr_presences_draft(all, value);
  memcpy(draft, state, count_bytes(state));
  for (size_t i = 0; i < count_tiles(draft); i++)
    draft->tiles[i] = tsr_tile_without_bounds(draft->tiles[i]);
  return tsr_presences_keep(all, draft);
}
