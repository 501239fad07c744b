# SPDX-License-Identifier: MIT
#   cmake -DEXPECTED=<codes> -DOUTPUT=<regex> -P expect.cmake -- <command>...
# runs the command and fails unless its exit code matches one of the codes, a
# regular expression, and its output the other one.
set(command "")
set(seen FALSE)
foreach(index RANGE ${CMAKE_ARGC})
  if(seen AND DEFINED CMAKE_ARGV${index})
    list(APPEND command "${CMAKE_ARGV${index}}")
  elseif("${CMAKE_ARGV${index}}" STREQUAL "--")
    set(seen TRUE)
  endif()
endforeach()
execute_process(COMMAND ${command}
  RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT "${code}" MATCHES "^(${EXPECTED})$")
  message(FATAL_ERROR "exit '${code}', expected '${EXPECTED}':\n${output}")
endif()
if(NOT "${output}" MATCHES "${OUTPUT}")
  message(FATAL_ERROR "no '${OUTPUT}' in:\n${output}")
endif()
message(STATUS "exit '${code}'")
