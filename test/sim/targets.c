// RUN: %program %root/targets/n300.json
// Target descriptions: all names, and what is said about a bad one.

#include "tessera/target.h"

#include <stdio.h>
#include <string.h>

static int fails(const char *name, const char *text, const char *want) {
  char error[300] = "";
  tsr_target target;
  if (text) {
    FILE *out = fopen(name, "w");
    if (!out || fputs(text, out) < 0 || fclose(out) != 0)
      return printf("cannot write %s\n", name);
  }
  tsr_result result = tsr_target_load(name, &target, error, sizeof error);
  if (text)
    remove(name);
  if (result == TSR_FAILED && strstr(error, want))
    return 0;
  return printf("wanted '%s', got '%s'\n", want, error);
}

// The target of `path` with the number behind `field` replaced.
static int fails_with(const char *path, const char *field, const char *number,
                      const char *want) {
  static char text[65536], changed[65536];
  FILE *in = fopen(path, "r");
  size_t bytes = in ? fread(text, 1, sizeof text - 1, in) : 0;
  if (in)
    fclose(in);
  text[bytes] = 0;
  char *at = strstr(text, field);
  at = at ? strstr(at, "\"value\": ") : NULL;
  if (!at)
    return printf("no %s in %s\n", field, path);
  at += strlen("\"value\": ");
  snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, number,
           strchr(at, ',') && *at != '[' ? strchr(at, ',') : at);
  return fails("t.json", changed, want);
}

static int is(const char *name, const char *arch, uint32_t rows,
              uint32_t cols) {
  char error[300] = "";
  tsr_target target;
  if (tsr_target_load(name, &target, error, sizeof error) == TSR_OK &&
      strcmp(target.arch, arch) == 0 && target.grid_rows == rows &&
      target.grid_cols == cols &&
      target.cb_base + target.cb_bytes == target.l1_bytes &&
      tsr_target_dst_tiles(&target, false, false) == 8 &&
      tsr_target_dst_tiles(&target, true, true) == 8 &&
      tsr_target_dst_tiles(&target, true, false) == 4)
    return 0;
  return printf("%s: %s\n", name, error);
}

int main(int argc, char **argv) {
  return is("n150", "wormhole_b0", 8, 8) || is("n300", "wormhole_b0", 7, 8) ||
         is("wormhole_b0", "wormhole_b0", 8, 8) ||
         is("blackhole", "blackhole", 10, 13) ||
         is("p150", "blackhole", 10, 13) ||
         is("p150-fw19", "blackhole", 10, 11) ||
         is("p100", "blackhole", 10, 11) || argc != 2 ||
         is(argv[1], "wormhole_b0", 7, 8) ||
         fails("p15", NULL, "no such target; did you mean 'p150'?") ||
         fails("", NULL, "no such target; known are n150, n300, p150") ||
         fails("absent.json", NULL, "cannot read 'absent.json'") ||
         fails("t.json", "{\n\"name\": 3\n", "not valid JSON at line 2") ||
         fails("t.json", "[]", "a target is a JSON object") ||
         fails("t.json", "{}", "field 'name' is missing") ||
         fails("t.json", "{\"name\": 3}", "field 'name' must be a text") ||
         fails("t.json", "{\"name\": \"t\", \"arch\": \"x\"}",
               "field 'arch' is 'x' but must be 'wormhole_b0' or") ||
         fails("t.json", "{\"nam\": \"t\"}", "did you mean 'name'?") ||
         fails("t.json", "{\"name\": \"t\", \"arch\": \"blackhole\"}",
               "field 'grid_rows' is missing") ||
         fails("t.json",
               "{\"name\": \"t\", \"arch\": \"blackhole\", \"grid_rows\": 3}",
               "field 'grid_rows' must be {\"value\"") ||
         fails("t.json",
               "{\"name\": \"t\", \"arch\": \"blackhole\", \"grid_rows\": "
               "{\"value\": 2.5, \"source\": \"s\"}}",
               "field 'grid_rows' must be a whole number") ||
         fails("t.json",
               "{\"name\": \"t\", \"arch\": \"blackhole\", \"grid_rows\": "
               "{\"value\": 0, \"source\": \"s\"}}",
               "field 'grid_rows' is 0 but must lie between 1 and 32") ||
         fails_with(argv[1], "noc_cols", "4",
                    "field 'worker_physical_x' has 4, but the NoC's torus has "
                    "4 there");
}
