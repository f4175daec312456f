# Completion of hvc-sync for bash. What there is to complete is read from the tool's own help, so it is never out of date; no
# server is asked.

_hvc_sync_left() { # COMMAND: the left column of its help, where its flags are
  hvc-sync help $1 2>/dev/null | sed -nE 's/^  (-.*)/\1/; t left; d; :left s/   *.*//; p'
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
  local left=$(_hvc_sync_left "$command")
  local flags=$(grep -oE -- '--[a-z0-9-]+' <<<"$left" | sort -u)
  case $previous in
    --*-file | --cert | --key | --config | --session-cache | --html)
      if [[ -z $command ]] || grep -qxF -- "$previous" <<<"$flags"; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
      fi ;;
    -o | --output)
      COMPREPLY=($(compgen -W "$(sed -nE 's/.*--output ([a-z|]+).*/\1/p' <<<"$left" | tr '|' ' ')" -- "$current")) ;;
    --color)
      COMPREPLY=($(compgen -W 'auto always never' -- "$current")) ;;
    *)
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "$flags" -- "$current"))
      elif [[ -z $command || $previous == help ]]; then
        COMPREPLY=($(compgen -W "$commands help" -- "$current"))
      fi ;;
  esac
}

complete -F _hvc_sync hvc-sync
