# Fails unless Graphviz, where it is here, takes the file and says nothing, and
# its braces balance.
set -e
[[ $(tr -cd '{' <"$1" | wc -c) == $(tr -cd '}' <"$1" | wc -c) ]]
if command -v dot >/dev/null; then
  said=$(dot -Tcanon "$1" 2>&1 >/dev/null)
  [[ -z $said ]] || { echo "$said"; exit 1; }
fi
