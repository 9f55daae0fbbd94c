// RUN: %unit/support

#include "tessera/support.h"

#include "check.h"

static void test_u64(void) {
  uint64_t out = 7;
  CHECK(tsr_add_u64(UINT64_MAX, 0, &out) && out == UINT64_MAX);
  CHECK(!tsr_add_u64(UINT64_MAX, 1, &out) && out == UINT64_MAX);
  CHECK(tsr_mul_u64(1U << 31, 2, &out) && out == 1ULL << 32);
  CHECK(tsr_mul_u64(0, UINT64_MAX, &out) && out == 0);
  CHECK(!tsr_mul_u64(1ULL << 32, 1ULL << 32, &out));
  CHECK(tsr_ceil_div_u64(0, 32) == 0 && tsr_ceil_div_u64(33, 32) == 2);
  CHECK(tsr_ceil_div_u64(UINT64_MAX, 2) == 1ULL << 63);
}

static void test_i64(void) {
  int64_t out = 7;
  CHECK(tsr_add_i64(INT64_MAX, INT64_MIN, &out) && out == -1);
  CHECK(!tsr_add_i64(INT64_MAX, 1, &out));
  CHECK(!tsr_add_i64(INT64_MIN, -1, &out));
  CHECK(tsr_sub_i64(-1, INT64_MAX, &out) && out == INT64_MIN);
  CHECK(!tsr_sub_i64(0, INT64_MIN, &out));
  CHECK(!tsr_sub_i64(INT64_MIN, 1, &out));
  CHECK(tsr_mul_i64(INT64_MIN, 1, &out) && out == INT64_MIN);
  CHECK(!tsr_mul_i64(INT64_MIN, -1, &out));
  CHECK(tsr_mul_i64(-3, 5, &out) && out == -15);
  CHECK(tsr_mul_i64(-3, -5, &out) && out == 15);
}

static bool parses_u64(const char *text, uint64_t expected) {
  uint64_t value;
  return tsr_parse_u64(text, strlen(text), &value) && value == expected;
}

static bool parses_i64(const char *text, int64_t expected) {
  int64_t value;
  return tsr_parse_i64(text, strlen(text), &value) && value == expected;
}

static bool parses_f64(const char *text, double expected) {
  double value;
  return tsr_parse_f64(text, strlen(text), &value) &&
         memcmp(&value, &expected, sizeof(value)) == 0;
}

static void test_parse(void) {
  CHECK(parses_u64("18446744073709551615", UINT64_MAX));
  CHECK(!parses_u64("18446744073709551616", 0));
  CHECK(!parses_u64("", 0) && !parses_u64("-1", 0) && !parses_u64("1 ", 1));
  CHECK(parses_i64("-9223372036854775808", INT64_MIN));
  CHECK(!parses_i64("9223372036854775808", 0));
  CHECK(!parses_i64("-", 0) && !parses_i64("--1", 0));
  CHECK(parses_f64("0.1", 0.1) && parses_f64("-0", -0.0));
  CHECK(parses_f64("1e+30", 1e30) && parses_f64("25E-1", 2.5));
  CHECK(parses_f64("1e-999", 0.0));
  static const char *const wrong[] = {"",    "-",     ".5",  "1.",
                                      "1e",  "0x1",   " 1",  "nan",
                                      "inf", "1e999", "1,5", "1.2.3"};
  for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
    double value;
    CHECK(!tsr_parse_f64(wrong[i], strlen(wrong[i]), &value));
  }
}

static void test_closest(void) {
  static const char *const names[] = {"tile.load", "tile.store", "add", "sub",
                                      "mul"};
  const size_t count = sizeof(names) / sizeof(*names);
  CHECK_TEXT(tsr_closest("tile.laod", names, count), "tile.load");
  CHECK_TEXT(tsr_closest("tile.stor", names, count), "tile.store");
  CHECK_TEXT(tsr_closest("ad", names, count), "add");
  CHECK(tsr_closest("tensor.matmul", names, count) == NULL);
  CHECK(tsr_closest("x", names, count) == NULL);
  CHECK(tsr_closest("", names, count) == NULL);
  CHECK(tsr_closest("add", NULL, 0) == NULL);
}

static void check_diff(const char *old_text, const char *new_text,
                       const char *expected) {
  tsr_buffer out;
  tsr_buffer_init(&out);
  tsr_append_diff(old_text, new_text, &out);
  CHECK_TEXT(tsr_buffer_str(&out), expected);
  tsr_buffer_deinit(&out);
}

// A last line without its end is said to be one, as patch wants it.
static void test_diff(void) {
  static const char none[] = "\\ No newline at end of file\n";
  char expected[256];
  check_diff("a\n", "a\n", "");
  check_diff("a", "a", "");
  snprintf(expected, sizeof expected, "@@ -1,1 +1,1 @@\n-a\n%s+a\n", none);
  check_diff("a", "a\n", expected);
  snprintf(expected, sizeof expected, "@@ -1,1 +1,1 @@\n-a\n+a\n%s", none);
  check_diff("a\n", "a", expected);
  snprintf(expected, sizeof expected, "@@ -1,2 +1,2 @@\n-x\n+y\n a\n%s", none);
  check_diff("x\na", "y\na", expected);
}

int main(void) {
  test_diff();
  test_u64();
  test_i64();
  test_parse();
  test_closest();
  return report_checks();
}
