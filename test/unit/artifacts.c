// RUN: rm -rf %t && mkdir %t && cd %t && %unit/artifacts

// Files that a backend made go below a folder that has a name.

#include "tessera/compile.h"

#include "check.h"

#include <unistd.h>

static tsr_result write_to(const char *folder, tsr_diag *diag) {
  tsr_artifacts files;
  tsr_artifacts_init(&files);
  tsr_buffer_append_str(tsr_artifacts_add(&files, "tessera-made"), "text");
  tsr_result result = tsr_artifacts_write(&files, folder, diag);
  tsr_artifacts_deinit(&files);
  return result;
}

int main(void) {
  tsr_diag *diag = tsr_diag_create();
  CHECK(write_to("", diag) == TSR_FAILED);
  CHECK(tsr_diag_count(diag) == 1);
  CHECK_TEXT(tsr_diag_get(diag, 0)->id, "folder-empty");
  CHECK(access("tessera-made", F_OK) != 0);
  CHECK(access("/tessera-made", F_OK) != 0);
  CHECK(write_to(".", diag) == TSR_OK);
  CHECK(access("tessera-made", F_OK) == 0);
  CHECK(write_to("a/b", diag) == TSR_OK);
  CHECK(access("a/b/tessera-made", F_OK) == 0);

  // What was read stays; nothing of the folder is written then.
  tsr_buffer text, message;
  tsr_buffer_init(&text);
  tsr_buffer_init(&message);
  tsr_buffer_append_str(&text, "read");
  CHECK(tsr_buffer_write_file(&text, "tessera-made", &message) == TSR_OK);
  tsr_keep_read_files(NULL);
  CHECK(tsr_buffer_read_file(&text, "./tessera-made", &message) == TSR_OK);
  CHECK(write_to(".", diag) == TSR_FAILED);
  CHECK(tsr_diag_count(diag) == 2);
  CHECK_TEXT(tsr_diag_get(diag, 1)->text,
             "./tessera-made: cannot write './tessera-made': this would "
             "replace './tessera-made', which is read");
  tsr_keep_no_files();
  CHECK(write_to(".", diag) == TSR_OK);
  tsr_buffer_deinit(&message);
  tsr_buffer_deinit(&text);
  tsr_diag_destroy(diag);
  return report_checks();
}
