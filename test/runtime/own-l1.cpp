// RUN: %parts && %t/program | FileCheck %t/main.cpp
// RUN: env TESSERA_TARGET=blackhole %t/program | FileCheck %t/main.cpp
// Transfers within a core's own L1 keep the rules of circular buffers and
// barriers at both ends.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

namespace {

void run(uint32_t what) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  const tt::DataFormat bf16 = tt::DataFormat::Float16_b;
  Program program = CreateProgram();
  const CoreRange cores({0, 0}, {1, 0});
  auto in = make_buffer(device.get(), bf16, 2);
  auto out = make_buffer(device.get(), bf16, 2);
  Values x(2 * 1024);
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = static_cast<float>(i / 1024 + 1);
  upload(queue, in, bf16, x);
  upload(queue, out, bf16, filled(2, -1));
  add_cb(program, cores, 0, bf16, 2);
  CreateSemaphore(program, cores, 0);
  CreateSemaphore(program, cores, 1);
  std::vector<uint32_t> compiled = {what};
  TensorAccessorArgs(*in).append_to(compiled);
  TensorAccessorArgs(*out).append_to(compiled);
  auto kernel = CreateKernel(program, KERNEL_DIR "/move.cpp", CoreCoord(0, 0),
                             ReaderDataMovementConfig(compiled));
  const CoreCoord here = device->worker_core_from_logical_core({0, 0});
  const CoreCoord there = device->worker_core_from_logical_core({1, 0});
  SetRuntimeArgs(program, kernel, CoreCoord(0, 0),
                 {static_cast<uint32_t>(in->address()),
                  static_cast<uint32_t>(out->address()),
                  static_cast<uint32_t>(here.x), static_cast<uint32_t>(here.y),
                  static_cast<uint32_t>(there.x),
                  static_cast<uint32_t>(there.y)});
  std::printf("%u:", what);
  launch_and_print(*device, std::move(program), out, 2);
}

} // namespace

int main() {
  for (uint32_t what = 0; what <= 14; ++what)
    run(what);
  return 0;
}
// Copies by read, by write, by multicast; one that comes to where it is from;
// and one whose flag follows it.
// CHECK: 0: 1 1
// CHECK: 1: 1 1
// CHECK: 2: 1 1
// CHECK: 3: 1 2
// CHECK: 4: 1 1
// CHECK: 5: {{.*}}: noc_async_read: uses bytes that noc_async_read_page at move.cpp:22 has begun to bring: noc_async_read_barrier must come first
// CHECK: 6: {{.*}}: noc_async_write: uses bytes that noc_async_read_page at move.cpp:22 has begun to bring: noc_async_read_barrier must come first
// CHECK: 7: {{.*}}: noc_async_read: reads 2048 B from page 0 of circular buffer 0, of which 0 pages from page 1 on are waited for: cb_wait_front must come first
// CHECK: 8: {{.*}}: cb_pop_front: pops the source of noc_async_read at {{.*}}, which may not have taken it yet: noc_async_read_barrier must come first
// CHECK: 9: {{.*}}: overwrites the source of noc_async_read at {{.*}}, which may not have taken it yet: noc_async_read_barrier must come first
// CHECK: 10: {{.*}}: noc_async_write: writes 2048 B to page 1 of circular buffer 0, of which 1 pages from page 0 on are reserved: cb_reserve_back must come first
// CHECK: 11: {{.*}}: cb_push_back: uses bytes that noc_async_write at {{.*}} has begun to write, which may not have arrived yet: noc_async_write_barrier must come first
// CHECK: 12: {{.*}}: cb_push_back: uses bytes that noc_async_write_multicast_loopback_src at {{.*}} has begun to write, which may not have arrived yet: noc_async_write_barrier must come first
// CHECK: 13: {{.*}}: overwrites bytes that noc_async_write at {{.*}} has begun to write, which may not have arrived yet: noc_async_write_barrier must come first
// CHECK: 14: {{.*}}: noc_async_read_page: overwrites bytes that noc_async_write at {{.*}} has begun to write, which may not have arrived yet: noc_async_write_barrier must come first
//--- move.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

constexpr uint32_t what = get_compile_time_arg_val(0);
constexpr auto in_args = TensorAccessorArgs<1>();
constexpr auto out_args =
    TensorAccessorArgs<in_args.next_compile_time_args_offset()>();

void kernel_main() {
  const auto in = TensorAccessor(in_args, get_arg_val<uint32_t>(0), 2048);
  const auto out = TensorAccessor(out_args, get_arg_val<uint32_t>(1), 2048);
  const uint32_t x0 = get_arg_val<uint32_t>(2), y0 = get_arg_val<uint32_t>(3);
  const uint32_t x1 = get_arg_val<uint32_t>(4), y1 = get_arg_val<uint32_t>(5);
  const bool in_one_go = what < 7 || what == 9 || what > 10;
  cb_reserve_back(0, in_one_go ? 2 : 1);
  const uint32_t p = get_write_ptr(0), q = p + 2048;
  const uint64_t from = get_noc_addr(x0, y0, p), to = get_noc_addr(x0, y0, q);
  const uint64_t both = get_noc_multicast_addr(x0, y0, x1, y1, q);
  const uint32_t s = get_semaphore(0);
  auto flag = reinterpret_cast<volatile tt_l1_ptr uint32_t *>(s);
  noc_async_read_page(0, in, p);
  if (what != 5 && what != 6)
    noc_async_read_barrier();
  if (what == 0 || what == 5)
    noc_async_read(from, q, 2048);
  if (what == 1 || what == 6 || what == 11 || what == 13 || what == 14)
    noc_async_write(p, to, 2048);
  if (what == 2 || what == 4 || what == 12)
    noc_async_write_multicast_loopback_src(p, both, 2048, 2);
  if (what == 3) {
    noc_async_read_page(1, in, q);
    noc_async_read_barrier();
    noc_async_write_multicast_loopback_src(q, both, 2048, 2);
    noc_async_writes_flushed();
  }
  if (what == 4) {
    noc_semaphore_set_multicast_loopback_src(
        get_semaphore(1), get_noc_multicast_addr(x0, y0, x1, y1, s), 2);
    noc_semaphore_wait(flag, 1);
  }
  if (what == 7) {
    cb_push_back(0, 1);
    cb_wait_front(0, 1);
    cb_pop_front(0, 1);
    cb_reserve_back(0, 1);
    noc_async_read(from, get_write_ptr(0), 2048);
  }
  if (what == 8) {
    cb_push_back(0, 1);
    cb_wait_front(0, 1);
    cb_reserve_back(0, 1);
    noc_async_read(from, get_write_ptr(0), 2048);
    cb_pop_front(0, 1);
  }
  if (what == 9) {
    noc_async_read(from, q, 2048);
    *reinterpret_cast<volatile tt_l1_ptr uint32_t *>(p) = 0;
  }
  if (what == 10)
    noc_async_write(p, to, 2048);
  if (what == 13 || what == 14)
    noc_async_writes_flushed();
  if (what == 13)
    *reinterpret_cast<volatile tt_l1_ptr uint32_t *>(q) = 0;
  if (what == 14)
    noc_async_read_page(1, in, q);
  if (what <= 2)
    noc_async_write_barrier();
  if (what == 0)
    noc_async_read_barrier();
  if (what == 11)
    noc_async_writes_flushed();
  cb_push_back(0, 2);
  cb_wait_front(0, 2);
  noc_async_write_page(0, out, p);
  noc_async_write_page(1, out, q);
  noc_async_write_barrier();
  cb_pop_front(0, 2);
}
