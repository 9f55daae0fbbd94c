// What every compute kernel sees. The kernel is compiled three times, once per
// thread of the engine; UNPACK, MATH and PACK keep what is theirs.

#ifndef TESSERA_METALIUM_COMPUTE_H
#define TESSERA_METALIUM_COMPUTE_H

#include "hostdevcommon/data_format.h"
#include "tessera_metalium/kernel.h"
#include "tessera_metalium/outside_compute.h"

using DataFormat = tt::DataFormat;

#ifdef TRISC_UNPACK
#define UNPACK(x) x
#else
#define UNPACK(x)
#endif
#ifdef TRISC_MATH
#define MATH(x) x
#else
#define MATH(x)
#endif
#ifdef TRISC_PACK
#define PACK(x) x
#else
#define PACK(x)
#endif

// How the kernel was configured; the runtime says so before the kernel's text.
#ifndef TESSERA_FP32_DST
#define TESSERA_FP32_DST  0
#define TESSERA_FULL_SYNC 0
#define TESSERA_APPROX    0
#define TESSERA_FIDELITY  4
#endif
constexpr bool DST_ACCUM_MODE = TESSERA_FP32_DST != 0;
constexpr bool APPROX = TESSERA_APPROX != 0;
#define DST_SYNC_MODE (static_cast<ckernel::DstSync>(TESSERA_FULL_SYNC))
#define MATH_FIDELITY (static_cast<ckernel::MathFidelity>(TESSERA_FIDELITY))

namespace ckernel {

enum DstSync { SyncHalf = 0, SyncFull = 1 };
enum class MathFidelity : uint8_t { LoFi = 0, HiFi2 = 2, HiFi3 = 3, HiFi4 = 4 };

enum PoolType { SUM, AVG, MAX, MIN };
enum ReduceDim { REDUCE_ROW, REDUCE_COL, REDUCE_SCALAR };

// The faces of a tile that an op of the vector unit works on.
enum VectorMode {
  None = 0,
  R = 1,
  C = 2,
  RC = 4,
  RC_custom = 6,
  Invalid = 0xff
};

} // namespace ckernel

namespace tessera {

inline tsr_sim_config
setup(tsr_sim_setup what, bool transpose = false,
      tsr_sim_broadcast broadcast = TSR_SIM_BROADCAST_NONE,
      bool accumulate = false) {
  tsr_sim_config config{};
  config.setup = what;
  config.transpose = transpose;
  config.broadcast = broadcast;
  config.accumulate = accumulate;
  return config;
}

// The start of a kernel, or of a part of it that works with other buffers; the
// buffers by source register.
ALWI void start_engine([[maybe_unused]] uint32_t srca,
                       [[maybe_unused]] uint32_t srcb,
                       [[maybe_unused]] uint32_t out, tsr_sim_where where) {
  tsr_sim_start_engine(where);
  UNPACK((tsr_sim_format_src(srca, srcb, where)));
  PACK((tsr_sim_format_pack(out, where)));
}

inline tsr_sim_config reuse_setup(tsr_sim_setup what, tsr_sim_reuse reuse) {
  tsr_sim_config config{};
  config.setup = what;
  config.reuse = reuse;
  return config;
}

inline tsr_sim_config matmul_setup(bool transpose, uint32_t cols, uint32_t rows,
                                   uint32_t depth) {
  tsr_sim_config config{};
  config.setup = TSR_SIM_SETUP_MATMUL;
  config.transpose = transpose;
  config.rows = rows;
  config.cols = cols;
  config.depth = depth;
  return config;
}

// A row of `tiles` tiles in row-major memory.
inline tsr_sim_config row_setup(tsr_sim_setup what, uint32_t tiles) {
  tsr_sim_config config{};
  config.setup = what;
  config.width_tiles = tiles;
  return config;
}

} // namespace tessera

using namespace ckernel;

#endif
