# What `cmake --install` puts where, and how other projects find it.

include(CMakePackageConfigHelpers)

# Always lib, never lib64 or a multiarch folder: tools look for what belongs to
# them relative to themselves.
set(package_dir lib/cmake/tessera)

get_property(tools GLOBAL PROPERTY TESSERA_TOOLS)

install(
  TARGETS tessera tessera_static tessera_metalium
  EXPORT tessera
  ARCHIVE DESTINATION lib
  LIBRARY DESTINATION lib)
install(TARGETS ${tools} RUNTIME DESTINATION bin)
if(TESSERA_LLVM)
  install(TARGETS tessera_llvm LIBRARY DESTINATION lib/tessera)
endif()
install(
  DIRECTORY include/tessera ${PROJECT_BINARY_DIR}/include/tessera
  DESTINATION include
  FILES_MATCHING
  PATTERN "*.h"
  PATTERN "*.def"
  PATTERN metalium EXCLUDE)
# Manual pages and completions, where man and the shells look for them.
install(DIRECTORY ${PROJECT_BINARY_DIR}/share/ DESTINATION share)
install(FILES LICENSE DESTINATION share/doc/tessera)

install(
  EXPORT tessera
  NAMESPACE tessera::
  FILE tesseraTargets.cmake
  DESTINATION ${package_dir})
# The same package for the build tree, at the same place relative to bin/.
export(
  EXPORT tessera
  NAMESPACE tessera::
  FILE ${PROJECT_BINARY_DIR}/${package_dir}/tesseraTargets.cmake)

configure_package_config_file(
  cmake/tesseraConfig.cmake.in ${PROJECT_BINARY_DIR}/${package_dir}/tesseraConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/${package_dir}/tesseraConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/${package_dir}/tesseraConfig.cmake
              ${PROJECT_BINARY_DIR}/${package_dir}/tesseraConfigVersion.cmake
        DESTINATION ${package_dir})

# tt-metal's name for the runtime.
configure_file(cmake/TT-MetaliumConfig.cmake.in
               ${PROJECT_BINARY_DIR}/lib/cmake/TT-Metalium/TT-MetaliumConfig.cmake
               @ONLY)
install(
  FILES ${PROJECT_BINARY_DIR}/lib/cmake/TT-Metalium/TT-MetaliumConfig.cmake
  DESTINATION lib/cmake/TT-Metalium)

configure_file(cmake/tessera.pc.in ${PROJECT_BINARY_DIR}/lib/pkgconfig/tessera.pc
               @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/lib/pkgconfig/tessera.pc
        DESTINATION lib/pkgconfig)
