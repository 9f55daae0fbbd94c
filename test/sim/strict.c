// RUN: %program
// What the host chooses: how strict the model is, who is told, and that
// generated kernels must pop what they wait for.

#include "tessera/sim.h"

#include <stdio.h>
#include <string.h>

static const tsr_sim_where nowhere = {NULL, 0, 0};

static void produce(void) {
  tsr_sim_cb_reserve(0, 1, nowhere);
  tsr_sim_cb_push(0, 1, nowhere);
}

// Waits, and never pops.
static void keep(void) { tsr_sim_cb_wait(0, 1, nowhere); }

// Pops more than it waits for.
static void pop_twice(void) {
  tsr_sim_cb_wait(0, 1, nowhere);
  tsr_sim_cb_pop(0, 1, nowhere);
  tsr_sim_cb_pop(0, 1, nowhere);
}

typedef struct heard {
  int notes;
  int warnings;
  char last[200];
} heard;

static void hear(void *context, tsr_sim_severity severity, tsr_sim_where where,
                 const char *text, const char *details) {
  (void)where;
  (void)details;
  heard *to = context;
  if (severity == TSR_SIM_NOTE)
    to->notes++;
  else
    to->warnings++;
  snprintf(to->last, sizeof to->last, "%s", text);
}

static tsr_result run(tsr_sim *sim, tsr_sim_entry *consumer,
                      bool is_generated) {
  tsr_sim_program *program = tsr_sim_program_create(sim);
  tsr_sim_range range = {0, 0, 1, 0};
  tsr_sim_cores cores = {&range, 1};
  tsr_sim_cb_index index = {0, TSR_SIM_FLOAT16_B, 64, 0, 0, NULL};
  tsr_sim_cb_config cb = {.bytes = 128, .indices = &index, .index_count = 1};
  tsr_sim_kernel_config reader = {.name = "reader",
                                  .processor = TSR_SIM_NCRISC,
                                  .is_generated = is_generated};
  tsr_sim_kernel_config writer = {.name = "writer",
                                  .processor = TSR_SIM_BRISC,
                                  .noc = 1,
                                  .is_generated = is_generated};
  uint32_t first = 0, second = 0;
  tsr_result result = tsr_sim_add_cb(program, cores, &cb);
  if (result == TSR_OK)
    result = tsr_sim_add_kernel(program, cores, &reader, &first);
  if (result == TSR_OK)
    result = tsr_sim_add_kernel(program, cores, &writer, &second);
  tsr_sim_set_entry(program, first, TSR_SIM_NCRISC, produce);
  tsr_sim_set_entry(program, second, TSR_SIM_BRISC, consumer);
  if (result == TSR_OK)
    result = tsr_sim_run(program);
  tsr_sim_program_destroy(program);
  return result;
}

#define CHECK(what)                                                            \
  do {                                                                         \
    if (!(what)) {                                                             \
      printf("line %d: %s: %s\n", __LINE__, #what, tsr_sim_error(sim));        \
      return 1;                                                                \
    }                                                                          \
  } while (0)

int main(void) {
  char error[200] = "";
  tsr_target target;
  if (tsr_target_load("n150", &target, error, sizeof error) != TSR_OK)
    return printf("%s\n", error);
  tsr_sim *sim = tsr_sim_create(&target, error, sizeof error);
  if (!sim)
    return printf("%s\n", error);
  heard told = {0, 0, ""};
  tsr_sim_set_listener(sim, hear, &told);

  // The same on two cores is said once.
  CHECK(run(sim, keep, false) == TSR_OK);
  CHECK(told.notes == 1 && told.warnings == 0);
  CHECK(strstr(told.last, "core (0,0), kernel 'writer' (brisc)"));
  CHECK(strstr(told.last, "1 pages of circular buffer 0 were waited for and "
                          "never popped"));

  CHECK(run(sim, keep, true) == TSR_FAILED);
  CHECK(strstr(tsr_sim_error(sim), "program 2, core (0,0)"));
  CHECK(strstr(tsr_sim_error(sim), "never popped"));
  CHECK(told.notes == 1);

  CHECK(run(sim, pop_twice, false) == TSR_FAILED);
  CHECK(strstr(tsr_sim_error(sim), "with 0 waited for"));

  tsr_sim_set_strict(sim, TSR_SIM_STRICT_WARN);
  CHECK(run(sim, pop_twice, false) == TSR_OK);
  CHECK(told.notes == 1 && told.warnings == 1);
  CHECK(strstr(told.last, "with 0 waited for"));

  tsr_sim_set_strict(sim, TSR_SIM_STRICT_OFF);
  CHECK(run(sim, keep, true) == TSR_OK);
  CHECK(run(sim, pop_twice, false) == TSR_OK);
  CHECK(told.notes == 1 && told.warnings == 1);
  tsr_sim_destroy(sim);
  return 0;
}
