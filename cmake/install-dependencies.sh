#!/usr/bin/env bash
# Installs what building needs on Debian 12 or 13, if it is missing: install-dependencies.sh [PACKAGE...] adds packages of the
# caller's. HVC_BOOST=1.83 chooses among the Boost versions the system has; the newest by default.
set -euo pipefail

packages=(g++ cmake ninja-build ccache libssl-dev "$@")
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)

# A file, rather than an option, tells whether a Boost is complete: parts of it are packages of their own.
has_boost() { ls /usr/lib/*/cmake/boost_json-1.*/boost_json-config.cmake /usr/lib/*/cmake/boost_program_options-1.*/*.cmake >/dev/null 2>&1; }
missing=()
for p in "${packages[@]}"; do
  dpkg -s "$p" >/dev/null 2>&1 || missing+=("$p")
done
if [ ${#missing[@]} -gt 0 ] || ! has_boost || [ -n "${HVC_BOOST:-}" ]; then
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update -qq
  for version in ${HVC_BOOST:-1.88 1.83 1.81}; do
    if apt-cache show "libboost-json$version-dev" >/dev/null 2>&1; then
      missing+=("libboost$version-dev" "libboost-json$version-dev" "libboost-program-options$version-dev")
      break
    fi
  done
  # nginx and haproxy are wanted as programs: they must not start as services.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
  fi
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
