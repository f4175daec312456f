# Completion of hvc-sync for bash. What there is to complete is read from the tool's own help, so it is never out of date; no
# server is asked.

_hvc_sync_flags() { # COMMAND: its flags, from the left column of its help
  hvc-sync help $1 2>/dev/null | sed -nE 's/^  (-.*)/\1/; t left; d; :left s/   *.*//; p' | grep -oE -- '--[a-z0-9-]+' | sort -u
}

_hvc_sync() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} word command=
  local commands=$(hvc-sync help 2>/dev/null | sed -nE '/^Commands/,/^$/s/^  ([a-z]+).*/\1/p')
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if grep -qxF -- "$word" <<<"$commands"; then
      command=$word
      break
    fi
  done
  case $previous in
    --*-file | --cert | --key | --config | --session-cache | --html)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    -o | --output)
      COMPREPLY=($(compgen -W 'table json ndjson csv' -- "$current")) ;;
    --color)
      COMPREPLY=($(compgen -W 'auto always never' -- "$current")) ;;
    *)
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "$(_hvc_sync_flags "$command")" -- "$current"))
      elif [[ -z $command || $previous == help ]]; then
        COMPREPLY=($(compgen -W "$commands help" -- "$current"))
      fi ;;
  esac
}

complete -F _hvc_sync hvc-sync
