# SPDX-License-Identifier: MIT
# Generates <pier/constants.h> and the table of the registry for the target,
# from data/constants.csv and what the target's headers say. The result is
# kept in the build folder as long as nothing it depends on has changed.
include(${CMAKE_CURRENT_LIST_DIR}/ConstantsProbe.cmake)

set(PIER_GENERATED_INCLUDE_DIR ${PROJECT_BINARY_DIR}/generated/include)
set(PIER_CONSTANT_INPUTS
  ${PROJECT_SOURCE_DIR}/cmake/Constants.cmake
  ${PROJECT_SOURCE_DIR}/cmake/ConstantsProbe.cmake
  ${PROJECT_SOURCE_DIR}/cmake/constants_probe.c.in
  ${PROJECT_SOURCE_DIR}/cmake/constants.h.in
  ${PROJECT_SOURCE_DIR}/data/constants.csv
  ${PROJECT_SOURCE_DIR}/data/fallbacks.csv
  ${PROJECT_SOURCE_DIR}/data/texts.csv)

# Groups of the data that are no constants of this header.
set(PIER_FOREIGN_GROUPS
  getaddrinfo_error errno_alias module_flag windows_error_table)

# Bits of the send and receive flags that are taken although no constant of
# ours has them, such as MSG_ZEROCOPY and the kernel's own: no absent flag
# may be given one.
set(PIER_MSG_TAKEN 0xffff)
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  set(PIER_MSG_TAKEN 0x0c1fffff)
endif()

# Absent constants count down from here by their line in the data.
set(PIER_ABSENT_BASE -1073741824)

# Sets <prefix>_NAMES and <prefix>_GROUP_<name> from the data.
macro(pieri_read_constants prefix)
  file(READ ${PROJECT_SOURCE_DIR}/data/constants.csv text)
  string(REGEX MATCHALL "\n[A-Za-z0-9_]+,[a-z0-9_]+," rows "${text}")
  set(${prefix}_NAMES "")
  foreach(row IN LISTS rows)
    string(REGEX MATCH "([A-Za-z0-9_]+),([a-z0-9_]+)" match "${row}")
    set(name ${CMAKE_MATCH_1})
    set(group ${CMAKE_MATCH_2})
    if(NOT group IN_LIST PIER_FOREIGN_GROUPS)
      list(APPEND ${prefix}_NAMES ${name})
      set(${prefix}_GROUP_${name} ${group})
    endif()
  endforeach()
endmacro()

# Sets <prefix>_NAMES and <prefix>_NEEDS_<name>, <prefix>_VALUE_<name>: what
# stands in for a constant that the headers of this system leave out.
macro(pieri_read_fallbacks prefix)
  file(READ ${PROJECT_SOURCE_DIR}/data/fallbacks.csv text)
  string(REGEX MATCHALL "\n[A-Za-z0-9_]+,[^\n]*" rows "${text}")
  set(${prefix}_NAMES "")
  foreach(row IN LISTS rows)
    string(REGEX MATCH
      "([A-Za-z0-9_]+),([^,]*),([A-Za-z0-9_]*),(\"([^\"]*)\"|([^,\"]*)),"
      match "${row}")
    if(CMAKE_MATCH_2 STREQUAL "*" OR CMAKE_MATCH_2 STREQUAL CMAKE_SYSTEM_NAME)
      list(APPEND ${prefix}_NAMES ${CMAKE_MATCH_1})
      set(${prefix}_NEEDS_${CMAKE_MATCH_1} "${CMAKE_MATCH_3}")
      set(${prefix}_VALUE_${CMAKE_MATCH_1} "${CMAKE_MATCH_5}${CMAKE_MATCH_6}")
    endif()
  endforeach()
endmacro()

