# SPDX-License-Identifier: MIT
# What the tests of constants need from the data and from the target:
# constant_rows.inc, with one row for every name, and constants_agree.c, which
# compiles exactly where the generated header says what the system's say.
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
foreach(name IN LISTS all_NAMES)
  if(name IN_LIST text_NAMES)
    string(APPEND rows "TEXT(${name})\n")
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
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/constants_agree.c
  CONTENT "${agree}" @ONLY)
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/constant_rows.inc
  CONTENT "${rows}" @ONLY)

# Only looked at by the compiler, so that it runs for every target.
separate_arguments(flags NATIVE_COMMAND "${CMAKE_C_FLAGS}")
add_test(NAME unit.constants_agree
  COMMAND ${CMAKE_C_COMPILER} ${flags} -std=gnu11 -w -fsyntax-only
    -I${PROJECT_SOURCE_DIR}/include -I${PIER_GENERATED_INCLUDE_DIR}
    ${CMAKE_CURRENT_BINARY_DIR}/constants_agree.c)
set_tests_properties(unit.constants_agree PROPERTIES LABELS unit TIMEOUT 30)
