# Writes the target descriptions BOARDS and ARCHS as C arrays into OUTPUT.

set(text "#include \"builtin.h\"\n\n")
foreach(group target arch)
  set(inputs ${BOARDS})
  if(group STREQUAL arch)
    set(inputs ${ARCHS})
  endif()
  set(rows "")
  set(count 0)
  foreach(input IN LISTS inputs)
    get_filename_component(name "${input}" NAME_WE)
    string(MAKE_C_IDENTIFIER "${group}_${name}" id)
    file(READ "${input}" json)
    # Every tool reads a description when it starts, for its numbers: where these
    # come from, and blanks, are half of the text.
    string(REGEX REPLACE "\"source\": \"[^\"\\\\]*\"" "\"source\": \"-\""
           json "${json}")
    string(REGEX REPLACE "\n *" "" json "${json}")
    string(HEX "${json}" hex)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
    string(APPEND text "static const char json_${id}[] = {${bytes}0};\n")
    string(APPEND rows "    {\"${name}\", json_${id}},\n")
    math(EXPR count "${count} + 1")
  endforeach()
  string(APPEND text
         "\nconst builtin_target builtin_${group}s[] = {\n${rows}};\n"
         "const size_t builtin_${group}_count = ${count};\n\n")
endforeach()
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT "${text}" @ONLY)
