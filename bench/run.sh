#!/usr/bin/env bash
# Measures the compiler beside named peers, in one run on one machine, and
# prints a table in Markdown. docs/performance.md explains the rows.
#
#   bench/run.sh [BUILD]   the build to measure; without one, a clean build is
#                          made in build-bench and its time is a row of the table
#
# Installs the peers that are missing: mlir-19-tools (200 MB) for large modules,
# and OpenBLAS for the model's arithmetic. With TESSERA_BENCH_PEERS=off it goes
# without them, and without the rows that need them.

set -eu
source "$(dirname "${BASH_SOURCE[0]}")/../scripts/setup.sh"
bench=$root/bench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [[ ${TESSERA_BENCH_PEERS:-on} != off ]]; then
  packages+=("mlir-19-tools       mlir-opt, the peer for large modules"
    "libopenblas0-pthread sgemm, the peer for tiles")
fi
set_up

row() { printf '| %-46s | %12s | %12s | %7s |\n' "$@"; }

# ratio A B: A / B with two decimals
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

milliseconds() { awk -v us="$1" 'BEGIN { printf "%.2f ms", us / 1000 }'; }

# compare NAME RUNS COMMAND... -- PEER...: a row for the least time, which other
# programs on the machine disturb least
compare() {
  local name=$1 runs=$2 results us peer_us
  shift 2
  results=$("$work/measure" "$runs" -- "$@")
  us=$(awk 'NR == 1 { print $2 }' <<<"$results")
  peer_us=$(awk 'NR == 2 { print $2 }' <<<"$results")
  row "$name" "$(milliseconds "$us")" "$(milliseconds "$peer_us")" \
    "$(ratio "$us" "$peer_us")"
}

if [[ $# -gt 0 ]]; then
  build=$(cd "$1" && pwd)
else
  build=$root/build-bench
  rm -rf "$build"
  start=$(date +%s.%N)
  build_tree "$build" -DTESSERA_TESTS=OFF
  build_seconds=$(ratio "$(echo "$(date +%s.%N) $start" | awk '{ print $1 - $2 }')" 1)
fi

# model_program NAME: a program over the model of the chip
model_program() {
  cc -O2 -D_GNU_SOURCE -I"$root/include" -I"$root/lib/include" -o "$work/$1" "$bench/$1.c" \
    -L"$build/lib" -ltessera_sim -ltessera_clock -ltessera_target \
    -ltessera_support -lcjson -lm
}

# figure NAME: a number that a program of the model printed
figure() { awk -v name="$1" '$1 == name { print $2 }' "$work/figures"; }

# rate NAME FIGURE: a row for GFLOP/s beside sgemm's
rate() {
  row "$1" "$(figure "$2") GF/s" "$(figure sgemm) GF/s" \
    "$(ratio "$(figure "$2")" "$(figure sgemm)")"
}

cc -O2 -o "$work/empty" "$bench/empty.c"
model_program tile_math
model_program cores
cc -O2 -D_DEFAULT_SOURCE -o "$work/measure" "$bench"/{measure,first_call}.c

tt_opt=$build/bin/tt-opt
ttc=$build/bin/ttc

echo
row "what" "ours" "peer" "ratio"
row "---" "---:" "---:" "---:"
if [[ ${build_seconds-} ]]; then
  row "clean build, $(nproc) cores" "$build_seconds s" "" ""
fi
compare "tt-opt, small module; peer: empty C program" 201 \
  "$tt_opt" "$bench/gemm4096.tt" -- "$work/empty"
compare "ttc, 4096^3 matmul; peer: empty C program" 101 \
  "$ttc" "$bench/gemm4096.tt" -o "$work/out{}" -- "$work/empty"

# To the first call that a kernel makes, the fetch of an argument.
run_to_kernel=(@tsr_sim_arg "$build/bin/tt-run" "$work/gemm.tt")
"$tt_opt" "$root/examples/gemm.tt" --passes=default -o "$work/gemm.tt"
compare "tt-run to kernels, interpreted; peer: empty" 101 \
  "${run_to_kernel[@]}" --engine=interpret -- "$work/empty"
if [[ -e $build/lib/tessera/tessera_llvm.so ]]; then
  "$build/bin/tt-translate" "$work/gemm.tt" --emit=llvm |
    awk -f "$bench/stubs.awk" >"$work/gemm.ll"
  # The first of these runs compiles, the others find what it kept.
  TESSERA_CACHE=$work/kept compare "the same, compiled, kept; peer: lli-19" 51 \
    "${run_to_kernel[@]}" --engine=jit -- lli-19 "$work/gemm.ll"
  TESSERA_CACHE=/dev/null compare "the same, compiled anew; peer: lli-19" 51 \
    "${run_to_kernel[@]}" --engine=jit -- lli-19 "$work/gemm.ll"
fi

"$work/tile_math" >"$work/figures"
"$work/cores" >>"$work/figures"
if [[ $(figure sgemm) ]]; then
  rate "tile product; peer: sgemm, one thread" products
  rate "the same, unpacked from bf16" unpack-and-products
  # Start, drawing of inputs and end included: processor time on one thread,
  # and then time on all.
  gemm2048=("$build/bin/tt-run" "$bench/gemm2048.tt" --passes=naive --seed=1
    --progress=off)
  "$work/measure" 5 -- "${gemm2048[@]}" --threads=1 -- "${gemm2048[@]}" |
    awk -v work="$(awk 'BEGIN { print 2 * 2048 ^ 3 }')" \
      'NR == 1 { printf "run-on-one %.2f\n", work / $4 / 1e3 }
       NR == 2 { printf "run-on-all %.2f\n", work / $2 / 1e3 }' >>"$work/figures"
  rate "tt-run, 2048^3 naive, strict; peer: sgemm" run-on-one
  rate "the same, on $(nproc) processors" run-on-all
else
  say "without OpenBLAS there is nothing to compare tiles with"
fi
row "hand-overs a second, 64 cores, one thread" "$(figure hand-overs)" "" ""
row "the same, with tiles copied through DST" "$(figure hand-overs-with-copies)" "" ""
row "a device of 64 cores: time to make it" "$(figure create-ms) ms" "" ""
row "... and memory per idle core" "$(figure idle-kib-per-core) KiB" "" ""
row "memory per core of a program of 3 kernels" "$(figure used-kib-per-core) KiB" "" ""

if command -v mlir-opt-19 >/dev/null; then
  echo
  "$python" "$bench/ir/run.py" "$build"
fi
