# SPDX-License-Identifier: MIT
#   cmake -P alone.cmake -- <compiler and flags> <source>
set(command "")
set(seen FALSE)
foreach(index RANGE ${CMAKE_ARGC})
  if(seen AND DEFINED CMAKE_ARGV${index})
    list(APPEND command "${CMAKE_ARGV${index}}")
  elseif("${CMAKE_ARGV${index}}" STREQUAL "--")
    set(seen TRUE)
  endif()
endforeach()

execute_process(COMMAND ${command} -fsyntax-only RESULT_VARIABLE code)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "it does not compile alone")
endif()
execute_process(COMMAND ${command} -M
  OUTPUT_VARIABLE included COMMAND_ERROR_IS_FATAL ANY)
set(sockets "sys/socket|netinet/|arpa/|netdb|poll\\.h|winsock|ws2|windows\\.h")
string(REGEX MATCHALL "[^ \n]*(${sockets})[^ \n]*" brought "${included}")
# Headers of pier may be called after their subject.
list(FILTER brought EXCLUDE REGEX "/pier/[a-z]+\\.h$")
if(brought)
  message(FATAL_ERROR "it includes ${brought}")
endif()
