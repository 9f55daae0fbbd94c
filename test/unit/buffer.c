// RUN: %unit/buffer %t

#include "tessera/buffer.h"

#include "check.h"

#include <dirent.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_append(void) {
  tsr_buffer buffer;
  tsr_buffer_init(&buffer);
  CHECK_TEXT(tsr_buffer_str(&buffer), "");
  tsr_buffer_append_str(&buffer, "a");
  tsr_buffer_append_char(&buffer, 'b');
  tsr_buffer_append(&buffer, "cd", 1);
  tsr_buffer_append_repeated(&buffer, '-', 3);
  tsr_buffer_printf(&buffer, "%s%d", "x", -1);
  tsr_buffer_append_u64(&buffer, UINT64_MAX);
  tsr_buffer_append_char(&buffer, ' ');
  tsr_buffer_append_i64(&buffer, INT64_MIN);
  CHECK_TEXT(tsr_buffer_str(&buffer),
             "abc---x-118446744073709551615 -9223372036854775808");
  tsr_buffer_truncate(&buffer, 2);
  CHECK_TEXT(tsr_buffer_str(&buffer), "ab");
  tsr_buffer_clear(&buffer);
  for (int i = 0; i < 10000; i++)
    tsr_buffer_printf(&buffer, "%d", i % 10);
  CHECK(buffer.size == 10000 && strlen(buffer.data) == 10000);
  tsr_buffer_deinit(&buffer);
  CHECK(buffer.data == NULL && buffer.size == 0);
}

static void check_f64(double value, const char *expected) {
  tsr_buffer buffer;
  tsr_buffer_init(&buffer);
  tsr_buffer_append_f64(&buffer, value);
  CHECK_TEXT(tsr_buffer_str(&buffer), expected);
  tsr_buffer_deinit(&buffer);
}

static void check_f32(float value, const char *expected) {
  tsr_buffer buffer;
  tsr_buffer_init(&buffer);
  tsr_buffer_append_f32(&buffer, value);
  CHECK_TEXT(tsr_buffer_str(&buffer), expected);
  tsr_buffer_deinit(&buffer);
}

static void test_numbers(void) {
  check_f64(0.0, "0.0");
  check_f64(-0.0, "-0.0");
  check_f64(2.0, "2.0");
  check_f64(0.1, "0.1");
  check_f64(1.0 / 3.0, "0.3333333333333333");
  check_f64(1e30, "1e+30");
  check_f64(5e-324, "5e-324");
  check_f64(1.7976931348623157e308, "1.7976931348623157e+308");
  check_f64((double)INFINITY, "inf");
  check_f64(-(double)INFINITY, "-inf");
  check_f64((double)NAN, "nan");
  check_f32(0.1F, "0.1");
  check_f32(16777216.0F, "16777216.0");
}

// A number reads the same in a locale with a decimal comma. Where no such
// locale is installed the loop changes nothing and the numbers still hold.
static void test_locale(void) {
  static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE"};
  for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
    if (setlocale(LC_ALL, names[i]))
      break;
  test_numbers();
  setlocale(LC_ALL, "C");
}

static size_t count_entries(const char *path) {
  size_t count = 0;
  DIR *folder = opendir(path);
  CHECK(folder != NULL);
  while (folder && readdir(folder))
    count++;
  if (folder)
    closedir(folder);
  return count - 2; // . and ..
}

// A file is replaced as a whole and nothing else is left beside it; what cannot
// be written says so by name.
static void test_files(const char *folder) {
  mkdir(folder, 0777);
  CHECK(chdir(folder) == 0);
  tsr_buffer text, back, message;
  tsr_buffer_init(&text);
  tsr_buffer_init(&back);
  tsr_buffer_init(&message);
  CHECK(tsr_buffer_write_file(&text, "empty", &message) == TSR_OK);
  tsr_buffer_append_str(&text, "one");
  tsr_buffer_append(&text, "\0two\n", 5);
  CHECK(tsr_buffer_write_file(&text, "file", &message) == TSR_OK);
  CHECK(tsr_buffer_write_file(&text, "file", &message) == TSR_OK);
  CHECK(tsr_buffer_read_file(&back, "file", &message) == TSR_OK);
  CHECK(back.size == text.size && !memcmp(back.data, text.data, back.size));
  CHECK(count_entries(".") == 2);
  CHECK(tsr_buffer_create_file(&text, "new", NULL, &message) == TSR_OK);
  CHECK(message.size == 0);
  CHECK(tsr_buffer_create_file(&text, "new", NULL, &message) == TSR_FAILED);
  CHECK_TEXT(tsr_buffer_str(&message), "cannot write 'new': File exists");
  tsr_buffer_clear(&message);
  CHECK(unlink("new") == 0);

  CHECK(tsr_buffer_write_file(&text, "no/such", &message) == TSR_FAILED);
  CHECK_TEXT(tsr_buffer_str(&message),
             "cannot write 'no/such': No such file or directory");
  tsr_buffer_clear(&message);
  CHECK(tsr_buffer_write_file(&text, ".", &message) == TSR_FAILED);
  CHECK(message.size > 0);
  tsr_buffer_clear(&message);
  CHECK(tsr_buffer_read_file(&back, "none", &message) == TSR_FAILED);
  CHECK_TEXT(tsr_buffer_str(&message),
             "cannot read 'none': No such file or directory");
  tsr_buffer_clear(&message);
  CHECK(tsr_buffer_read_file(&back, ".", &message) == TSR_FAILED);
  CHECK_TEXT(tsr_buffer_str(&message), "cannot read '.': Is a directory");
  CHECK(count_entries(".") == 2);
  tsr_buffer_deinit(&text);
  tsr_buffer_deinit(&back);
  tsr_buffer_deinit(&message);
}

