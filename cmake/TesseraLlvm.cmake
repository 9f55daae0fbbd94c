# LLVM 19, as far as its C interface goes. Without it everything builds but the
# module that needs it, and the tools say so when they are asked for that.

set(TESSERA_LLVM_VERSION 19)
# Debian keeps every version in a folder of its own.
set(llvm_hints /usr/lib/llvm-${TESSERA_LLVM_VERSION})
find_path(TESSERA_LLVM_INCLUDE llvm-c/LLJIT.h HINTS ${llvm_hints}/include)
find_library(TESSERA_LLVM_LIBRARY NAMES LLVM-${TESSERA_LLVM_VERSION}
             HINTS ${llvm_hints}/lib)
option(TESSERA_LLVM "Build what needs LLVM ${TESSERA_LLVM_VERSION}" ON)
if(TESSERA_LLVM AND NOT (TESSERA_LLVM_INCLUDE AND TESSERA_LLVM_LIBRARY))
  message(STATUS "LLVM ${TESSERA_LLVM_VERSION} (llvm-${TESSERA_LLVM_VERSION}-dev) "
                 "is not there: building without native kernels and --emit=llvm")
  set(TESSERA_LLVM OFF)
endif()

# tessera_see_fingerprint(<part>): lets the part include tessera/fingerprint.h,
# which is another one when any header of the library is. The tool and the
# module share structs that only those describe.
function(tessera_see_fingerprint part)
  set(folder ${PROJECT_BINARY_DIR}/fingerprint)
  set(made ${folder}/tessera/fingerprint.h)
  if(NOT TARGET tessera_fingerprint)
    set(root ${PROJECT_SOURCE_DIR})
    set(script ${root}/cmake/Fingerprint.cmake)
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${root}/include/*.h
         ${root}/include/*.def ${root}/lib/*.h ${root}/lib/*.def)
    add_custom_command(
      OUTPUT ${made}
      COMMAND ${CMAKE_COMMAND} -DROOT=${root} -DOUT=${made} -P ${script}
      DEPENDS ${headers} ${script}
      VERBATIM)
    add_custom_target(tessera_fingerprint DEPENDS ${made})
  endif()
  add_dependencies(tessera_${part} tessera_fingerprint)
  target_include_directories(tessera_${part} PRIVATE ${folder})
endfunction()

# tessera_llvm_module(<part>...): lib/tessera/tessera_llvm.so, the parts that see
# LLVM, and what they use. It brings all of that along, so that it needs nothing
# of the tool that opens it.
function(tessera_llvm_module)
  add_library(tessera_llvm MODULE)
  foreach(part IN LISTS ARGN)
    target_include_directories(tessera_${part} SYSTEM
                               PRIVATE ${TESSERA_LLVM_INCLUDE})
    target_sources(tessera_llvm PRIVATE $<TARGET_OBJECTS:tessera_${part}>)
  endforeach()
  target_link_libraries(tessera_llvm PRIVATE tessera_options tessera_whole
                                             ${TESSERA_LLVM_LIBRARY})
  # Names that the tool has as well must not meet, and none may be missing.
  target_link_options(
    tessera_llvm PRIVATE LINKER:--exclude-libs,ALL LINKER:-Bsymbolic
                         $<$<NOT:$<BOOL:${TESSERA_SANITIZE}>>:LINKER:-z,defs>)
  set_target_properties(
    tessera_llvm PROPERTIES PREFIX "" LINKER_LANGUAGE C
                            LIBRARY_OUTPUT_DIRECTORY
                            ${PROJECT_BINARY_DIR}/lib/tessera)
endfunction()
