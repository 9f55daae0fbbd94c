# Language, warnings and sanitizers: the same for every part.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE
      Release
      CACHE STRING "Debug, Release, RelWithDebInfo or MinSizeRel" FORCE)
endif()

# Asserts stay in: they cost little here, and a compiler that goes on after a
# broken invariant writes wrong programs.
set(CMAKE_C_FLAGS_RELEASE "-O2")
set(CMAKE_CXX_FLAGS_RELEASE "-O2")

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# The build tree is laid out as an installation is, so that a tool finds its
# files relative to itself in both.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)

# What every target of ours compiles with. Not exported: a program that links
# the library chooses its own warnings.
add_library(tessera_options INTERFACE)
# POSIX, and mmap flags that every system has and POSIX does not name.
target_compile_definitions(tessera_options INTERFACE _POSIX_C_SOURCE=200809L
                                                     _DEFAULT_SOURCE)
target_compile_options(
  tessera_options
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wundef
            -Wformat=2
            -Wvla
            -Wimplicit-fallthrough
            $<$<COMPILE_LANGUAGE:C>:-fvisibility=hidden>
            $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>
            $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>
            $<$<COMPILE_LANGUAGE:C>:-Wwrite-strings>
            $<$<BOOL:${TESSERA_WERROR}>:-Werror>)
if(TESSERA_SANITIZE)
  target_compile_options(
    tessera_options INTERFACE -fsanitize=address,undefined
                              -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(tessera_options INTERFACE -fsanitize=address,undefined)
  # Passes that say they preserve an analysis are held to it.
  target_compile_definitions(tessera_options
                             INTERFACE TESSERA_VERIFY_ANALYSES=1)
endif()
# What passes say for --debug-only.
target_compile_definitions(tessera_options
                           INTERFACE $<$<CONFIG:Debug>:TESSERA_DEBUG=1>)
if(TESSERA_FUZZ)
  target_compile_options(tessera_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(TESSERA_TINY_ARENA)
  target_compile_definitions(tessera_options INTERFACE TESSERA_TINY_ARENA=1)
endif()

configure_file(${PROJECT_SOURCE_DIR}/cmake/version.h.in
               ${PROJECT_BINARY_DIR}/include/tessera/version.h @ONLY)
target_include_directories(
  tessera_options INTERFACE ${PROJECT_SOURCE_DIR}/include
                            ${PROJECT_SOURCE_DIR}/lib/include
                            ${PROJECT_BINARY_DIR}/include)
