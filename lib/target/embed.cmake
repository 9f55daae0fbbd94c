# Writes the built-in target descriptions as C arrays, so that no tool needs a
# data path.
#
#   cmake -DOUTPUT=file.c "-DINPUTS=a.json;b.json" -P embed.cmake

set(text "#include \"builtin.h\"\n\n")
set(rows "")
set(count 0)
foreach(input IN LISTS INPUTS)
  get_filename_component(name "${input}" NAME_WE)
  string(MAKE_C_IDENTIFIER "${name}" id)
  file(READ "${input}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND text "static const char json_${id}[] = {${bytes}0};\n")
  string(APPEND rows "    {\"${name}\", json_${id}},\n")
  math(EXPR count "${count} + 1")
endforeach()
string(APPEND text "\nconst builtin_target builtin_targets[] = {\n${rows}};\n")
string(APPEND text "const size_t builtin_target_count = ${count};\n")
file(WRITE "${OUTPUT}" "${text}")
