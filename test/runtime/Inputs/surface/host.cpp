// What the host side lists: sections D.1 to D.7. It is compiled, not run.

#include <optional>
#include <tt-metalium/bfloat16.hpp>
#include <tt-metalium/bfloat4.hpp>
#include <tt-metalium/bfloat8.hpp>
#include <tt-metalium/constants.hpp>
#include <tt-metalium/core_coord.hpp>
#include <tt-metalium/device.hpp>
#include <tt-metalium/distributed.hpp>
#include <tt-metalium/host_api.hpp>
#include <tt-metalium/tensor_accessor_args.hpp>
#include <tt-metalium/tile.hpp>
#include <tt-metalium/tilize_utils.hpp>
#include <tt-metalium/work_split.hpp>
using namespace tt;
using namespace tt::tt_metal;
using namespace tt::constants;
int main() {
  std::shared_ptr<distributed::MeshDevice> mesh =
      distributed::MeshDevice::create_unit_mesh(0);
  auto mesh2 = distributed::MeshDevice::create_unit_mesh(
      0, DEFAULT_L1_SMALL_SIZE, DEFAULT_TRACE_REGION_SIZE, 1,
      DispatchCoreConfig{});
  distributed::MeshCommandQueue &cq = mesh->mesh_command_queue();
  distributed::MeshWorkload workload;
  distributed::MeshWorkload w2 = distributed::MeshWorkload();
  distributed::MeshCoordinateRange range(mesh->shape());
  Program program = CreateProgram();
  Program p2;
  Program p3{};
  uint32_t tile_bytes = tt::tile_size(tt::DataFormat::Float16_b);
  distributed::DeviceLocalBufferConfig dram{.page_size = tile_bytes,
                                            .buffer_type = BufferType::DRAM};
  distributed::DeviceLocalBufferConfig l1{
      .page_size = tile_bytes,
      .buffer_type = BufferType::L1,
      .sharding_args =
          BufferShardingArgs(std::nullopt, TensorMemoryLayout::INTERLEAVED),
      .bottom_up = false,
      .sub_device_id = std::nullopt};
  distributed::ReplicatedBufferConfig sz{.size = 4 * tile_bytes};
  auto buf = distributed::MeshBuffer::create(sz, dram, mesh.get());
  ShardSpecBuffer ssb(CoreRangeSet(CoreRange({0, 0}, {0, 3})), {32, 32},
                      ShardOrientation::ROW_MAJOR, {32, 32}, {4, 1});
  distributed::DeviceLocalBufferConfig sh{
      .page_size = tile_bytes,
      .buffer_type = BufferType::L1,
      .sharding_args =
          BufferShardingArgs(ssb, TensorMemoryLayout::HEIGHT_SHARDED)};
  auto sbuf = distributed::MeshBuffer::create(sz, sh, mesh.get());
  distributed::ShardedBufferConfig sbc{.global_size = 4 * tile_bytes,
                                       .global_buffer_shape = {128, 32},
                                       .shard_shape = {128, 32},
                                       .shard_orientation =
                                           ShardOrientation::ROW_MAJOR};
  auto mb = distributed::MeshBuffer::create(sbc, dram, mesh.get());
  std::vector<bfloat16> v(4 * 1024);
  std::vector<uint32_t> vu(2048);
  distributed::EnqueueWriteMeshBuffer(cq, buf, v, false);
  distributed::EnqueueWriteMeshBuffer(cq, buf, vu);
  distributed::EnqueueReadMeshBuffer(cq, v, buf, true);
  distributed::EnqueueReadMeshBuffer(cq, v, buf);
  cq.enqueue_write_mesh_buffer(buf, v.data(), true);
  cq.enqueue_read_mesh_buffer(v.data(), buf, true);
  (void)buf->address();
  (void)buf->size();
  (void)buf->page_size();
  (void)buf->num_pages();
  Buffer *bb = buf->get_backing_buffer();
  (void)bb;
  (void)buf->get_device_buffer(distributed::MeshCoordinate(0, 0));
  CoreCoord core{0, 0};
  CoreRange cr(core, {1, 1});
  CoreRangeSet crs(cr);
  CoreRangeSet cr2(std::set<CoreRange>{cr});
  CoreRangeSet cr3(std::vector<CoreRange>{cr});
  std::vector<uint32_t> ct = {1};
  TensorAccessorArgs(*buf).append_to(ct);
  std::vector<uint32_t> crt;
  TensorAccessorArgs(*buf).append_to(ct, crt);
  TensorAccessorArgs(*buf->get_backing_buffer()).append_to(ct);
  TensorAccessorArgs(buf).append_to(ct);
  KernelHandle k = CreateKernelFromString(
      program, "void kernel_main() {}", core,
      DataMovementConfig{.processor = DataMovementProcessor::RISCV_0,
                         .noc = NOC::RISCV_0_default,
                         .noc_mode = NOC_MODE::DM_DEDICATED_NOC,
                         .compile_args = ct,
                         .defines = {{"A", "1"}},
                         .named_compile_args = {{"n", 1u}},
                         .opt_level = KernelBuildOptLevel::O2});
  k = CreateKernelFromString(program, "void kernel_main() {}", cr,
                             ReaderDataMovementConfig(ct, {{"A", "1"}},
                                                      {{"n", 1u}},
                                                      KernelBuildOptLevel::O2));
  k = CreateKernelFromString(program, "void kernel_main() {}", crs,
                             WriterDataMovementConfig{});
  k = CreateKernelFromString(program, "", crs, WriterDataMovementConfig{ct});
  k = CreateKernelFromString(program, "", crs,
                             ReaderDataMovementConfig{ct, {}});
  ComputeConfig cc{.math_fidelity = MathFidelity::HiFi4,
                   .fp32_dest_acc_en = false,
                   .dst_full_sync_en = false,
                   .unpack_to_dest_mode = std::vector<UnpackToDestMode>(
                       NUM_CIRCULAR_BUFFERS, UnpackToDestMode::Default),
                   .bfp8_pack_precise = false,
                   .math_approx_mode = false,
                   .compile_args = ct,
                   .defines = {{"A", "1"}},
                   .named_compile_args = {{"n", 1}},
                   .opt_level = KernelBuildOptLevel::O3};
  k = CreateKernel(program, "x.cpp", core, cc);
  k = CreateKernel(program, std::string("x"), cr, cc);
  tt::tt_metal::MathFidelity mf = tt::tt_metal::MathFidelity::LoFi;
  mf = MathFidelity::HiFi2;
  mf = MathFidelity::HiFi3;
  tt::tt_metal::UnpackToDestMode um = UnpackToDestMode::UnpackToDestFp32;
  (void)um;
  (void)mf;
  NOC nn = NOC::NOC_0;
  nn = NOC::NOC_1;
  nn = NOC::RISCV_1_default;
  (void)nn;
  auto dp = DataMovementProcessor::RISCV_1;
  (void)dp;
  auto nm = NOC_MODE::DM_DYNAMIC_NOC;
  (void)nm;
  CBHandle cb = CreateCircularBuffer(
      program, core,
      CircularBufferConfig(4 * tile_bytes,
                           {{0, tt::DataFormat::Float16_b},
                            {tt::CBIndex::c_16, tt::DataFormat::Float16_b}})
          .set_page_size(0, tile_bytes)
          .set_page_size(tt::CBIndex::c_16, tile_bytes));
  std::map<uint8_t, tt::DataFormat> spec = {{1, tt::DataFormat::Bfp8_b}};
  CircularBufferConfig cfg(1088, spec);
  cfg.set_page_size(1, 1088).set_tile_dims(1, Tile({32, 32}));
  cfg.set_globally_allocated_address(*sbuf->get_backing_buffer());
  CircularBufferConfig c3(tile_bytes, {{2, tt::DataFormat::Float16_b}},
                          *sbuf->get_backing_buffer());
  CircularBufferConfig c4(tile_bytes);
  c4.index(3)
      .set_page_size(tile_bytes)
      .set_data_format(tt::DataFormat::Float16_b);
  CircularBufferConfig c5(16 * 32 * 2, {{4, tt::DataFormat::Float16_b}});
  c5.set_page_size(4, 16 * 32 * 2).set_tile_dims(4, Tile({16, 32}));
  CreateCircularBuffer(program, crs, cfg);
  (void)cb;
  SetRuntimeArgs(program, k, core, {1u, 2u});
  SetRuntimeArgs(program, k, core, std::vector<uint32_t>{1});
  SetRuntimeArgs(program, k, cr, {1u});
  SetRuntimeArgs(program, k, crs, {1u});
  SetRuntimeArgs(program, k, std::vector<CoreCoord>{core},
                 std::vector<std::vector<uint32_t>>{{1}});
  SetCommonRuntimeArgs(program, k, {1u});
  SetCommonRuntimeArgs(program, k, std::vector<uint32_t>{1});
  uint32_t s = CreateSemaphore(program, cr, 0);
  s = CreateSemaphore(program, crs, 0);
  (void)s;
  workload.add_program(range, std::move(program));
  (void)w2;
  (void)p2;
  (void)p3;
  distributed::EnqueueMeshWorkload(cq, workload, false);
  distributed::Finish(cq);
  CoreCoord g = mesh->compute_with_storage_grid_size();
  CoreCoord wc = mesh->worker_core_from_logical_core(core);
  (void)wc;
  (void)mesh->l1_size_per_core();
  (void)mesh->arch();
  auto sp = mesh->shape();
  (void)sp;
  if (mesh->arch() == tt::ARCH::WORMHOLE_B0 ||
      mesh->arch() == tt::ARCH::BLACKHOLE) {
  }
  for (CoreCoord c : cr)
    (void)c;
  (void)crs.ranges();
  (void)crs.num_cores();
  (void)crs.contains(core);
  auto cc1 = corerange_to_cores(crs);
  auto cc2 = corerange_to_cores(crs, std::nullopt, true);
  cc2 = corerange_to_cores(crs, 3, true);
  auto gc = grid_to_cores(4, 2, 2);
  gc = grid_to_cores(4, 2, 2, true);
  auto ncs = num_cores_to_corerangeset(4, g);
  ncs = num_cores_to_corerangeset(4, g, true);
  ncs = num_cores_to_corerangeset(core, 4, g, true);
  auto [n, all, g1, g2, u1, u2] = split_work_to_cores(g, 10);
  auto t = split_work_to_cores(g, 10, true);
  auto t3 = split_work_to_cores(crs, 10, true);
  (void)n;
  (void)u1;
  (void)u2;
  (void)t;
  (void)t3;
  auto md = find_max_divisor(10, 4);
  md = find_max_block_size(10);
  md = find_max_block_size(10, 4);
  (void)md;
  std::vector<float> vf(4096);
  auto tz = tilize_nfaces(vf, 64, 64);
  auto ut = untilize_nfaces(tz, 64, 64);
  auto ts = tilize_swizzled(vf, 64, 64);
  ts = untilize_swizzled(ts, 64, 64);
  auto cl = convert_layout(
      tt::stl::Span<const float>(vf.data(), vf.size()), PhysicalSize{64, 64},
      TensorLayoutType::LIN_ROW_MAJOR, TensorLayoutType::TILED_NFACES);
  cl = convert_layout_tile_swizzled_to_tile_nfaces(
      tt::stl::Span<const float>(vf.data(), vf.size()));
  cl = convert_layout_tile_nfaces_to_tile_swizzled(
      tt::stl::Span<const float>(vf.data(), vf.size()));
  uint32_t th =
      TILE_HEIGHT + TILE_WIDTH + TILE_HW + FACE_HEIGHT + FACE_WIDTH + FACE_HW;
  th += tt::constants::TILE_HW;
  (void)th;
  auto fm = {
      tt::DataFormat::Float32, tt::DataFormat::Float16, tt::DataFormat::Bfp8_b,
      tt::DataFormat::Bfp4_b,  tt::DataFormat::Bfp2_b,  tt::DataFormat::UInt8,
      tt::DataFormat::UInt16,  tt::DataFormat::UInt32,  tt::DataFormat::Int32,
      tt::DataFormat::Int8,    tt::DataFormat::Tf32};
  for (auto x : fm)
    (void)tt::tile_size(x);
  bfloat16 b(1.0f);
  float fl = static_cast<float>(b);
  (void)fl;
  static_assert(sizeof(bfloat16) == 2);
  auto rv = create_random_vector_of_bfloat16_native(2048, 2.0f, 1, -1.0f);
  auto cv = create_constant_vector_of_bfloat16(2048, 1.0f);
  auto pk = pack_bfloat16_vec_into_uint32_vec(v);
  auto up = unpack_uint32_vec_into_bfloat16_vec(pk);
  auto rv2 = create_random_vector_of_bfloat16(2048, 2, 1, -1.f);
  auto b8 = pack_as_bfp8_tiles(tt::stl::Span<const float>(vf.data(), vf.size()),
                               true, false);
  auto f8 = unpack_bfp8_tiles_into_float_vec(b8, true, false);
  auto b4 = pack_as_bfp4_tiles(tt::stl::Span<const float>(vf.data(), vf.size()),
                               true, false);
  auto f4 = unpack_bfp4_tiles_into_float_vec(b4, true, false);
  uint32_t maxa = tt::tt_metal::max_runtime_args;
  (void)maxa;
  uint32_t ncb = NUM_CIRCULAR_BUFFERS;
  (void)ncb;
  DeviceAddr address = buf->address();
  (void)address;
  bool ok = mesh->close();
  return ok;
}
