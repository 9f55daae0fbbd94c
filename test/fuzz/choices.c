#include "choices.h"

static uint8_t next_byte(choices *c) {
  if (c->at >= c->bytes)
    return 0;
  size_t at = c->at++;
  return c->data[c->from_end ? c->bytes - at : at];
}

uint32_t choose(choices *c, uint32_t count) {
  if (count <= 1)
    return 0;
  uint32_t number = next_byte(c);
  if (count > 256)
    number = number << 8 | next_byte(c);
  return number % count;
}

bool chance(choices *c, uint32_t percent) {
  // A byte of 0 is "no", however likely.
  return next_byte(c) * 100u > (100u - percent) * 255u;
}

// splitmix64.
void choices_draw(uint64_t seed, uint8_t *data, size_t bytes) {
  uint64_t state = seed;
  for (size_t i = 0; i < bytes; i++) {
    state += 0x9e3779b97f4a7c15;
    uint64_t mixed = (state ^ state >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    data[i] = (uint8_t)(mixed >> 56);
  }
}
