# Fails unless every tool has completions and a manual page, and the shells that
# are here can read theirs.
set -e
cd "$1"
for tool in tt-opt tt-run tt-translate ttc tt-reduce; do
  bash -n bash-completion/completions/$tool
  grep -q "^#compdef $tool\$" zsh/site-functions/_$tool
  grep -q "^complete -c $tool -a " fish/vendor_completions.d/$tool.fish
  grep -q '^.SH "NAME"' man/man1/$tool.1
  if command -v zsh >/dev/null; then zsh -n zsh/site-functions/_$tool; fi
  if command -v fish >/dev/null; then
    fish --no-execute fish/vendor_completions.d/$tool.fish
  fi
done
