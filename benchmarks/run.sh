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
  packages="cmake ninja-build g++ pkg-config libssl-dev libcurl4-openssl-dev libbenchmark-dev python3 nginx-light openssl wrk
            nghttp2-client util-linux linux-perf"
  dpkg -s libboost1.88-dev >/dev/null 2>&1 || dpkg -s libboost1.83-dev >/dev/null 2>&1 || {
    # Debian 12 has 1.74 as its default and 1.81 beside it; later releases have a default that is new enough.
    if apt-cache show libboost1.81-dev >/dev/null 2>&1; then packages="$packages libboost1.81-dev libboost-json1.81-dev"
    else packages="$packages libboost-dev libboost-json-dev"; fi
  }
  [ $go = no ] || packages="$packages golang-go"
  missing=
  for package in $packages; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
  done
  dpkg -s nginx >/dev/null 2>&1 && missing=$(printf %s "$missing" | sed 's/ nginx-light//')
  if [ -n "$missing" ]; then
    sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update
    # nginx must not start as a service: only its program is needed.
    printf '#!/bin/sh\nexit 101\n' >"${TMPDIR:-/tmp}/hvc-policy.$$"
    made=no
    if [ ! -e /usr/sbin/policy-rc.d ]; then
      $sudo install -m 755 "${TMPDIR:-/tmp}/hvc-policy.$$" /usr/sbin/policy-rc.d; made=yes
    fi
    # shellcheck disable=SC2086
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing ||
      { [ $made = no ] || $sudo rm -f /usr/sbin/policy-rc.d; exit 1; }
    [ $made = no ] || $sudo rm -f /usr/sbin/policy-rc.d
    rm -f "${TMPDIR:-/tmp}/hvc-policy.$$"
  fi
fi

cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DHVC_BUILD_BENCHMARKS=ON
cmake --build "$build" --target benchmarks
flags=$(sed -n 's/^CMAKE_CXX_FLAGS_RELEASE:[A-Z]*=//p' "$build/CMakeCache.txt")
exec python3 "$here/table/rounds.py" --bin "$build/bin" --flags "$flags" "$@"
