// What unit tests are written with: CHECK counts and reports, and goes on.
#ifndef TESSERA_TEST_UNIT_CHECK_H
#define TESSERA_TEST_UNIT_CHECK_H

#include <stdio.h>
#include <string.h>

static int failed_checks;

#define CHECK(condition)                                                       \
  do {                                                                         \
    if (!(condition)) {                                                        \
      printf("%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);           \
      failed_checks++;                                                         \
    }                                                                          \
  } while (0)

// Compares texts and shows both when they differ.
#define CHECK_TEXT(got, expected)                                              \
  check_text(__FILE__, __LINE__, (got), (expected))

static inline void check_text(const char *file, int line, const char *got,
                              const char *expected) {
  if (got && strcmp(got, expected) == 0)
    return;
  printf("%s:%d: got\n%s\nexpected\n%s\n", file, line, got ? got : "(null)",
         expected);
  failed_checks++;
}

// The exit code of a test program.
static inline int report_checks(void) {
  if (failed_checks)
    printf("%d checks failed\n", failed_checks);
  return failed_checks ? 1 : 0;
}

#endif
