# SPDX-License-Identifier: MIT
# What the tests of constants need from the data and from the target:
#
#   constant_rows.inc       one row for every name
#   constants_listed.inc    what data/constants.csv says of this target, with
#                           data/exceptions.csv
#   constants_probed.inc    the names as the system's headers have them
#   constants_agree.c       compiles exactly where the generated header says
#                           what the system's say, enumerators included
pieri_read_constants(all)
pieri_read_fallbacks(fallback)
pieri_read_texts(text)

# The probe's own beginning includes the target's headers.
file(READ ${PROJECT_BINARY_DIR}/generated/constants_probe.c preamble)
string(FIND "${preamble}" "#line 1 \"pier-probe\"" end)
string(SUBSTRING "${preamble}" 0 ${end} preamble)

# A name that no header has must be free to be declared.
set(agree "${preamble}#include <pier/constants.h>\n")
set(rows "")
set(probed "")
foreach(name IN LISTS all_NAMES)
  if(name IN_LIST text_NAMES)
    string(APPEND rows "TEXT(${name})\n")
    continue()
  endif()
  string(APPEND probed "#ifdef ${name}\nPROBED(${name})\n#endif\n")
  if(all_GROUP_${name} IN_LIST PIER_REGISTRY_GROUPS)
    string(APPEND rows "REGISTERED(${name}, ${all_GROUP_${name}})\n")
    continue()
  endif()
  string(APPEND rows "ROW(${name}, ${all_GROUP_${name}})\n")
  set(equal "_Static_assert((${name}) == PIER_${name}, \"value\");\n")
  string(APPEND agree "#line 1 \"${name}\"\n#ifdef ${name}\n${equal}"
    "_Static_assert(PIER_HAVE_${name} == 1, \"present\");\n"
    "#elif PIER_HAVE_${name}\n")
  if(NOT name IN_LIST fallback_NAMES)
    string(APPEND agree "${equal}")
  endif()
  string(APPEND agree "#else\nextern struct absent ${name};\n#endif\n")
endforeach()

# The data's word for this system, and the exceptions of this target.
string(TOLOWER "${CMAKE_SYSTEM_NAME}" platform)
string(REPLACE "darwin" "macos" platform "${platform}")
string(REPLACE "sunos" "solaris" platform "${platform}")
get_filename_component(toolchain "${CMAKE_TOOLCHAIN_FILE}" NAME_WE)
set(inputs ${PROJECT_SOURCE_DIR}/data/constants.csv
  ${PROJECT_SOURCE_DIR}/data/exceptions.csv)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${inputs})

file(STRINGS ${PROJECT_SOURCE_DIR}/data/exceptions.csv exceptions
  REGEX "^[^,]+,(${CMAKE_SYSTEM_NAME}|${toolchain}),")

# Gives said, or what the last exception that has the name says of it.
function(pieri_ask_exceptions name said result)
  set(answer ${said})
  foreach(line IN LISTS exceptions)
    string(REGEX MATCH "^([^,]+),[^,]+,([a-z]+)," match "${line}")
    set(names ${CMAKE_MATCH_1})
    set(what ${CMAKE_MATCH_2})
    if(NOT name MATCHES "^(${names})$")
      continue()
    elseif(what STREQUAL "absent")
      set(answer 0)
    elseif(what STREQUAL "present")
      set(answer 1)
    else()
      set(answer ${said})
    endif()
  endforeach()
  set(${result} ${answer} PARENT_SCOPE)
endfunction()

file(READ ${PROJECT_SOURCE_DIR}/data/constants.csv text)
string(REPLACE ";" " " text "${text}")
string(REGEX MATCHALL "\n[A-Za-z0-9_]+,[a-z0-9_]+,[^,\n]*" lines "${text}")
set(data "")
foreach(line IN LISTS lines)
  string(REGEX MATCH "([A-Za-z0-9_]+),([a-z0-9_]+),(.*)" match "${line}")
  set(name ${CMAKE_MATCH_1})
  set(group ${CMAKE_MATCH_2})
  if(group IN_LIST PIER_FOREIGN_GROUPS)
    continue()
  endif()
  set(listed 0)
  if(" ${CMAKE_MATCH_3}(" MATCHES " (all|${platform})[ (]")
    set(listed 1)
  endif()
  pieri_ask_exceptions(${name} ${listed} listed)
  string(APPEND data "LISTED(${name}, ${group}, ${listed})\n")
endforeach()

foreach(pair IN ITEMS agree:constants_agree.c rows:constant_rows.inc
    probed:constants_probed.inc data:constants_listed.inc)
  string(REPLACE ":" ";" pair ${pair})
  list(POP_FRONT pair content)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${pair}
    CONTENT "${${content}}" @ONLY)
endforeach()

# Only looked at by the compiler, so that it runs for every target.
separate_arguments(flags NATIVE_COMMAND "${CMAKE_C_FLAGS}")
add_test(NAME unit.constants_agree
  COMMAND ${CMAKE_C_COMPILER} ${flags} -std=gnu11 -w -fsyntax-only
    -I${PROJECT_SOURCE_DIR}/include -I${PIER_GENERATED_INCLUDE_DIR}
    ${CMAKE_CURRENT_BINARY_DIR}/constants_agree.c)
set_tests_properties(unit.constants_agree PROPERTIES LABELS unit TIMEOUT 30)
