#!/bin/sh
# Ours and the peers side by side: installs what is missing, builds, runs everything in turn against one nginx, and writes
# benchmarks/RESULTS.md, results.svg and the raw figures. For figures to quote, leave the machine alone meanwhile.
#
#   --rounds N (5)   --requests N (200000, a client and round)   --only a,b   --quick   --out DIR
#   --server-core N (0)   --client-core N (1)   --with-go: install Go as well   --no-install
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
build="$root/build/release"
install=yes
go=no
words=
for word in "$@"; do
  case $word in
    --no-install) install=no ;;
    --with-go) go=yes ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) words="$words '$(printf %s "$word" | sed "s/'/'\\\\''/g")'" ;;
  esac
done
eval "set -- $words"

if [ $install = yes ]; then
  packages="catch2 pkg-config libcurl4-openssl-dev libbenchmark-dev python3 nginx-light openssl wrk nghttp2-client util-linux linux-perf"
  ! dpkg -s nginx >/dev/null 2>&1 || packages=$(printf %s "$packages" | sed 's/ nginx-light//')
  [ $go = no ] || packages="$packages golang-go"
  # shellcheck disable=SC2086
  "$root/cmake/install-dependencies.sh" $packages
fi

cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DHVC_BUILD_BENCHMARKS=ON
cmake --build "$build" --target benchmarks
flags=$(sed -n 's/^CMAKE_CXX_FLAGS_RELEASE:[A-Z]*=//p' "$build/CMakeCache.txt")
exec python3 "$here/table/rounds.py" --bin "$build/bin" --flags "$flags" "$@"
