// RUN: %program
// The C interface alone: buffers over banks, a program of two native kernels,
// and a device that is made twice.

#include "tessera/sim.h"

#include <stdio.h>
#include <string.h>

static const tsr_sim_where nowhere = {NULL, 0, 0};

static void produce(void) {
  uint32_t base = tsr_sim_arg(0, nowhere);
  for (uint32_t page = 0; page < 20; page++) {
    tsr_sim_cb_reserve(0, 1, nowhere);
    tsr_sim_noc_read(
        tsr_sim_noc_address_of_page(true, base, 64, page, 0, nowhere),
        tsr_sim_cb_write_ptr(0, nowhere), 64, nowhere);
    tsr_sim_noc_read_barrier(nowhere);
    tsr_sim_cb_push(0, 1, nowhere);
  }
}

static void consume(void) {
  uint32_t base = tsr_sim_arg(0, nowhere);
  for (uint32_t page = 0; page < 20; page++) {
    tsr_sim_cb_wait(0, 1, nowhere);
    tsr_sim_noc_write(
        tsr_sim_cb_read_ptr(0, nowhere),
        tsr_sim_noc_address_of_page(true, base, 64, 19 - page, 0, nowhere), 64,
        nowhere);
    tsr_sim_noc_write_barrier(nowhere);
    tsr_sim_cb_pop(0, 1, nowhere);
  }
}

#define CHECK(what)                                                            \
  do {                                                                         \
    if (!(what)) {                                                             \
      printf("line %d: %s: %s\n", __LINE__, #what, tsr_sim_error(sim));        \
      return 1;                                                                \
    }                                                                          \
  } while (0)

static int add_kernel(tsr_sim *sim, tsr_sim_program *program,
                      tsr_sim_cores cores, tsr_sim_processor processor,
                      tsr_sim_entry *entry, uint64_t address) {
  tsr_sim_kernel_config config = {
      .name = "k", .processor = processor, .noc = processor == TSR_SIM_BRISC};
  uint32_t kernel = 0;
  uint32_t arg = (uint32_t)address;
  CHECK(tsr_sim_add_kernel(program, cores, &config, &kernel) == TSR_OK);
  tsr_sim_set_entry(program, kernel, processor, entry);
  CHECK(tsr_sim_set_args(program, kernel, 0, 0, &arg, 1) == TSR_OK);
  return 0;
}

static int run(const tsr_target *target) {
  char error[200] = "";
  tsr_sim *sim = tsr_sim_create(target, error, sizeof error);
  if (!sim)
    return printf("%s\n", error);
  uint64_t in = 0, out = 0, third = 0;
  unsigned char data[20 * 64], back[20 * 64];
  for (size_t i = 0; i < sizeof data; i++)
    data[i] = (unsigned char)(i * 7);
  CHECK(tsr_sim_alloc(sim, TSR_SIM_DRAM, sizeof data, 64, &in) == TSR_OK);
  CHECK(tsr_sim_alloc(sim, TSR_SIM_DRAM, sizeof data, 64, &out) == TSR_OK);
  CHECK(tsr_sim_upload(sim, TSR_SIM_DRAM, in, data, sizeof data) == TSR_OK);

  tsr_sim_program *program = tsr_sim_program_create(sim);
  tsr_sim_range range = {0, 0, 0, 0};
  tsr_sim_cores cores = {&range, 1};
  tsr_sim_cb_index index = {0, TSR_SIM_FLOAT16_B, 64, 0, 0, NULL};
  tsr_sim_cb_config cb = {.bytes = 128, .indices = &index, .index_count = 1};
  CHECK(tsr_sim_add_cb(program, cores, &cb) == TSR_OK);
  if (add_kernel(sim, program, cores, TSR_SIM_NCRISC, produce, in) ||
      add_kernel(sim, program, cores, TSR_SIM_BRISC, consume, out))
    return 1;
  CHECK(tsr_sim_run(program) == TSR_OK);
  CHECK(tsr_sim_run(program) == TSR_OK);
  CHECK(tsr_sim_download(sim, TSR_SIM_DRAM, out, back, sizeof back) == TSR_OK);
  for (size_t page = 0; page < 20; page++)
    CHECK(memcmp(back + page * 64, data + (19 - page) * 64, 64) == 0);

  // A freed buffer cannot be read; its place is used again.
  tsr_sim_free(sim, TSR_SIM_DRAM, in);
  CHECK(tsr_sim_run(program) == TSR_FAILED);
  CHECK(strstr(tsr_sim_error(sim), "lies in no buffer"));
  CHECK(tsr_sim_alloc(sim, TSR_SIM_DRAM, 64, 64, &third) == TSR_OK);
  CHECK(third == in);
  CHECK(tsr_sim_alloc(sim, TSR_SIM_DRAM, 100, 64, &third) == TSR_FAILED);

  // L1 buffers come from the top, circular buffers from the bottom.
  CHECK(tsr_sim_alloc(sim, TSR_SIM_L1, 64, 64, &third) == TSR_OK);
  CHECK(third + 64 == target->cb_base + target->cb_bytes);
  tsr_sim_program_destroy(program);
  tsr_sim_destroy(sim);
  return 0;
}

int main(void) {
  char error[200] = "";
  tsr_target target;
  for (size_t i = 0; i < tsr_target_count(); i++)
    if (tsr_target_load(tsr_target_name(i), &target, error, sizeof error) !=
            TSR_OK ||
        run(&target) || run(&target))
      return printf("%s: %s\n", tsr_target_name(i), error);
  return 0;
}
