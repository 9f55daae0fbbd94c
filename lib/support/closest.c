// "Did you mean": edit distance with transposed neighbours counting as one, and
// capitals as small letters.

#include "tessera/support.h"

#include <string.h>

// Longer names are never suggested; keeps the table on the stack.
enum { MAX_WORD = 63 };

static unsigned min_u(unsigned a, unsigned b) { return a < b ? a : b; }

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned edit_distance(const char *a, size_t a_size, const char *b,
                              size_t b_size) {
  unsigned rows[3][MAX_WORD + 1];
  unsigned *before = rows[0], *above = rows[1], *row = rows[2];
  for (size_t j = 0; j <= b_size; j++) {
    before[j] = 0;
    above[j] = (unsigned)j;
  }
  for (size_t i = 1; i <= a_size; i++) {
    row[0] = (unsigned)i;
    for (size_t j = 1; j <= b_size; j++) {
      unsigned replaced = above[j - 1] + (lower(a[i - 1]) != lower(b[j - 1]));
      row[j] = min_u(replaced, min_u(above[j], row[j - 1]) + 1);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = min_u(row[j], before[j - 2] + 1);
    }
    unsigned *oldest = before;
    before = above;
    above = row;
    row = oldest;
  }
  return above[b_size];
}

const char *tsr_closest(const char *word, const char *const *candidates,
                        size_t candidate_count) {
  size_t word_size = strlen(word);
  if (word_size == 0 || word_size > MAX_WORD)
    return NULL;
  // A third of the letters may be wrong, and always one.
  unsigned best_distance = (unsigned)(word_size + 5) / 3;
  const char *best = NULL;
  for (size_t i = 0; i < candidate_count; i++) {
    size_t size = strlen(candidates[i]);
    if (size > MAX_WORD)
      continue;
    unsigned distance = edit_distance(word, word_size, candidates[i], size);
    if (distance < best_distance && distance < word_size) {
      best = candidates[i];
      best_distance = distance;
    }
  }
  return best;
}
