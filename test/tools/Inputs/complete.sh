# Completes a command line as bash does and prints what it offers.
#
# usage: bash complete.sh COMPLETION-FILE WORD...
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
# Outside of an interactive shell there is nothing to set.
compopt() { :; }
spec=$(complete -p "$1")
spec=${spec#*-F }
"${spec%% *}" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
