# SPDX-License-Identifier: MIT
# Each line of quirks.txt names a test that exists, and each test that is
# called after a quirk has its line:
#
#   Q48 windows test_os_wsapoll/q48_a_refused_connect_is_found...
cmake_minimum_required(VERSION 3.20)
set(failures 0)
macro(complain text)
  message("${text}")
  math(EXPR failures "${failures} + 1")
endmacro()

file(STRINGS ${ROOT}/quirks.txt lines REGEX "^[^#]")
foreach(line IN LISTS lines)
  if(NOT line MATCHES "^Q([0-9]+) (posix|windows) (test_os_[a-z0-9_]+)/([a-z0-9_]+)$")
    complain("quirks.txt: not understood: ${line}")
    continue()
  endif()
  set(quirk ${CMAKE_MATCH_1})
  set(source ${ROOT}/${CMAKE_MATCH_2}/${CMAKE_MATCH_3}.c)
  set(test ${CMAKE_MATCH_4})
  set(text "")
  if(EXISTS ${source})
    file(READ ${source} text)
  endif()
  string(FIND "${text}" "OS_TEST(${test})" where)
  if(where EQUAL -1)
    complain("quirks.txt: no such test: ${line}")
  elseif(NOT test MATCHES "^q${quirk}_")
    complain("quirks.txt: called after another quirk: ${line}")
  endif()
endforeach()

file(GLOB sources RELATIVE ${ROOT} ${ROOT}/*/test_os_*.c)
foreach(source IN LISTS sources)
  file(STRINGS ${ROOT}/${source} tests REGEX "OS_TEST\\(q[0-9]+_")
  string(REGEX REPLACE "^([a-z]+)/(.*)\\.c$" "\\1 \\2" suite "${source}")
  foreach(test IN LISTS tests)
    string(REGEX REPLACE ".*\\(q([0-9]+)(_[a-z0-9_]+)\\).*"
      "Q\\1 ${suite}/q\\1\\2" line "${test}")
    if(NOT line IN_LIST lines)
      complain("quirks.txt lacks: ${line}")
    endif()
  endforeach()
endforeach()

if(failures)
  message(FATAL_ERROR "${failures} lines of quirks.txt are wrong")
endif()
