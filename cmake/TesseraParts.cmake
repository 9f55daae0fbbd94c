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

# tessera_archive(<name>): all parts so far in one archive.
function(tessera_archive name)
  get_property(parts GLOBAL PROPERTY TESSERA_PARTS)
  list(TRANSFORM parts REPLACE "(.+)" "$<TARGET_OBJECTS:tessera_\\1>")
  add_library(${name} STATIC ${parts})
  tessera_archive_needs(${name})
endfunction()

# tessera_archive_needs(<name>): what an archive of parts is linked with.
function(tessera_archive_needs name)
  find_library(TESSERA_CJSON cjson REQUIRED)
  target_link_libraries(
    ${name} PUBLIC $<BUILD_INTERFACE:${TESSERA_CJSON}>
                   $<INSTALL_INTERFACE:cjson> m ${CMAKE_DL_LIBS})
endfunction()

# tessera_library(): all parts so far as the one library that is installed,
# libtessera.so (tessera::tessera) and libtessera.a (tessera::static). Outside
# of it only what the public headers declare is seen; so the archive is one
# object, in which all other names have become its own. What is built here and
# sees more of the library than that links tessera_whole.
function(tessera_library)
  tessera_archive(tessera_whole)
  get_property(parts GLOBAL PROPERTY TESSERA_PARTS)
  list(TRANSFORM parts REPLACE "(.+)" "$<TARGET_OBJECTS:tessera_\\1>")
  set(object ${PROJECT_BINARY_DIR}/tessera.o)
  add_custom_command(
    OUTPUT ${object}
    COMMAND ${CMAKE_LINKER} -r -o ${object} ${parts}
    COMMAND ${CMAKE_OBJCOPY} --localize-hidden ${object}
    DEPENDS ${parts}
    COMMAND_EXPAND_LISTS VERBATIM)
  set_source_files_properties(${object} PROPERTIES EXTERNAL_OBJECT ON
                                                   GENERATED ON)
  add_library(tessera_static STATIC ${object})
  tessera_archive_needs(tessera_static)
  add_library(tessera SHARED ${parts})
  add_library(tessera::tessera ALIAS tessera)
  add_library(tessera::static ALIAS tessera_static)
  set_target_properties(
    tessera
    PROPERTIES SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
               VERSION ${PROJECT_VERSION})
  set_target_properties(tessera_static PROPERTIES OUTPUT_NAME tessera
                                                  EXPORT_NAME static)
  target_link_libraries(
    tessera PRIVATE $<BUILD_INTERFACE:tessera_options> ${TESSERA_CJSON} m
                    ${CMAKE_DL_LIBS})
  foreach(library tessera tessera_static)
    set_target_properties(${library} PROPERTIES LINKER_LANGUAGE C)
    target_include_directories(
      ${library}
      INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
                $<INSTALL_INTERFACE:include>)
  endforeach()
endfunction()

# tessera_tool(<name> HOLDS <archive>): the C files of tools/<name>, and those of
# tools/common that all tools share, as a program. Tools see the public headers
# only.
#
# A tool holds the whole archive and shows what is public of it, so that a
# plug-in finds there what it calls, and nothing is looked for at start-up.
function(tessera_tool name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "HOLDS" "")
  set(tools ${PROJECT_SOURCE_DIR}/tools)
  file(GLOB sources CONFIGURE_DEPENDS ${tools}/${name}/*.c)
  file(GLOB common CONFIGURE_DEPENDS ${tools}/common/*.c)
  if(NOT TARGET tessera_tools)
    add_library(tessera_tools STATIC ${common})
    target_link_libraries(tessera_tools PRIVATE tessera_options)
  endif()
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE ${tools})
  target_link_libraries(
    ${name} PRIVATE tessera_options tessera_tools
                    "$<LINK_LIBRARY:WHOLE_ARCHIVE,${arg_HOLDS}>")
  set_target_properties(${name} PROPERTIES ENABLE_EXPORTS ON)
  set_property(GLOBAL APPEND PROPERTY TESSERA_TOOLS ${name})
  # Opened at run time: who builds the tool alone gets the module it fits.
  if(TARGET tessera_llvm)
    add_dependencies(${name} tessera_llvm)
  endif()
  # What the tool itself says of its options, for shells and man.
  set(share ${PROJECT_BINARY_DIR}/share)
  set(man ${share}/man/man1)
  set(bash ${share}/bash-completion/completions)
  set(zsh ${share}/zsh/site-functions)
  set(fish ${share}/fish/vendor_completions.d)
  add_custom_command(
    TARGET ${name}
    POST_BUILD
    COMMAND ${CMAKE_COMMAND} -E make_directory ${man} ${bash} ${zsh} ${fish}
    COMMAND ${name} --manual > ${man}/${name}.1
    COMMAND ${name} --completion=bash > ${bash}/${name}
    COMMAND ${name} --completion=zsh > ${zsh}/_${name}
    COMMAND ${name} --completion=fish > ${fish}/${name}.fish
    VERBATIM)
endfunction()
