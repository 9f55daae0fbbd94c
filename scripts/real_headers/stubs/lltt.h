// Replay-buffer primitives for the syntax check; see sfpi.h.

#pragma once

#include <cstdint>

namespace lltt {

enum ExecBool : bool { NoExec, Exec };

template <ExecBool = NoExec, typename... T> constexpr void record(T...) {}
template <typename... T> constexpr void replay(T...) {}
template <typename... T> constexpr std::uint32_t replay_insn(T...) { return 0; }

} // namespace lltt
