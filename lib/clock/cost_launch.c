// What starting a program takes, from the target's numbers.
//
// src    docs/model.md, "Time"

#include "internal.h"

// Processors that data movement and compute kernels run on.
enum { MOVEMENT_PROCESSORS = 2, COMPUTE_PROCESSORS = 3 };

static uint64_t smaller(uint64_t a, uint64_t b) { return a < b ? a : b; }
static uint64_t larger(uint64_t a, uint64_t b) { return a > b ? a : b; }

// What dispatch has to bring to the cores.
typedef struct load {
  uint64_t processors;
  uint64_t groups; // of cores that have other kernels than the rest
  uint64_t arg_words;
  uint64_t common_arg_words;
} load;

static load load_of(const tsr_clock_program *program) {
  load sum = {0, 0, 0, 0};
  uint64_t compute = 0, movement = 0;
  for (size_t i = 0; i < program->kernel_count; i++) {
    const tsr_clock_kernel *kernel = &program->kernels[i];
    compute += kernel->is_compute;
    movement += !kernel->is_compute;
    sum.arg_words = larger(sum.arg_words, kernel->arg_count);
    sum.common_arg_words =
        larger(sum.common_arg_words, kernel->common_arg_count);
  }
  sum.processors = smaller(movement, MOVEMENT_PROCESSORS) +
                   (compute ? COMPUTE_PROCESSORS : 0);
  sum.groups = larger(compute, (movement + MOVEMENT_PROCESSORS - 1) /
                                   MOVEMENT_PROCESSORS);
  return sum;
}

static uint64_t launch_millicycles(const tsr_target *target,
                                   const tsr_clock_program *program) {
  load sum = load_of(program);
  uint64_t total = target->launch_millicycles;
  if (sum.processors)
    total += (sum.processors - 1) * target->launch_processor_millicycles;
  total += sum.processors * target->launch_code_bytes *
           target->launch_code_millicycles;
  if (sum.groups)
    total += (sum.groups - 1) * target->launch_group_millicycles;
  if (program->cb_count)
    total += target->launch_cb_millicycles +
             program->cb_count * (uint64_t)target->launch_each_cb_millicycles;
  if (sum.arg_words)
    total += target->launch_args_millicycles +
             sum.arg_words * target->launch_arg_millicycles;
  return total + sum.common_arg_words * target->launch_common_arg_millicycles;
}

// What was measured is a whole launch of kernels that do nothing, on all cores:
// the way from the go signal to a kernel, the skew and the end are part of it.
tsr_clock_launch tsr_cost_launch(const tsr_target *target,
                                 const tsr_clock_program *program) {
  uint64_t whole = launch_millicycles(target, program);
  uint64_t tail = smaller(whole, target->finish_millicycles);
  uint64_t others = larger(program->core_count, 1) - 1;
  uint64_t all_others = (uint64_t)target->grid_cols * target->grid_rows - 1;
  uint64_t each = target->start_skew_millicycles;
  uint64_t skew = smaller(whole - tail, all_others * each);
  return (tsr_clock_launch){
      .dispatch = clock_ticks(whole - tail - skew),
      .skew = clock_ticks(smaller(skew, others * each)),
      .tail = clock_ticks(tail),
  };
}
