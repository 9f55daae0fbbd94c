// RUN: %program %root/targets/n300.json %root/targets/arch/wormhole_b0.json
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

static const char *const board =
    "{\n\"name\": \"t\", \"base\": \"n150\",\n%s}\n";

// A board that differs from the n150 by `text`.
static int board_fails(const char *text, const char *want) {
  char whole[1024];
  snprintf(whole, sizeof whole, board, text);
  return fails("t.json", whole, want);
}

// What a description says itself comes before what its base says, and names
// come from both.
static int overrides(void) {
  char error[300] = "", whole[1024];
  tsr_target target, base;
  FILE *out = fopen("t.json", "w");
  snprintf(whole, sizeof whole, board,
           "\"clock_mhz\": {\"value\": 800, \"source\": \"s\"},\n"
           "\"sfpu_millicycles\": {\n"
           "  \"exp_tile\": {\"value\": 7, \"source\": \"s\"}}");
  if (!out || fputs(whole, out) < 0 || fclose(out) != 0)
    return printf("cannot write t.json\n");
  tsr_result result = tsr_target_load("t.json", &target, error, sizeof error);
  remove("t.json");
  if (result != TSR_OK ||
      tsr_target_load("n150", &base, error, sizeof error) != TSR_OK)
    return printf("%s\n", error);
  uint32_t exp = 0;
  for (uint32_t i = 0; i < target.sfpu_millicycles_count; i++)
    if (strcmp(target.sfpu_millicycles[i].name, "exp_tile") == 0)
      exp += target.sfpu_millicycles[i].value;
  if (strcmp(target.name, "t") == 0 && target.clock_mhz == 800 &&
      target.grid_rows == base.grid_rows &&
      target.sfpu_millicycles_count == base.sfpu_millicycles_count && exp == 7)
    return 0;
  return printf("t.json is %s at %u MHz, exp takes %u\n", target.name,
                target.clock_mhz, exp);
}

static int bad_bases(void) {
  return board_fails("\"cb_cuont\": 3",
                     "target 't.json': line 3: unknown field 'cb_cuont'; did "
                     "you mean 'cb_count'?") ||
         board_fails("\n\"clock_mhz\": {\"value\": 1.5, \"source\": \"s\"}",
                     "target 't.json': line 4: field 'clock_mhz' must be a "
                     "whole number that is not negative") ||
         board_fails("\"reduce_row_millicycles\": {\"value\": [1, 2, 3], "
                     "\"source\": \"s\"}",
                     "target 't.json': line 3: field 'reduce_row_millicycles' "
                     "must be a list of 4 numbers") ||
         board_fails("\"worker_noc_x\": {\"value\": [1], \"source\": \"s\"}",
                     "field 'worker_noc_x' must be a list of 8 numbers, as "
                     "'grid_cols' says") ||
         board_fails(
             "\"sfpu_millicycles\": 3",
             "field 'sfpu_millicycles' must be an object of {\"value\": "
             "..., \"source\": \"...\"} by name") ||
         board_fails("\"sfpu_millicycles\": {\"exp_tile\": 3}",
                     "field 'exp_tile' must be {\"value\": ...") ||
         board_fails("\"unpack_rate\": {\"value\": 0, \"source\": \"s\"}",
                     "field 'unpack_rate' is 0 but must lie between 1 and") ||
         fails("t.json", "{\"name\": \"t\", \"base\": \"n15\"}",
               "target 't.json': line 1: no base is called 'n15'; did you mean "
               "'n150'?") ||
         fails("t.json", "{\"name\": \"t\", \"base\": \"quasar9000\"}",
               "no base is called 'quasar9000'; a base is a target, an "
               "architecture, or the path of a JSON file") ||
         fails("t.json", "{\"name\": \"t\", \"base\": 3}",
               "field 'base' must be a text") ||
         fails("t.json", "{\"name\": \"t\", \"base\": \"absent.json\"}",
               "target 'absent.json': cannot read 'absent.json'") ||
         fails("t.json", "{\"name\": \"t\", \"base\": \"t.json\"}",
               "bases are more than 7 deep; does one name itself?") ||
         fails("t.json", "{\"base\": \"n150\"}", "field 'name' is missing") ||
         fails("t.json", "{\"name\": \"t\", \"arch\": \"blackhole\"}",
               "field 'grid_rows' is missing; \"base\": \"blackhole\" would "
               "give all that boards of that architecture share") ||
         fails("t.json", "{\"name\": \"t\", \"base\": \"blackhole\"}",
               "field 'grid_rows' is missing");
}

