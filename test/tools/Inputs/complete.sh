# Completes a command line as bash does and prints what it offers. Pieces into
# which bash takes a word apart are words of their own: --passes = tile
#
# usage: bash complete.sh COMPLETION-FILE WORD...
source "$1"
shift
before=
for word; do
  if [[ $word == = || $before == = || -z $before ]]; then
    COMP_LINE+=$word
  else
    COMP_LINE+=" $word"
  fi
  before=$word
done
COMP_POINT=${#COMP_LINE}
[[ $word == = ]] && word=
# Outside of an interactive shell there is nothing to set.
compopt() { :; }
spec=$(complete -p "$1")
spec=${spec#*-F }
"${spec%% *}" "$1" "${word#[\'\"]}"
printf '%s\n' "${COMPREPLY[@]}"
