# Installation: headers, library, the package file find_package(hvc CONFIG) reads, and the tools with their manual page
# and completion.
include(CMakePackageConfigHelpers)

set(HVC_PACKAGE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/hvc")
set(hvc_installed hvc)
if(TARGET hvc_simulator)
  list(APPEND hvc_installed hvc_simulator)
endif()
install(TARGETS ${hvc_installed} EXPORT hvcTargets)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/hvc" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT hvcTargets NAMESPACE hvc:: DESTINATION "${HVC_PACKAGE_DIR}")
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/hvcConfig.cmake.in" "${PROJECT_BINARY_DIR}/hvcConfig.cmake"
                              INSTALL_DESTINATION "${HVC_PACKAGE_DIR}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/hvcConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/hvcConfig.cmake" "${PROJECT_BINARY_DIR}/hvcConfigVersion.cmake"
        DESTINATION "${HVC_PACKAGE_DIR}")
foreach(tool hvc-sync hvc-simulator)
  if(TARGET ${tool})
    install(TARGETS ${tool})
  endif()
endforeach()
if(TARGET hvc-sync)
  set(HVC_SYNC_DIR "${PROJECT_SOURCE_DIR}/src/tools/sync")
  install(FILES "${HVC_SYNC_DIR}/hvc-sync.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
  install(FILES "${HVC_SYNC_DIR}/completion/hvc-sync.bash" RENAME hvc-sync
          DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
  install(FILES "${HVC_SYNC_DIR}/completion/_hvc-sync" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
endif()