// Each number alone is in its range.
static int contradictions(void) {
  return board_fails("\"dst_tiles_16bit_full\": {\"value\": 1, \"source\": "
                     "\"s\"}",
                     "line 3: 'dst_tiles_16bit_full' is 1 but "
                     "'dst_tiles_16bit_half' is 8: 'dst_tiles_16bit_full' "
                     "must be 16 or more") ||
         board_fails("\"dst_tiles_32bit_half\": {\"value\": 5, \"source\": "
                     "\"s\"}",
                     "line 3: 'dst_tiles_32bit_full' is 8 but "
                     "'dst_tiles_32bit_half' is 5: 'dst_tiles_32bit_full' "
                     "must be 10 or more") ||
         board_fails("\"dst_tiles_32bit_full\": {\"value\": 17, \"source\": "
                     "\"s\"}",
                     "line 3: 'dst_tiles_16bit_full' is 16 but "
                     "'dst_tiles_32bit_full' is 17: 'dst_tiles_16bit_full' "
                     "must be 17 or more") ||
         board_fails("\n\"dst_tiles_16bit_half\": {\"value\": 3, \"source\": "
                     "\"s\"}",
                     "line 4: 'dst_tiles_16bit_half' is 3 but "
                     "'dst_tiles_32bit_half' is 4: 'dst_tiles_16bit_half' "
                     "must be 4 or more") ||
         board_fails("\"dram_base\": {\"value\": 65536, \"source\": \"s\"},\n"
                     "\"dram_bank_bytes\": {\"value\": 65536, \"source\": "
                     "\"s\"}",
                     "'dram_base' is 65536 but must lie before the end of a "
                     "bank, which 'dram_bank_bytes' puts at 65536") ||
         board_fails("\"l1_write_align\": {\"value\": 48, \"source\": \"s\"}",
                     "line 3: field 'l1_write_align' is 48, but an alignment "
                     "must be a power of two");
}

// Two things at one place of the NoC: of one list, of two, and of the routers.
static int collisions(void) {
  return board_fails("\"dram_noc_x\": {\"value\": [5, 5, 5, 5, 5, 5, 5, 5, 0, "
                     "0, 0, 0], \"source\": \"s\"}",
                     "line 3: field 'dram_noc_x' puts DRAM bank 1 and DRAM "
                     "bank 4 at the same NoC coordinates, (5,1)") ||
         board_fails(
             "\"worker_noc_y\": {\"value\": [18, 19, 20, 21, 18, 23, "
             "24, 25], \"source\": \"s\"}",
             "line 3: field 'worker_noc_y' puts worker core (0,0) and "
             "worker core (0,4) at the same NoC coordinates, (18,18)") ||
         board_fails(
             "\"worker_noc_x\": {\"value\": [18, 0, 20, 21, 22, 23, 24, 25], "
             "\"source\": \"s\"},\n\"worker_noc_y\": {\"value\": [18, 19, "
             "11, 21, 22, 23, 24, 25], \"source\": \"s\"}",
             "puts worker core (1,2) and DRAM bank 0 at the same NoC "
             "coordinates, (0,11)") ||
         board_fails("\"dram_noc_x\": {\"value\": [9, 0, 0, 0, 5, 5, 5, 5, 5, "
                     "5, 5, 5], \"source\": \"s\"},\n\"dram_noc_y\": "
                     "{\"value\": [0, 1, 5, 7, 1, 11, 2, 9, 8, 3, 5, 7], "
                     "\"source\": \"s\"}",
                     "puts DRAM bank 0 and Ethernet core 0 at the same NoC "
                     "coordinates, (9,0)") ||
         board_fails("\"worker_physical_x\": {\"value\": [1, 2, 3, 4, 5, 7, "
                     "8, 9], \"source\": \"s\"}",
                     "line 3: field 'worker_physical_x' puts worker core (4,0) "
                     "and DRAM bank 4 at the same router, (5,1)");
}

int main(int argc, char **argv) {
  return is("n150", "wormhole_b0", 8, 8) || is("n300", "wormhole_b0", 7, 8) ||
         is("wormhole_b0", "wormhole_b0", 8, 8) ||
         is("blackhole", "blackhole", 10, 13) ||
         is("p150", "blackhole", 10, 13) ||
         is("p150-fw19", "blackhole", 10, 11) ||
         is("p100", "blackhole", 10, 11) || argc != 3 ||
         is(argv[1], "wormhole_b0", 7, 8) || overrides() || bad_bases() ||
         contradictions() || collisions() ||
         fails("p15", NULL, "no such target; did you mean 'p150'?") ||
         fails("", NULL, "no such target; known are n150, n300, p150") ||
         fails("absent.json", NULL, "cannot read 'absent.json'") ||
         fails("t.json", "{\n\"name\": 3\n", "not valid JSON at line 2") ||
         fails("t.json", "{}\n x", "not valid JSON at line 2") ||
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
         board_fails("\"noc_cols\": {\"value\": 4, \"source\": \"s\"}",
                     "field 'worker_physical_x' has 4, but the NoC's torus has "
                     "4 there") ||
         fails(argv[2], NULL, "field 'name' is missing");
}
