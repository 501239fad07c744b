# SPDX-License-Identifier: MIT
# The drop-in is thin: what it asks for is pier's, the interpreter's or plain
# C's, so it makes no call of the system; and it is short.
cmake_minimum_required(VERSION 3.20)
execute_process(COMMAND ${NM} -D --undefined-only ${MODULE}
  OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "U [^\n@]+" symbols "${symbols}")

# __errno_location is how C's errno is written; the interpreter makes its
# exceptions of it.
set(plain memcpy memset memcmp strlen strcmp strchr strcspn __errno_location
  __stack_chk_fail __memcpy_chk)
set(asked 0)
foreach(symbol IN LISTS symbols)
  string(SUBSTRING "${symbol}" 2 -1 symbol)
  if(symbol MATCHES "^pier_")
    math(EXPR asked "${asked} + 1")
  elseif(NOT symbol MATCHES "^_?Py" AND NOT symbol IN_LIST plain)
    message(SEND_ERROR "the module calls ${symbol}")
  endif()
endforeach()
if(asked LESS 50)
  message(SEND_ERROR "only ${asked} functions of pier are asked for")
endif()

set(total 0)
file(GLOB sources ${SOURCES}/*.c ${SOURCES}/*.h)
foreach(source IN LISTS sources)
  file(READ ${source} text)
  string(REGEX MATCHALL "\n" lines "${text}")
  list(LENGTH lines lines)
  math(EXPR total "${total} + ${lines}")
endforeach()
message("${asked} functions of pier, ${total} lines")
if(total GREATER 3500)
  message(SEND_ERROR "the module has ${total} lines, at most 3500")
endif()
