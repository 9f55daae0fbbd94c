# How folders become libraries and tools.

# tessera_part(<part> [USES <part>...] [DIRECTORY <dir>])
#
# A static library tessera_<part> of the C files in lib/<part> or DIRECTORY. A
# folder that needs more than that, say generated code, makes the target in a
# CMakeLists.txt of its own.
function(tessera_part part)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DIRECTORY" "USES")
  set(target tessera_${part})
  set(directory ${PROJECT_SOURCE_DIR}/lib/${part})
  if(arg_DIRECTORY)
    set(directory ${PROJECT_SOURCE_DIR}/${arg_DIRECTORY})
  endif()
  if(EXISTS ${directory}/CMakeLists.txt)
    add_subdirectory(${directory})
  endif()
  if(NOT TARGET ${target})
    file(GLOB sources CONFIGURE_DEPENDS ${directory}/*.c)
    add_library(${target} STATIC ${sources})
  endif()
  set_property(GLOBAL APPEND PROPERTY TESSERA_PARTS ${part})
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:tessera_options>)
  foreach(used IN LISTS arg_USES)
    target_link_libraries(${target} PUBLIC tessera_${used})
  endforeach()
endfunction()

# tessera_backends(<dir> [EXCEPT <folder>...] USES <part>...): each folder in
# <dir> is a part, backend_<folder>.
function(tessera_backends directory)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "EXCEPT;USES")
  file(GLOB folders CONFIGURE_DEPENDS LIST_DIRECTORIES true
       RELATIVE ${PROJECT_SOURCE_DIR}/${directory}
       ${PROJECT_SOURCE_DIR}/${directory}/*)
  list(REMOVE_ITEM folders ${arg_EXCEPT})
  foreach(folder IN LISTS folders)
    if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/${directory}/${folder})
      tessera_part(backend_${folder} USES ${arg_USES}
                   DIRECTORY ${directory}/${folder})
    endif()
  endforeach()
endfunction()

# tessera_library([EXCEPT <part>...]): the one library that is installed, made
# of the objects of all parts but some.
function(tessera_library)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "EXCEPT")
  add_library(tessera STATIC)
  add_library(tessera::tessera ALIAS tessera)
  set_target_properties(tessera PROPERTIES LINKER_LANGUAGE C)
  get_property(parts GLOBAL PROPERTY TESSERA_PARTS)
  list(REMOVE_ITEM parts ${arg_EXCEPT})
  foreach(part IN LISTS parts)
    target_sources(tessera PRIVATE $<TARGET_OBJECTS:tessera_${part}>)
  endforeach()
  target_include_directories(
    tessera
    INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
              $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
              $<INSTALL_INTERFACE:include>)
  find_library(TESSERA_CJSON cjson REQUIRED)
  target_link_libraries(tessera PUBLIC $<BUILD_INTERFACE:${TESSERA_CJSON}>
                                       $<INSTALL_INTERFACE:cjson> m)
endfunction()

# tessera_tool(<name> [USES <part>...]): the C files of tools/<name>, and those
# of tools/common that all tools share, as a program. Tools see the public
# headers only. USES names parts that are not in the library.
function(tessera_tool name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES")
  set(tools ${PROJECT_SOURCE_DIR}/tools)
  file(GLOB sources CONFIGURE_DEPENDS ${tools}/${name}/*.c)
  file(GLOB common CONFIGURE_DEPENDS ${tools}/common/*.c)
  if(NOT TARGET tessera_tools)
    add_library(tessera_tools STATIC ${common})
    target_link_libraries(tessera_tools PRIVATE tessera_options)
  endif()
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE ${tools})
  list(TRANSFORM arg_USES PREPEND tessera_)
  target_link_libraries(${name} PRIVATE tessera_options tessera_tools
                                        ${arg_USES} tessera)
  set_property(GLOBAL APPEND PROPERTY TESSERA_TOOLS ${name})
endfunction()