// A spool is in no folder until it is written, and then whole.
static void test_spool(void) {
  tsr_spool spool;
  tsr_buffer back, message;
  tsr_buffer_init(&back);
  tsr_buffer_init(&message);
  CHECK(tsr_spool_init(&spool, "spooled", &message) == TSR_OK);
  for (int i = 0; i < 100000; i++)
    tsr_spool_append(&spool, "0123456", 7);
  CHECK(access("spooled", F_OK) != 0);
  CHECK(count_entries(".") == 2);
  CHECK(tsr_spool_write(&spool, &message) == TSR_OK);
  tsr_spool_deinit(&spool);
  CHECK(tsr_buffer_read_file(&back, "spooled", &message) == TSR_OK);
  CHECK(back.size == 700000 && !memcmp(back.data + 699993, "0123456", 7));
  CHECK(count_entries(".") == 3);
  CHECK(tsr_spool_init(&spool, "no/such", &message) == TSR_FAILED);
  CHECK_TEXT(tsr_buffer_str(&message),
             "cannot write 'no/such': No such file or directory");
  tsr_spool_deinit(&spool);
  CHECK(unlink("spooled") == 0);
  tsr_buffer_deinit(&back);
  tsr_buffer_deinit(&message);
}

static void check_kept(const tsr_buffer *text, const char *path,
                       const char *expected) {
  tsr_buffer message;
  tsr_output output;
  tsr_buffer_init(&message);
  CHECK(tsr_buffer_write_file(text, path, &message) == TSR_FAILED);
  CHECK_TEXT(tsr_buffer_str(&message), expected);
  tsr_buffer_clear(&message);
  CHECK(tsr_output_open(&output, path, &message) == TSR_FAILED);
  CHECK_TEXT(tsr_buffer_str(&message), expected);
  tsr_buffer_deinit(&message);
}

// Once a program asks for it, nothing takes the place of what it read.
static void test_kept(void) {
  tsr_buffer text, message;
  tsr_file file;
  tsr_buffer_init(&text);
  tsr_buffer_init(&message);
  tsr_buffer_append_str(&text, "text");
  static const char *const names[] = {"read", "passed", "back", "free"};
  for (size_t i = 0; i < 4; i++)
    CHECK(tsr_buffer_write_file(&text, names[i], &message) == TSR_OK);
  CHECK(tsr_buffer_read_file(&text, "free", &message) == TSR_OK);
  tsr_keep_read_files("./back");
  CHECK(tsr_buffer_read_file(&text, "read", &message) == TSR_OK);
  CHECK(tsr_buffer_read_file(&text, "back", &message) == TSR_OK);
  CHECK(tsr_file_open(&file, "./passed", &message) == TSR_OK);
  tsr_file_close(&file);
  CHECK(symlink("read", "link") == 0);
  check_kept(&text, "link",
             "cannot write 'link': this would replace 'read', which is read");
  check_kept(
      &text, "passed",
      "cannot write 'passed': this would replace './passed', which is read");
  CHECK(tsr_buffer_write_file(&text, "free", &message) == TSR_OK);
  CHECK(tsr_buffer_write_file(&text, "back", &message) == TSR_OK);
  tsr_keep_file("none");
  tsr_keep_file("free");
  check_kept(&text, "free",
             "cannot write 'free': this would replace 'free', which is read");
  tsr_keep_no_files();
  CHECK(tsr_buffer_write_file(&text, "link", &message) == TSR_OK);
  for (size_t i = 0; i < 4; i++)
    CHECK(unlink(names[i]) == 0);
  CHECK(unlink("link") == 0);
  tsr_buffer_deinit(&text);
  tsr_buffer_deinit(&message);
}

// A device that is always full: the error is seen and reported.
static void test_full_disk(void) {
  if (access("/dev/full", W_OK) != 0)
    return;
  tsr_buffer text, message;
  tsr_buffer_init(&text);
  tsr_buffer_init(&message);
  tsr_buffer_append_str(&text, "text");
  CHECK(tsr_buffer_write_file(&text, "/dev/full", &message) == TSR_FAILED);
  CHECK_TEXT(tsr_buffer_str(&message),
             "cannot write '/dev/full': No space left on device");
  tsr_buffer_deinit(&text);
  tsr_buffer_deinit(&message);
}

int main(int argc, char **argv) {
  CHECK(argc == 2);
  test_append();
  test_numbers();
  test_locale();
  if (argc == 2) {
    test_files(argv[1]);
    test_spool();
    test_kept();
  }
  test_full_disk();
  return report_checks();
}
