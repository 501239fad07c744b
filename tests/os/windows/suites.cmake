# SPDX-License-Identifier: MIT
# Where an address has 32 bits, the names of imports end in the size of their
# arguments. The backend is the same there, so this once is enough.
if(NOT CMAKE_SIZEOF_VOID_P EQUAL 8)
  return()
endif()

add_library(pier_os_windows OBJECT
  script.c windows/messages.c windows/scripted_system.c
  windows/scripted_winsock.c)
target_include_directories(pier_os_windows PUBLIC
  ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/windows
  ${PROJECT_SOURCE_DIR}/platform)
target_link_libraries(pier_os_windows
  PRIVATE pier_test_support pier_cmocka pier_options)

function(pier_add_os_test name wait)
  pier_add_test(test_os_${name} LABEL os SOURCES windows/test_os_${name}.c
    OBJECTS pier_platform pier_os_windows
    ENVIRONMENT PIER_WINDOWS_WAIT=${wait})
endfunction()

# What a process asks its system only once needs a program for each answer.
foreach(name IN ITEMS
    startup handles listen connect windows_2004 data files lookup afd
    without_afd options message message_info message_send multicast poll_afd unix
    handover names transmit)
  pier_add_os_test(${name} auto)
endforeach()
pier_add_os_test(wsapoll wsapoll)
pier_add_os_test(poll_wsapoll wsapoll)
