#!/usr/bin/env bash
# What bash offers behind hvc-sync: completion.sh HVC_SYNC COMPLETION_FOLDER
set -euo pipefail
PATH=$(dirname "$1"):$PATH
source "$2/hvc-sync.bash"
zsh_completion=$2/_hvc-sync

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
expect "table json ndjson" hvc-sync watch --output ""
expect "table json" hvc-sync get -o ""
expect "table json" hvc-sync -o ""
expect "" hvc-sync check -o ""
expect "" hvc-sync check --outp
# zsh, where there is one: what the file gives to zsh's own functions.
expect_zsh() { # "OFFERED" WORD...
  local found
  type zsh >/dev/null 2>&1 || return 0
  found=$(zsh -fc 'compadd() { [[ $1 == -a ]] && print -r -- ${(P)2} || print -r -- ${@:#--} }
                   _files() { print FILES }
                   _describe() { print COMMANDS }
                   words=("${@:2}") CURRENT=$(($# - 1)) PREFIX=$words[-1]
                   source $1' zsh "$zsh_completion" "${@:2}")
  [ "$found" = "$1" ] || { echo "zsh, '${*:2}': offered '$found', not '$1'"; exit 1; }
}

expect_zsh COMMANDS hvc-sync s
expect_zsh "table json ndjson csv" hvc-sync sweep -o ""
expect_zsh "table json" hvc-sync get -o ""
expect_zsh "" hvc-sync check -o ""
expect_zsh FILES hvc-sync sweep --html ""
expect_zsh "" hvc-sync get --html ""

cd "$(mktemp -d)"
trap 'rm -r "$PWD"' EXIT
touch report.html
expect "report.html" hvc-sync sweep --html rep
expect "report.html" hvc-sync --config rep
expect "report.html" hvc-sync get --ca-file rep
expect "" hvc-sync get --html rep
expect "" hvc-sync links --config rep
expect "always" hvc-sync get --color al