# Sets <prefix>_NAMES and <prefix>_NEEDS_<name>, <prefix>_TEXT_<name>.
macro(pieri_read_texts prefix)
  file(READ ${PROJECT_SOURCE_DIR}/data/texts.csv text)
  string(REGEX MATCHALL "\n[A-Za-z0-9_]+,[^\n]*" rows "${text}")
  set(${prefix}_NAMES "")
  foreach(row IN LISTS rows)
    string(REGEX MATCH "([A-Za-z0-9_]+),([A-Za-z0-9_]*),(.*)" match "${row}")
    list(APPEND ${prefix}_NAMES ${CMAKE_MATCH_1})
    set(${prefix}_NEEDS_${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
    set(${prefix}_TEXT_${CMAKE_MATCH_1} "${CMAKE_MATCH_3}")
  endforeach()
endmacro()

# A value as a C expression that is usable in #if and has the type it needs.
function(pieri_literal value result)
  string(REPLACE "-" "" size "${value}")
  string(LENGTH "${size}" length)
  if(value STREQUAL "-2147483648")
    set(literal "(-2147483647 - 1)")
  elseif(length GREATER 10)
    set(literal "(${value}LL)")
    if(NOT value MATCHES "^-" AND length EQUAL 20)
      set(literal "(${value}ULL)")
    endif()
  elseif(size LESS_EQUAL 2147483647)
    set(literal "(${value})")
  elseif(value MATCHES "^-")
    set(literal "(${value}LL)")
  elseif(size LESS_EQUAL 4294967295)
    set(literal "(${value}U)")
  else()
    set(literal "(${value}LL)")
  endif()
  set(${result} "${literal}" PARENT_SCOPE)
endfunction()

# Sets value_<name> to a number or "absent" for every name and fallback.
macro(pieri_find_values)
  set(expressions ${all_NAMES})
  foreach(name IN LISTS fallback_NAMES)
    list(APPEND expressions "${fallback_VALUE_${name}}")
  endforeach()
  pier_probe_constants("${expressions}" values)
  foreach(name IN LISTS all_NAMES)
    list(POP_FRONT values value_${name})
  endforeach()
  # SHUT_ is the same everywhere by contract, and a text is no number.
  foreach(name IN LISTS fallback_NAMES)
    list(POP_FRONT values value)
    set(needs "${fallback_NEEDS_${name}}")
    if(value_${name} STREQUAL "absent" AND
       (needs STREQUAL "" OR NOT value_${needs} STREQUAL "absent"))
      set(value_${name} ${value})
    endif()
  endforeach()
endmacro()

# Gives each absent MSG_ flag the highest free bit, in the order of the data.
macro(pieri_assign_flags)
  set(taken ${PIER_MSG_TAKEN})
  foreach(name IN LISTS all_NAMES)
    if(all_GROUP_${name} STREQUAL "msg_flag" AND
       NOT value_${name} STREQUAL "absent")
      math(EXPR taken "${taken} | ${value_${name}}")
    endif()
  endforeach()
  set(bit 1073741824)
  foreach(name IN LISTS all_NAMES)
    if(all_GROUP_${name} STREQUAL "msg_flag" AND
       value_${name} STREQUAL "absent")
      math(EXPR clash "${taken} & ${bit}")
      while(NOT clash EQUAL 0)
        math(EXPR bit "${bit} >> 1")
        math(EXPR clash "${taken} & ${bit}")
      endwhile()
      if(bit EQUAL 0)
        message(FATAL_ERROR "No bit is left for ${name}")
      endif()
      set(flag_${name} ${bit})
      math(EXPR bit "${bit} >> 1")
    endif()
  endforeach()
endmacro()

# Writes one pair of macros: HAVE and the value.
macro(pieri_define name have value)
  string(APPEND PIER_CONSTANT_DEFINITIONS
    "#define PIER_HAVE_${name} ${have}\n#define PIER_${name} ${value}\n")
endmacro()

macro(pieri_write_definitions)
  set(PIER_CONSTANT_DEFINITIONS "")
  set(group "")
  set(index 0)
  foreach(name IN LISTS all_NAMES)
    math(EXPR index "${index} + 1")
    math(EXPR absent "${PIER_ABSENT_BASE} - ${index}")
    if(NOT group STREQUAL all_GROUP_${name})
      set(group ${all_GROUP_${name}})
      string(APPEND PIER_CONSTANT_DEFINITIONS "\n/* ${group} */\n")
    endif()
    if(name IN_LIST text_NAMES)
      if(value_${text_NEEDS_${name}} STREQUAL "absent")
        pieri_define(${name} 0 "(${absent})")
      else()
        pieri_define(${name} 1 "\"${text_TEXT_${name}}\"")
      endif()
    elseif(NOT value_${name} STREQUAL "absent")
      pieri_literal(${value_${name}} literal)
      pieri_define(${name} 1 "${literal}")
    elseif(DEFINED flag_${name})
      pieri_define(${name} 0 "(${flag_${name}})")
    else()
      pieri_define(${name} 0 "(${absent})")
    endif()
  endforeach()
  configure_file(${PROJECT_SOURCE_DIR}/cmake/constants.h.in
    ${PIER_GENERATED_INCLUDE_DIR}/pier/constants.h @ONLY)
endmacro()

# The registry's rows, in the order of strcmp().
macro(pieri_write_table)
  set(numbers "")
  set(texts "")
  set(sorted ${all_NAMES})
  list(SORT sorted COMPARE STRING CASE SENSITIVE)
  foreach(name IN LISTS sorted)
    if(name IN_LIST text_NAMES)
      if(NOT value_${text_NEEDS_${name}} STREQUAL "absent")
        string(APPEND texts "TEXT(${name}, \"${text_TEXT_${name}}\")\n")
      endif()
    elseif(NOT value_${name} STREQUAL "absent")
      string(APPEND numbers "NUMBER(${name}, ${all_GROUP_${name}})\n")
    endif()
  endforeach()
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/table/constant_numbers.inc
    CONTENT "${numbers}" @ONLY)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/table/constant_texts.inc
    CONTENT "${texts}" @ONLY)
