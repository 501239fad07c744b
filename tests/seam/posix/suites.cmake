# SPDX-License-Identifier: MIT
# What only this backend promises: fork, signals, unloading, AF_UNIX in full.
foreach(group IN ITEMS descriptors fork poll_limit signals unix)
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

# The addresses of Linux: written out, and as the headers say where they are.
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  set(family_suites family_bytes)
  include(CheckCSourceCompiles)
  check_c_source_compiles("
    #include <sys/socket.h>
    #include <linux/can.h>
    #include <linux/if_alg.h>
    #include <linux/netlink.h>
    #include <linux/qrtr.h>
    #include <linux/tipc.h>
    #include <linux/vm_sockets.h>
    struct sockaddr_can can;
    struct sockaddr_vm vm = { .svm_cid = 1 };
    int main(void) { return can.can_addr.j1939.addr + (int)vm.svm_cid; }"
    HAVE_FAMILY_HEADERS)
  if(HAVE_FAMILY_HEADERS)
    list(APPEND family_suites family_headers)
  endif()
  foreach(group IN LISTS family_suites)
    pier_add_test(test_seam_${group} LABEL seam
      SOURCES posix/test_seam_${group}.c
      OBJECTS pier_platform pier_seam_loopback)
  endforeach()
endif()
