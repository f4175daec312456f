#!/usr/bin/env bash
# What bash offers behind hvc-sync: completion.sh HVC_SYNC COMPLETION_FOLDER
set -euo pipefail
PATH=$(dirname "$1"):$PATH
source "$2/hvc-sync.bash"
! type zsh >/dev/null 2>&1 || zsh -n "$2/_hvc-sync"

offered() { # WORD... with the last to be completed
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  _hvc_sync
  echo "${COMPREPLY[*]}"
}

expect() { # "WORDS OFFERED" WORD...
  local found
  found=$(offered "${@:2}")
  [ "$found" = "$1" ] || { echo "'${*:2}': offered '$found', not '$1'"; exit 1; }
}

expect "get links providers start reset sweep watch wait check cert doctor help" hvc-sync ""
expect "start sweep" hvc-sync s
expect "--rate" hvc-sync sweep --ra
expect "" hvc-sync get --ra
expect "--critical" hvc-sync -v check --cr
expect "--ca-file" hvc-sync --ca
expect "--cert" hvc-sync get --cert
expect "--key" hvc-sync get L P --k
expect "--password-file" hvc-sync get --password
expect "table json ndjson csv" hvc-sync sweep -o ""
expect "always" hvc-sync get --color al
