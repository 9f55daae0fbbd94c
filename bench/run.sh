#!/usr/bin/env bash
# Measures the compiler beside named peers, in one run on one machine, and
# prints a table in Markdown. docs/performance.md explains the rows.
#
#   bench/run.sh [BUILD]   the build to measure; without one, a clean build is
#                          made in build-bench and its time is a row of the table
#
# Installs mlir-19-tools (200 MB), the peer for large modules, if it is missing;
# with TESSERA_BENCH_MLIR=off it goes without.

set -eu
source "$(dirname "${BASH_SOURCE[0]}")/../scripts/setup.sh"
bench=$root/bench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

packages+=("mlir-19-tools mlir-opt, the peer for large modules")
if [[ ${TESSERA_BENCH_MLIR:-on} == off ]]; then
  unset 'packages[-1]'
fi
set_up

row() { printf '| %-46s | %12s | %12s | %7s |\n' "$@"; }

# ratio A B: A / B with two decimals
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

milliseconds() { awk -v us="$1" 'BEGIN { printf "%.2f ms", us / 1000 }'; }

mebibytes() { awk -v kib="$1" 'BEGIN { printf "%.1f MiB", kib / 1024 }'; }

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

# compare_memory NAME COMMAND... -- PEER...: a row for the peak resident set
compare_memory() {
  local name=$1 results kib peer_kib
  shift
  results=$("$work/measure" 3 -- "$@")
  kib=$(awk 'NR == 1 { print $3 }' <<<"$results")
  peer_kib=$(awk 'NR == 2 { print $3 }' <<<"$results")
  row "$name" "$(mebibytes "$kib")" "$(mebibytes "$peer_kib")" \
    "$(ratio "$kib" "$peer_kib")"
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

cc -O2 -o "$work/empty" "$bench/empty.c"
cc -O2 -D_DEFAULT_SOURCE -o "$work/measure" "$bench/measure.c"
"$python" "$bench/generate.py" 100000 "$work/chain.tt" "$work/chain.mlir"

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
if command -v mlir-opt-19 >/dev/null; then
  compare "time for 100,000 ops; peer: mlir-opt-19" 5 \
    "$tt_opt" "$work/chain.tt" -o /dev/null -- \
    mlir-opt-19 "$work/chain.mlir" -o /dev/null
  compare_memory "memory for 100,000 ops; peer: mlir-opt-19" \
    "$tt_opt" "$work/chain.tt" -o /dev/null -- \
    mlir-opt-19 "$work/chain.mlir" -o /dev/null
fi
