// RUN: %parts && %t/program | FileCheck %t/main.cpp
// Threads of the host that share a device, or have one each: their buffers,
// programs and transfers do not meet.
//--- main.cpp
#include "harness.hpp"

#include <atomic>
#include <functional>
#include <stdexcept>
#include <thread>

using namespace harness;

namespace {

using Device = std::shared_ptr<distributed::MeshDevice>;

std::atomic<int> right_count;

// A program that copies eight pages, and one that breaks a rule, which only its
// own thread hears of.
void work(const Device &device, uint32_t me) {
  const tt::DataFormat bf16 = tt::DataFormat::Float16_b;
  const CoreRange core({me, 1}, {me, 1});
  auto &queue = device->mesh_command_queue();
  for (uint32_t round = 0; round < 20; ++round) {
    const bool is_wrong = round % 5 == 4;
    auto in = make_buffer(device.get(), bf16, 8);
    auto out = make_buffer(device.get(), bf16, 8);
    upload(queue, in, bf16, filled(8, static_cast<float>(1 + me * 20 + round)));
    Program program = CreateProgram();
    add_cb(program, core, 0, bf16, 2);
    std::vector<uint32_t> compiled = {is_wrong};
    TensorAccessorArgs(*in).append_to(compiled);
    auto kernel = CreateKernel(program, KERNEL_DIR "/copy.cpp", core,
                               ReaderDataMovementConfig(compiled));
    SetRuntimeArgs(program, kernel, core,
                   {static_cast<uint32_t>(in->address()),
                    static_cast<uint32_t>(out->address()), me});
    std::string error;
    try {
      launch(*device, std::move(program));
    } catch (const std::runtime_error &thrown) {
      error = thrown.what();
    }
    const std::string wrong =
        "reads argument " + std::to_string(100 + me) + " of a kernel";
    if (is_wrong)
      right_count += error.find(wrong) != std::string::npos;
    else
      right_count += error.empty() &&
                     download(queue, out, bf16) ==
                         filled(8, static_cast<float>(1 + me * 20 + round));
  }
}

void run(const char *name, const std::function<Device()> &open) {
  right_count = 0;
  std::vector<std::thread> threads;
  for (uint32_t me = 0; me < 4; ++me)
    threads.emplace_back([me, &open] { work(open(), me); });
  for (std::thread &thread : threads)
    thread.join();
  std::printf("%s: %d of 80\n", name, right_count.load());
}

} // namespace

int main() {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  run("shared", [&] { return device; });
  device.reset();
  run("own", [] { return distributed::MeshDevice::create_unit_mesh(0); });
  return 0;
}
// CHECK: shared: 80 of 80
// CHECK: own: 80 of 80
//--- copy.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  constexpr auto args = TensorAccessorArgs<1>();
  const auto in = TensorAccessor(args, get_arg_val<uint32_t>(0), 2048);
  const auto out = TensorAccessor(args, get_arg_val<uint32_t>(1), 2048);
  for (uint32_t i = 0; i < 8; ++i) {
    cb_reserve_back(0, 1);
    noc_async_read_page(i, in, get_write_ptr(0));
    noc_async_read_barrier();
    cb_push_back(0, 1);
    cb_wait_front(0, 1);
    noc_async_write_page(i, out, get_read_ptr(0));
    noc_async_write_barrier();
    cb_pop_front(0, 1);
  }
  if (get_compile_time_arg_val(0))
    get_arg_val<uint32_t>(100 + get_arg_val<uint32_t>(2));
}
