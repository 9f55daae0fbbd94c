#!/usr/bin/env bash
# Sets up, builds, and takes examples/gemm.tt the whole way: compiles it to a
# TT-Metalium program, builds that against the model of the chip, runs it, and
# shows what came out.

set -eu
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

take_turn
set_up
build_tree "$root/build" || die "the build failed"

input=$root/examples/gemm.tt
out=$root/build/demo/gemm
mkdir -p "$out"

say "compiling examples/gemm.tt"
"$root/build/bin/ttc" "$input" -o "$out"
"$python" "$root/scripts/show-plan.py" "$out"

say "building the generated program against the model of the chip and running it"
"$root/build/bin/ttc" "$input" -o "$out" --run
