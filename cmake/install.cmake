# SPDX-License-Identifier: Apache-2.0
# Installs the headers, the program, and a package for find_package(cxrlt [COMPONENTS io cuda]).
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/cxrlt)

install(TARGETS cxrlt_core EXPORT cxrltTargets FILE_SET HEADERS)
install(EXPORT cxrltTargets NAMESPACE cxrlt:: DESTINATION ${package_dir})
if(TARGET cxrlt_io)
  install(TARGETS cxrlt_io EXPORT cxrltIoTargets FILE_SET HEADERS)
  install(EXPORT cxrltIoTargets NAMESPACE cxrlt:: DESTINATION ${package_dir})
endif()
if(TARGET cxrlt_cuda)
  install(TARGETS cxrlt_cuda EXPORT cxrltCudaTargets FILE_SET HEADERS)
  install(EXPORT cxrltCudaTargets NAMESPACE cxrlt:: DESTINATION ${package_dir})
endif()
if(TARGET cxrlt_program)
  install(TARGETS cxrlt_program)
endif()

configure_package_config_file(cmake/cxrltConfig.cmake.in cxrltConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(cxrltConfigVersion.cmake
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/cxrltConfig.cmake ${PROJECT_BINARY_DIR}/cxrltConfigVersion.cmake
  cmake/thrust.cmake
  DESTINATION ${package_dir})
