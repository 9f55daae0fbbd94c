#!/usr/bin/env bash
# Installs the Debian packages that building and testing need, if any is
# missing, and builds. Run it to do just the first; source it for the functions.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Each package and what it is for.
packages=(
  "gcc                the C compiler"
  "g++                the C++ compiler, also for generated programs"
  "cmake              configures the build"
  "ninja-build        runs the build"
  "libcjson-dev       reads and writes JSON: chip descriptions, plans"
  "libfmt-dev         prints from programs written for tt-metal"
  "python3            runs lit"
  "llvm-19-tools      lit and FileCheck, which run the tests"
  "llvm-19-dev        LLVM's C interface: tt-run's machine code, --emit=llvm"
  "clang-format-19    checks how the code is laid out"
  "python3-jsonschema checks emitted plans against their schema"
  "python3-psutil     lets lit end a test that hangs"
  "valgrind           watches the tools' memory in one test"
  "pkgconf            checks the installed pkg-config file"
)

# lit and the Python whose packages are listed above, whatever is on PATH.
lit=/usr/lib/llvm-19/build/utils/lit/lit.py
python=/usr/bin/python3

say() { printf '==> %s\n' "$*"; }

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Prints the entries of `packages` that are not installed.
missing_packages() {
  local entry name
  for entry in "${packages[@]}"; do
    name=${entry%% *}
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] ||
      printf '%s\n' "$entry"
  done
}

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "installing packages needs root or sudo; as root: $*"
  fi
}

install_packages() {
  local missing names=()
  mapfile -t missing < <(missing_packages)
  if [[ ${#missing[@]} == 0 ]]; then
    say "all packages are installed"
    return
  fi
  say "installing from Debian:"
  local entry
  for entry in "${missing[@]}"; do
    names+=("${entry%% *}")
    printf '      %-20s %s\n' "${entry%% *}" "$(sed 's/^[^ ]* *//' <<<"$entry")"
  done
  # Another apt may be at work: wait for it rather than fail.
  local wait_for_lock="DPkg::Lock::Timeout=600"
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -o "$wait_for_lock" -q update
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -o "$wait_for_lock" -q install -y --no-install-recommends "${names[@]}"
}

set_up() {
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    die "this is not Debian; install by hand what scripts/setup.sh lists, then use cmake"
  install_packages || die "the packages could not be installed"
}

# build_tree DIR [CMAKE OPTION...]
build_tree() {
  local dir=$1
  shift
  say "building in ${dir#"$root"/}"
  mkdir -p "$dir"
  cmake -S "$root" -B "$dir" -G Ninja "$@" >"$dir/configure.log" 2>&1 || {
    cat "$dir/configure.log"
    return 1
  }
  cmake --build "$dir"
}

# Runs of these scripts in one tree take turns; `main` continues when it is ours.
take_turn() {
  exec 9>"$root/.build.lock"
  flock -n 9 && return
  say "waiting for another run in this folder to end"
  flock 9
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  set -eu
  set_up
fi
