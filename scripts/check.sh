#!/usr/bin/env bash
# Sets up, builds, and runs all tests. The last line is "N passed, M failed".
#
#   scripts/check.sh                 everything, with sanitizers again: a quarter of an hour
#   scripts/check.sh --param long=1  arguments go to lit: here, the long runs too
#
# Exit code 0: something ran and nothing failed.

set -u
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

fail_early() {
  say "$1"
  echo "0 passed, 1 failed"
  exit 1
}

# run_tests BUILD [LIT ARGUMENT...]: results go to BUILD/results.json. lit's own
# exit code says no more than they do.
run_tests() {
  local build=$1
  shift
  rm -f "$build/results.json"
  say "testing ${build#"$root"/}"
  "$python" "$lit" -v -j2 -o "$build/results.json" "$@" "$build/test"
}

take_turn
(set_up) || fail_early "set-up failed"
build_tree "$root/build" || fail_early "the build failed"
# Tiny arena blocks reach every path that grows, and the sanitizers watch them.
build_tree "$root/build-asan" -DTESSERA_SANITIZE=ON -DTESSERA_TINY_ARENA=ON \
  -DTESSERA_WERROR=ON || fail_early "the build with sanitizers failed"

run_tests "$root/build" "$@"
# Not again: the many generated programs of exec/ and of *-run.tt beside a pass,
# which take long with sanitizers; those of run/ and docs/ do run. Nor what does
# not depend on the build.
run_tests "$root/build-asan" --filter-out "exec/|-run[-.]|style/|install/" "$@"

"$python" "$root/scripts/summarize.py" "$root/build/results.json" \
  "$root/build-asan/results.json"
