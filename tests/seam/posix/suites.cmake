# SPDX-License-Identifier: MIT
# What only this backend promises: fork, signals, unloading, AF_UNIX in full.
foreach(group IN ITEMS descriptors fork signals unix)
  pier_add_test(test_seam_${group} LABEL seam
    SOURCES posix/test_seam_${group}.c
    OBJECTS pier_platform pier_seam_loopback)
endforeach()

add_library(seam_unload MODULE posix/unload_module.c)
target_sources(seam_unload PRIVATE $<TARGET_OBJECTS:pier_platform>)
target_include_directories(seam_unload PRIVATE ${PROJECT_SOURCE_DIR}/platform)
target_link_libraries(seam_unload PRIVATE pier_options ${PIER_SYSTEM_LIBRARIES})
pier_add_test(test_seam_unload LABEL seam SOURCES posix/test_seam_unload.c
  LIBRARIES ${CMAKE_DL_LIBS})
target_compile_definitions(test_seam_unload PRIVATE
  UNLOAD_MODULE="$<TARGET_FILE:seam_unload>")
add_dependencies(test_seam_unload seam_unload)
