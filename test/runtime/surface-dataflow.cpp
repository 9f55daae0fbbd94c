// RUN: %parts
// RUN: %t/program "invalidate_l1_cache()" | FileCheck %t/main.cpp --check-prefix=RAN
// RUN: %t/program "get_ct_arg<0>()" api/compile_time_args.h | FileCheck %t/main.cpp --check-prefix=RAN
// RUN: %t/program "const auto &cb = get_local_cb_interface(0); uint32_t end = cb.fifo_limit; cb_reserve_back(0, 1); if (cb.fifo_size != 4096 || end - cb.fifo_wr_ptr != 4096 || cb.fifo_page_size != 2048 || cb.fifo_num_pages != 2 || cb.fifo_rd_ptr != get_read_ptr(0)) { abort(); }" | FileCheck %t/main.cpp --check-prefix=RAN
// RUN: not %t/program "get_local_cb_interface(0).tiles_acked" 2>&1 | FileCheck %t/main.cpp --check-prefix=CB
// RUN: not %t/program "get_local_cb_interface(0).fifo_rd_ptr = 0" 2>&1 | FileCheck %t/main.cpp --check-prefix=CHANGE
// RUN: not %t/program "uint32_t size = get_local_cb_interface(1).fifo_size; (void)size" 2>&1 | FileCheck %t/main.cpp --check-prefix=NONE
// RUN: not %t/program "noc_async_read_inc_num_issued(1)" 2>&1 | FileCheck %t/main.cpp --check-prefix=COUNT
// RUN: not %t/program "while (!ncrisc_noc_reads_flushed(noc_index))" 2>&1 | FileCheck %t/main.cpp --check-prefix=FLUSHED
// RUN: not %t/program "(ncrisc_noc_fast_read_any_len<noc_mode>(0, 0, 0, 0, 32))" 2>&1 | FileCheck %t/main.cpp --check-prefix=FAST
// RUN: not %t/program "" api/remote_circular_buffer.h 2>&1 | FileCheck %t/main.cpp --check-prefix=REMOTE
// RUN: not %t/program "" experimental/noc.h 2>&1 | FileCheck %t/main.cpp --check-prefix=NOC
// RUN: not %metalium -fsyntax-only %t/host.cpp 2>&1 | FileCheck %t/main.cpp --check-prefix=HOST
// A data movement kernel, or a host program, that is outside of the surface
// says so when it is compiled.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main(int count, char **argv) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  Program program = CreateProgram();
  std::string text = "#include <cstdlib>\nconstexpr uint8_t noc_mode = 0;\n"
                     "void kernel_main() { " +
                     std::string(argv[1]) + "; (void)noc_mode; }\n";
  add_cb(program, CoreCoord(0, 0), 0, tt::DataFormat::Float16_b, 2);
  if (count > 2)
    text = "#include \"" + std::string(argv[2]) + "\"\n" + text;
  CreateKernelFromString(program, text, CoreCoord(0, 0),
                         ReaderDataMovementConfig({7}));
  launch(*device, std::move(program));
  std::printf("ran\n");
  return 0;
}
// RAN: ran
// CB: error: kernel 'string_kernel_0' (ncrisc) does not compile:
// CB: tiles_acked
// CB: note: docs/model.md, "Surface", lists what kernels may call
// CHANGE: to change a circular buffer from within is outside of the model's surface
// NONE: get_local_cb_interface: there is no circular buffer 1 on this core
// COUNT: noc_async_read_inc_num_issued is outside of the model's surface
// FLUSHED: ncrisc_noc_reads_flushed is outside of the model's surface
// FAST: ncrisc_noc_fast_read_any_len is outside of the model's surface
// REMOTE: outside of the model's surface: remote_circular_buffer.h
// NOC: outside of the model's surface: noc.h
// HOST: outside of the model's surface: global_circular_buffer.hpp
//--- host.cpp
#include <tt-metalium/global_circular_buffer.hpp>
