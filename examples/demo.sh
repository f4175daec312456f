#!/usr/bin/env bash
# The main job, end to end, on a bare Debian 12 or 13: installs what is missing, builds, starts a simulated vCenter, and asks it.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake/install-dependencies.sh
cmake --preset release -DHVC_BUILD_TESTS=OFF -DHVC_BUILD_BENCHMARKS=OFF -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >/dev/null
cmake --build --preset release --parallel "$(nproc)"
bin=$PWD/build/release/bin

work=$(mktemp -d)
simulator=
trap '[ -z "$simulator" ] || { kill "$simulator" && wait "$simulator" || true; }; rm -rf "$work"' EXIT
printf 'correct horse' >"$work/password"
mkfifo "$work/ready"
"$bin/hvc-simulator" --listen 127.0.0.1:0 --links 3 --providers 4 --user me@vsphere.local --password-file "$work/password" \
  --ca-out "$work/ca.pem" >"$work/ready" &
simulator=$!
read -r line <"$work/ready" # {"server":"https://127.0.0.1:PORT",...}
server=${line#*'"server":"'}
server=${server%%'"'*}

export HVC_SERVER=$server HVC_CA_FILE=$work/ca.pem HVC_USER=me@vsphere.local HVC_PASSWORD_FILE=$work/password
bold= plain=
[ ! -t 1 ] || { bold=$'\e[1m' plain=$'\e[0m'; }
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }

say "The links of $server, and the providers of one"
"$bin/hvc-sync" links
"$bin/hvc-sync" providers link-1
for provider in provider-1 provider-2 provider-3 provider-4; do
  say "hvc-sync get link-1 $provider"
  "$bin/hvc-sync" get link-1 "$provider"
done
say "The same as JSON"
"$bin/hvc-sync" get -o json link-1 provider-1
say "A provider that does not exist: the server's own error, decoded (exit 1)"
"$bin/hvc-sync" get link-1 nobody || echo "exit $?"
say "A session that expires between two calls is healed"
"$bin/examples/example_expired_session"
say "1,000 queries at concurrency 64"
HVC_PASSWORD=$(cat "$work/password") "$bin/examples/example_many_queries" 1000 64 "$server" "$work/ca.pem" me@vsphere.local

say "Against a real vCenter"
cat <<'END'
build/release/bin/hvc-sync get -s https://VCENTER --ca-file CA.pem -u USER --password-file FILE LINK PROVIDER
END