endmacro()

function(pier_generate_constants)
  message(STATUS "Reading the constants of the target")
  pieri_read_constants(all)
  pieri_read_fallbacks(fallback)
  pieri_read_texts(text)
  pieri_find_values()
  pieri_assign_flags()
  pieri_write_definitions()
  pieri_write_table()
endfunction()

# Everything that the values depend on, as one number.
function(pieri_constants_key result)
  set(text "${CMAKE_SYSTEM_NAME} ${CMAKE_C_COMPILER} ${CMAKE_C_COMPILER_ID} "
    "${CMAKE_C_COMPILER_VERSION} ${CMAKE_C_COMPILER_TARGET} ${CMAKE_C_FLAGS} "
    "${CMAKE_C_FLAGS_DEBUG} ${CMAKE_SYSROOT} ${CMAKE_OSX_SYSROOT} "
    "${CMAKE_OSX_ARCHITECTURES} ${PIER_GENERATED_INCLUDE_DIR}")
  foreach(file IN LISTS PIER_CONSTANT_INPUTS CMAKE_TOOLCHAIN_FILE)
    if(EXISTS ${file})
      file(SHA256 ${file} hash)
      list(APPEND text ${hash})
    endif()
  endforeach()
  string(SHA256 key "${text}")
  set(${result} ${key} PARENT_SCOPE)
endfunction()

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  ${PIER_CONSTANT_INPUTS})
pieri_constants_key(pier_constants_key)
set(pier_constants_stamp ${PROJECT_BINARY_DIR}/generated/constants.key)
set(pier_constants_old "")
if(EXISTS ${pier_constants_stamp} AND
   EXISTS ${PIER_GENERATED_INCLUDE_DIR}/pier/constants.h)
  file(READ ${pier_constants_stamp} pier_constants_old)
endif()
if(NOT pier_constants_old STREQUAL pier_constants_key)
  pier_generate_constants()
  file(WRITE ${pier_constants_stamp} ${pier_constants_key})
endif()

# The folder of the registry's rows, for core/constants.c.
add_library(pier_constants INTERFACE)
target_include_directories(pier_constants INTERFACE
  ${PROJECT_BINARY_DIR}/generated/table ${PIER_GENERATED_INCLUDE_DIR})
