#!/usr/bin/env bash
# The commit gate, on a bare Debian 12 or 13: installs what is missing, builds with warnings as errors, runs every test, and
# once more under AddressSanitizer, and what has threads under ThreadSanitizer. clang builds for the sanitizers, in half the
# time of g++, the system's compiler, which builds the rest: both see every commit.
# tests/run.sh [PRESET...]   the presets to run, by default: asan tsan release; also debug
set -euo pipefail
cd "$(dirname "$0")/.."
presets=("$@")
[ ${#presets[@]} -gt 0 ] || presets=(asan tsan release)
jobs=$(nproc)
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1:detect_stack_use_after_return=1}"
export TSAN_OPTIONS="${TSAN_OPTIONS:-halt_on_error=1}"

clang=16 # of Debian 12
grep -q '^VERSION_ID="12"' /etc/os-release || clang=19
cmake/install-dependencies.sh catch2 openssl python3 nginx-light haproxy valgrind "clang-$clang" "lld-$clang" \
                              "libclang-rt-$clang-dev"

# A Debian fresh from debootstrap does not know itself.
if ! getent hosts localhost >/dev/null; then
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  echo '127.0.0.1 localhost' | "${as_root[@]}" tee -a /etc/hosts >/dev/null
fi

python3 tests/fault_coverage.py

for preset in "${presets[@]}"; do
  echo "== $preset"
  compiler=() # the system's: a build folder that is there keeps its own
  if [[ "$preset" == [at]san ]]; then
    compiler=("-DCMAKE_CXX_COMPILER=clang++-$clang" -DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld)
    # Told another compiler, cmake would forget what the preset says.
    grep -qs "^CMAKE_CXX_COMPILER:.*/clang++-$clang\$" "build/$preset/CMakeCache.txt" || compiler+=(--fresh)
  fi
  cmake --preset "$preset" "${compiler[@]}" -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DHVC_WARNINGS_AS_ERRORS=ON >/dev/null
  selection=()
  # Under TSan only what has threads is worth its time.
  if [ "$preset" = tsan ]; then
    cmake --build --preset "$preset" --parallel "$jobs" --target thread_tests
    selection=(-R '^threads')
  else
    cmake --build --preset "$preset" --parallel "$jobs"
  fi
  ctest --preset "$preset" --parallel $((jobs + 1)) --no-tests=error "${selection[@]}"
done
