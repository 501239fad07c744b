# SPDX-License-Identifier: MIT
#   cmake -DEXPECTED=<codes> -DOUTPUT=<regex> -DCOMMAND=<words>
#     -P expect.cmake
# runs the command, whose words | separates, and fails unless its exit code
# matches one of the codes, a regular expression, and its output the other one.
string(REPLACE "|" ";" command "${COMMAND}")
list(REMOVE_ITEM command "")
execute_process(COMMAND ${command}
  RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT "${code}" MATCHES "^(${EXPECTED})$")
  message(FATAL_ERROR "exit '${code}', expected '${EXPECTED}':\n${output}")
endif()
if(NOT "${output}" MATCHES "${OUTPUT}")
  message(FATAL_ERROR "no '${OUTPUT}' in:\n${output}")
endif()
message(STATUS "exit '${code}'")
