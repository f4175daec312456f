#!/usr/bin/env bash
# The browser tests: run.sh HVC_SYNC WORK_FOLDER [FOLDER_FOR_PICTURES]. Exits 77, "skipped", where node, npm or Chromium is not
# installed, or playwright-core can be had from nowhere.
set -euo pipefail
tool=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[ -n "$browser" ] && type node npm openssl >/dev/null 2>&1 || { echo "needs node, npm, openssl and Chromium"; exit 77; }
mkdir -p "$2"
cp "$here"/package.json "$here"/package-lock.json "$here"/report_test.mjs "$2"
pictures=${3:+$(realpath "$3")}
cd "$2"
[ -d node_modules/playwright-core ] || npm ci --silent --no-audit --no-fund || { echo "cannot get playwright-core"; exit 77; }
exec node report_test.mjs "$tool" "$browser" $pictures
