// A host program of the shape that is generated: buffers, circular buffers,
// kernels, arguments, a run.
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <tt-metalium/bfloat16.hpp>
#include <tt-metalium/constants.hpp>
#include <tt-metalium/device.hpp>
#include <tt-metalium/distributed.hpp>
#include <tt-metalium/host_api.hpp>
#include <tt-metalium/tensor_accessor_args.hpp>
#include <tt-metalium/tilize_utils.hpp>

using namespace tt;
using namespace tt::tt_metal;

namespace {

constexpr uint32_t rows = 64;
constexpr uint32_t columns = 96;
constexpr uint32_t tile_count = (rows / 32) * (columns / 32);

void create_cb(Program &program, const CoreRangeSet &cores, uint32_t index) {
  const uint32_t page_bytes = tt::tile_size(tt::DataFormat::Float16_b);
  CreateCircularBuffer(
      program, cores,
      CircularBufferConfig(2 * page_bytes, {{index, tt::DataFormat::Float16_b}})
          .set_page_size(index, page_bytes));
}

} // namespace

int main() {
  auto mesh = distributed::MeshDevice::create_unit_mesh(0);
  const CoreCoord grid = mesh->compute_with_storage_grid_size();
  if (grid.x < 1 || grid.y < 1)
    return 1;
  {
    distributed::MeshCommandQueue &queue = mesh->mesh_command_queue();
    const uint32_t page_bytes = tt::tile_size(tt::DataFormat::Float16_b);
    distributed::DeviceLocalBufferConfig dram{.page_size = page_bytes,
                                              .buffer_type = BufferType::DRAM};
    distributed::ReplicatedBufferConfig size{.size = tile_count * page_bytes};
    auto in = distributed::MeshBuffer::create(size, dram, mesh.get());
    auto out = distributed::MeshBuffer::create(size, dram, mesh.get());

    Program program = CreateProgram();
    const CoreRangeSet cores(CoreRange(CoreCoord{0, 0}, CoreCoord{0, 0}));
    create_cb(program, cores, 0);
    create_cb(program, cores, 16);

    std::vector<uint32_t> in_args = {0};
    TensorAccessorArgs(*in).append_to(in_args);
    const KernelHandle reader = CreateKernel(
        program, std::string(KERNEL_DIR) + "/reader.cpp", cores,
        DataMovementConfig{.processor = DataMovementProcessor::RISCV_1,
                           .noc = NOC::RISCV_0_default,
                           .compile_args = in_args});
    std::vector<UnpackToDestMode> unpack_modes(NUM_CIRCULAR_BUFFERS,
                                               UnpackToDestMode::Default);
    CreateKernel(program, std::string(KERNEL_DIR) + "/compute.cpp", cores,
                 ComputeConfig{.math_fidelity = MathFidelity::HiFi4,
                               .fp32_dest_acc_en = true,
                               .unpack_to_dest_mode = unpack_modes,
                               .compile_args = {}});
    for (const CoreRange &range : cores.ranges())
      for (const CoreCoord &core : range)
        SetRuntimeArgs(program, reader, core,
                       {static_cast<uint32_t>(in->address()), 0u, tile_count});

    std::vector<bfloat16> values(rows * columns, bfloat16(1.0f));
    values = tilize_nfaces(values, rows, columns);
    distributed::EnqueueWriteMeshBuffer(queue, in, values, false);
    distributed::MeshWorkload workload;
    workload.add_program(distributed::MeshCoordinateRange(mesh->shape()),
                         std::move(program));
    distributed::EnqueueMeshWorkload(queue, workload, false);
    std::vector<bfloat16> result;
    distributed::EnqueueReadMeshBuffer(queue, result, out, true);
    result = untilize_nfaces(result, rows, columns);
#ifdef NARROWING
    SetRuntimeArgs(program, reader, CoreCoord{0, 0}, {in->address()});
#endif
#ifdef FIELD_ORDER
    DataMovementConfig{.noc = NOC::NOC_0,
                       .processor = DataMovementProcessor::RISCV_1};
#endif
#ifdef OLD_NAME
    EnqueueProgram(queue, program, false);
#endif
  }
  return mesh->close() ? 0 : 1;
}
