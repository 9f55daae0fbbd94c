// A matmul over all cores of the device: [M,K] x [K,N], bf16.

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <tt-metalium/bfloat16.hpp>
#include <tt-metalium/constants.hpp>
#include <tt-metalium/distributed.hpp>
#include <tt-metalium/host_api.hpp>
#include <tt-metalium/tensor_accessor_args.hpp>
#include <tt-metalium/tilize_utils.hpp>
#include <tt-metalium/work_split.hpp>

using namespace tt;
using namespace tt::tt_metal;
using namespace tt::constants;

int main(int argc, char **argv) {
  const uint32_t M = argc > 1 ? uint32_t(std::atoi(argv[1])) : 64;
  const uint32_t K = argc > 2 ? uint32_t(std::atoi(argv[2])) : 96;
  const uint32_t N = argc > 3 ? uint32_t(std::atoi(argv[3])) : 128;
  const uint32_t Mt = M / TILE_HEIGHT, Kt = K / TILE_WIDTH, Nt = N / TILE_WIDTH;
  const uint32_t tile_bytes = tt::tile_size(tt::DataFormat::Float16_b);

  auto device = distributed::MeshDevice::create_unit_mesh(0);
  distributed::MeshCommandQueue &cq = device->mesh_command_queue();
  const CoreCoord grid = device->compute_with_storage_grid_size();
  auto [num_cores, all_cores, group_1, group_2, units_1, units_2] =
      split_work_to_cores(grid, Mt * Nt);
  bool pass = true;
  {
    distributed::MeshWorkload workload;
    distributed::MeshCoordinateRange range(device->shape());
    Program program = CreateProgram();
    distributed::DeviceLocalBufferConfig dram{.page_size = tile_bytes,
                                              .buffer_type = BufferType::DRAM};
    auto make = [&](uint32_t tiles) {
      return distributed::MeshBuffer::create(
          distributed::ReplicatedBufferConfig{.size = tiles * tile_bytes}, dram,
          device.get());
    };
    auto a = make(Mt * Kt), b = make(Kt * Nt), c = make(Mt * Nt);

    for (uint32_t cb : {0u, 1u, 2u})
      CreateCircularBuffer(
          program, all_cores,
          CircularBufferConfig(2 * tile_bytes,
                               {{cb, tt::DataFormat::Float16_b}})
              .set_page_size(cb, tile_bytes));

    std::vector<uint32_t> reader_args, writer_args;
    TensorAccessorArgs(*a).append_to(reader_args);
    TensorAccessorArgs(*b).append_to(reader_args);
    TensorAccessorArgs(*c).append_to(writer_args);
    auto reader = CreateKernel(
        program, KERNEL_DIR "/reader.cpp", all_cores,
        DataMovementConfig{.processor = DataMovementProcessor::RISCV_1,
                           .noc = NOC::NOC_0,
                           .compile_args = reader_args});
    auto writer = CreateKernel(program, KERNEL_DIR "/writer.cpp", all_cores,
                               WriterDataMovementConfig(writer_args));
    auto compute =
        CreateKernel(program, KERNEL_DIR "/compute.cpp", all_cores,
                     ComputeConfig{.math_fidelity = MathFidelity::HiFi4,
                                   .fp32_dest_acc_en = true});

    uint32_t first = 0;
    for (const auto &[group, count] :
         {std::pair{group_1, units_1}, std::pair{group_2, units_2}})
      for (const CoreRange &cores : group.ranges())
        for (const CoreCoord &core : cores) {
          SetRuntimeArgs(program, reader, core,
                         {static_cast<uint32_t>(a->address()),
                          static_cast<uint32_t>(b->address()), Kt, Nt, first,
                          count});
          SetRuntimeArgs(program, compute, core, {count, Kt});
          SetRuntimeArgs(program, writer, core,
                         {static_cast<uint32_t>(c->address()), first, count});
          first += count;
        }

    auto x = create_random_vector_of_bfloat16_native(M * K * 2, 2, 1, -1);
    auto y = create_random_vector_of_bfloat16_native(K * N * 2, 2, 2, -1);
    auto x_tiles = tilize_nfaces(x, M, K), y_tiles = tilize_nfaces(y, K, N);
    distributed::EnqueueWriteMeshBuffer(cq, a, x_tiles);
    distributed::EnqueueWriteMeshBuffer(cq, b, y_tiles);
    workload.add_program(range, std::move(program));
    distributed::EnqueueMeshWorkload(cq, workload, false);
    std::vector<bfloat16> tiles;
    distributed::EnqueueReadMeshBuffer(cq, tiles, c, true);
    auto z = untilize_nfaces(tiles, M, N);

    double worst = 0;
    for (uint32_t i = 0; i < M; ++i)
      for (uint32_t j = 0; j < N; ++j) {
        double sum = 0, size = 0;
        for (uint32_t k = 0; k < K; ++k) {
          double term = static_cast<double>(x[i * K + k]) *
                        static_cast<double>(y[k * N + j]);
          sum += term;
          size += std::fabs(term);
        }
        double bound = size / 512 + std::fabs(sum) / 256;
        double error = std::fabs(static_cast<double>(z[i * N + j]) - sum);
        worst = std::fmax(worst, error / bound);
      }
    pass = worst <= 1;
    std::printf("cores %u, worst error %.3f of the bound: %s\n", num_cores,
                worst, pass ? "PASS" : "FAIL");
  }
  device->close();
  return pass ? 0 : 1;
}
