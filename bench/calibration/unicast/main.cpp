// Reads or writes of single commands, then one barrier.
//
// op=read|write from=l1|interleaved|bank count=N bytes=N noc=0|1
// cores=COLSxROWS, first (0,0): those that issue commands
// peers=X,Y or peers=all: whom they read from or write to, `count` commands
//   each; not with from=interleaved|bank, which read DRAM

#include "calibration.hpp"

using namespace calibration;

namespace {

struct Setup {
  bool is_read;
  std::string from;
  uint32_t count;
  uint32_t bytes;
  NOC noc;
  std::vector<CoreCoord> cores;
  std::vector<CoreCoord> peers;
};

Setup parse(Arguments &arguments, const CoreCoord &grid) {
  Setup setup;
  setup.is_read = arguments.text("op") == "read";
  setup.from = arguments.text("from");
  setup.count = arguments.number("count");
  setup.bytes = arguments.number("bytes");
  setup.noc = arguments.number("noc") ? NOC::NOC_1 : NOC::NOC_0;
  const std::string cores = arguments.text("cores");
  const std::size_t cross = cores.find('x');
  const uint32_t cols = static_cast<uint32_t>(std::stoul(cores));
  const uint32_t rows =
      static_cast<uint32_t>(std::stoul(cores.substr(cross + 1)));
  if (cols > grid.x || rows > grid.y)
    throw std::runtime_error("the grid is smaller than " + cores);
  for (uint32_t y = 0; y < rows; ++y)
    for (uint32_t x = 0; x < cols; ++x)
      setup.cores.emplace_back(x, y);
  if (setup.from == "l1") {
    const std::string peers = arguments.text("peers");
    if (peers == "all")
      setup.peers = setup.cores;
    else
      setup.peers = Arguments::cores_of(peers);
  }
  arguments.done();
  return setup;
}

// How many places of `bytes` there are for `wanted` transfers: as many as fit
// half a megabyte. The others go to the same places again.
uint32_t place_count(uint32_t wanted, uint32_t bytes) {
  return std::max(1u, std::min(wanted, (512u << 10) / bytes));
}

KernelHandle make_kernel(Program &program, const Setup &setup,
                         const Words &compile_args) {
  // Reads on NCRISC, writes on BRISC, as the published runs did.
  return CreateKernel(
      program, KERNEL_DIR "/move.cpp", ranges(setup.cores),
      DataMovementConfig{.processor = setup.is_read
                                          ? DataMovementProcessor::RISCV_1
                                          : DataMovementProcessor::RISCV_0,
                         .noc = setup.noc,
                         .compile_args = compile_args});
}

// L1 to L1. Reads come to places one after the other; of what is written, each
// sender has one place in its peers' L1.
void run_l1(Bench &bench, const Setup &setup) {
  const auto senders = static_cast<uint32_t>(setup.cores.size());
  const auto peers = static_cast<uint32_t>(setup.peers.size());
  const uint32_t places =
      setup.is_read ? place_count(setup.count, setup.bytes) : 1;
  const uint32_t targets = setup.is_read ? places * peers : senders;
  Memory source = bench.l1(places * setup.bytes);
  Memory target = bench.l1(targets * setup.bytes);
  const Words sent = noise(1, source->size() / 4);
  bench.upload(source, sent);

  Program program = CreateProgram();
  const KernelHandle kernel = make_kernel(
      program, setup,
      {setup.is_read, 0, setup.count, setup.bytes, places, peers, 0, 0});
  Words to;
  for (const CoreCoord &peer : setup.peers) {
    const CoreCoord noc = bench.noc(peer);
    to.push_back(static_cast<uint32_t>(noc.x));
    to.push_back(static_cast<uint32_t>(noc.y));
  }
  for (uint32_t i = 0; i < senders; ++i) {
    const uint32_t mine = setup.is_read ? 0 : i * setup.bytes;
    Words args = {address(source), address(target) + mine};
    args.insert(args.end(), to.begin(), to.end());
    SetRuntimeArgs(program, kernel, setup.cores[i], args);
  }
  bench.run(std::move(program));

  const Words got = bench.download(target);
  const std::size_t words = setup.bytes / 4;
  for (uint32_t i = 0; i < senders; ++i)
    for (uint32_t p = 0; p < peers; ++p) {
      const CoreCoord from = setup.is_read ? setup.peers[p] : setup.cores[i];
      const CoreCoord to_core = setup.is_read ? setup.cores[i] : setup.peers[p];
      const std::size_t at = setup.is_read ? p * places : i;
      check("L1", &got[bench.page_of(to_core) * targets * words + at * words],
            &sent[bench.page_of(from) * places * words], places * words);
    }
}

// DRAM to L1, pages in turn: of all banks, or of bank 0.
void run_dram(Bench &bench, const Setup &setup) {
  if (!setup.is_read)
    throw std::runtime_error("only reads come from DRAM");
  const bool is_bank = setup.from == "bank";
  const auto banks = static_cast<uint32_t>(bench.device->num_dram_channels());
  const uint32_t stride = is_bank ? banks : 1;
  const uint32_t places = place_count(setup.count, setup.bytes);
  Memory source = bench.dram(setup.count * stride, setup.bytes);
  Memory target = bench.l1(places * setup.bytes);
  const Words sent = noise(1, source->size() / 4);
  bench.upload(source, sent);

  Program program = CreateProgram();
  Words compile_args = {1, is_bank ? 2u : 1u, setup.count, setup.bytes, places,
                        0};
  TensorAccessorArgs(*source).append_to(compile_args);
  const KernelHandle kernel = make_kernel(program, setup, compile_args);
  for (const CoreCoord &core : setup.cores)
    SetRuntimeArgs(program, kernel, core, {address(source), address(target)});
  bench.run(std::move(program));

  const Words got = bench.download(target);
  const std::size_t words = setup.bytes / 4;
  for (const CoreCoord &core : setup.cores)
    for (uint32_t i = 0; i < setup.count; ++i)
      if (i + places >= setup.count)
        check("DRAM", &got[(bench.page_of(core) * places + i % places) * words],
              &sent[static_cast<std::size_t>(i) * stride * words], words);
}

void run(Arguments &arguments) {
  Bench bench;
  const Setup setup = parse(arguments, bench.grid);
  if (setup.from == "l1")
    run_l1(bench, setup);
  else
    run_dram(bench, setup);
}

} // namespace

int main(int count, char **texts) { return main_of(count, texts, run); }
