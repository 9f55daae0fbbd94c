// --completion=SHELL: how bash, zsh and fish complete the command line of a
// tool. They ask the tool itself (complete.c) and know of files only.

#include "cli_impl.h"

#include <string.h>

// In these, TOOL stands for the tool, and FUNC for a name of it that functions
// may have.

static const char bash[] =
    "# bash completion for TOOL\n\n"
    "FUNC() {\n"
    "  local tool=${1/#\\~\\//$HOME/} cur=${2//\\\\/} kind stem part keep "
    "word at\n"
    "  local -a offers\n"
    "  {\n"
    "    IFS= read -r kind\n"
    "    IFS= read -r stem\n"
    "    IFS= read -r part\n"
    "    mapfile -t offers\n"
    "  } < <(\"$tool\" --complete=\"${COMP_LINE:0:COMP_POINT}\" 2>/dev/null)\n"
    "  # readline takes a word apart at signs, and replaces the last piece.\n"
    "  # Ends are cut off by their length: ${x%\"$y\"} takes seconds for a "
    "long "
    "word.\n"
    "  keep=$stem$part at=$((${#stem} + ${#part} - ${#cur}))\n"
    "  ((at >= 0)) && [[ ${keep:at} == \"$cur\" ]] && keep=${keep:0:at}\n"
    "  COMPREPLY=()\n"
    "  for word in \"${offers[@]}\"; do\n"
    "    word=$stem${word%%$'\\t'*}\n"
    "    [[ ${word:0:${#keep}} == \"$keep\" ]] && word=${word:${#keep}}\n"
    "    COMPREPLY+=(\"$word\")\n"
    "  done\n"
    "  if [[ ${COMPREPLY[0]-} == *= ]]; then\n"
    "    compopt -o nospace\n"
    "    # One word alone gets the quote that ends it, but more is to come.\n"
    "    [[ ${COMP_LINE:0:COMP_POINT} == *[\\'\\\"]\"$2\" ]] &&\n"
    "      COMPREPLY+=(\"${COMPREPLY[0]}...\")\n"
    "  fi\n"
    "  ((${#COMPREPLY[@]})) || [[ $kind == words ]] && return\n"
    "  # Files are the one thing that readline may quote.\n"
    "  local flag=-f\n"
    "  [[ $kind == folders ]] && flag=-d\n"
    "  keep=$cur at=$((${#cur} - ${#part})) word=$2\n"
    "  ((at >= 0)) && [[ ${cur:at} == \"$part\" ]] && keep=${cur:0:at}\n"
    "  [[ ${word:0:${#keep}} == \"$keep\" ]] && word=${word:${#keep}}\n"
    "  mapfile -t COMPREPLY < <(compgen $flag -P \"$keep\" -- \"$word\")\n"
    "  compopt -o filenames\n"
    "}\n"
    "complete -F FUNC TOOL\n";

static const char zsh[] =
    "#compdef TOOL\n\n"
    "local tool=${(Q)words[1]} line word kind stem\n"
    "local -a answer closed closed_shown open open_shown\n"
    "line=\"${(j: :)words[1,CURRENT-1]} $QIPREFIX$PREFIX\"\n"
    "answer=(\"${(@f)$(${tool/#\\~\\//$HOME/} --complete=\"$line\" "
    "2>/dev/null)}\")\n"
    "kind=$answer[1] stem=$answer[2]\n"
    "for line in \"${(@)answer[4,-1]}\"; do\n"
    "  word=${line%%$'\\t'*} line=${line#*$'\\t'}\n"
    "  line=\"$word${line:+  -- $line}\"\n"
    "  if [[ $word == *= ]]; then\n"
    "    open+=(\"$word\") open_shown+=(\"$line\")\n"
    "  else\n"
    "    closed+=(\"$word\") closed_shown+=(\"$line\")\n"
    "  fi\n"
    "done\n"
    "compadd -V words -p \"$stem\" -ld closed_shown -a closed\n"
    "compadd -V words -p \"$stem\" -S '' -ld open_shown -a open\n"
    "[[ $kind == words ]] && return $(( $#open + $#closed == 0 ))\n"
    "compset -p $#stem\n"
    "if [[ $kind == folders ]]; then\n"
    "  _files -/\n"
    "else\n"
    "  _files\n"
    "fi\n";

static const char fish[] =
    "# fish completion for TOOL\n"
    "function FUNC_answer\n"
    "    set -l tool (commandline -opc | string match -r '^(?:.*/)?TOOL$')[1]\n"
    "    set tool (string replace -r '^~/' \"$HOME/\" -- $tool)\n"
    "    $tool --complete=(commandline -cp | string collect) 2>/dev/null\n"
    "end\n\n"
    "function FUNC_words\n"
    "    set -l answer (FUNC_answer)\n"
    "    set -l kind $answer[1]\n"
    "    set -l stem $answer[2]\n"
    "    set -l part $answer[3]\n"
    "    set -e answer[1..3]\n"
    "    printf '%s\\n' $stem$answer\n"
    "    test \"$kind\" = folders\n"
    "    and printf '%s\\n' $stem(__fish_complete_directories $part)\n"
    "end\n\n"
    "complete -c TOOL -a '(FUNC_words)'\n"
    "complete -c TOOL -n 'not string match -q files (FUNC_answer)[1]' -f\n";

static void append_function(const tsr_cli *cli, tsr_buffer *out) {
  tsr_buffer_append_char(out, '_');
  for (const char *at = cli->tool; *at; at++)
    tsr_buffer_append_char(out, *at == '-' ? '_' : *at);
}

static void append_script(const tsr_cli *cli, const char *script,
                          tsr_buffer *out) {
  for (const char *at = script; *at;) {
    bool is_tool = strncmp(at, "TOOL", 4) == 0;
    bool is_function = strncmp(at, "FUNC", 4) == 0;
    if (is_tool)
      tsr_buffer_append_str(out, cli->tool);
    else if (is_function)
      append_function(cli, out);
    else
      tsr_buffer_append_char(out, *at);
    at += is_tool || is_function ? 4 : 1;
  }
}

bool cli_append_completion(const tsr_cli *cli, const char *shell,
                           tsr_buffer *out) {
  const char *script = strcmp(shell, "bash") == 0   ? bash
                       : strcmp(shell, "zsh") == 0  ? zsh
                       : strcmp(shell, "fish") == 0 ? fish
                                                    : NULL;
  if (script)
    append_script(cli, script, out);
  return script != NULL;
}
