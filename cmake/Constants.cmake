# SPDX-License-Identifier: MIT
# Generates <pier/constants.h> and the table of the registry for the target,
# from data/constants.csv and what the target's headers say. The result is
# kept in the build folder as long as nothing it depends on has changed.
include(${CMAKE_CURRENT_LIST_DIR}/ConstantsData.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/ConstantsProbe.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/ConstantsWrite.cmake)

set(PIER_GENERATED_INCLUDE_DIR ${PROJECT_BINARY_DIR}/generated/include)
set(PIER_CONSTANT_INPUTS
  ${PROJECT_SOURCE_DIR}/cmake/Constants.cmake
  ${PROJECT_SOURCE_DIR}/cmake/ConstantsData.cmake
  ${PROJECT_SOURCE_DIR}/cmake/ConstantsProbe.cmake
  ${PROJECT_SOURCE_DIR}/cmake/ConstantsWrite.cmake
  ${PROJECT_SOURCE_DIR}/cmake/constants_probe.c.in
  ${PROJECT_SOURCE_DIR}/cmake/constants.h.in
  ${PROJECT_SOURCE_DIR}/data/constants.csv
  ${PROJECT_SOURCE_DIR}/data/fallbacks.csv
  ${PROJECT_SOURCE_DIR}/data/texts.csv)

# Bits of the send and receive flags that are taken although no constant of
# ours has them, such as MSG_ZEROCOPY and the kernel's own: no absent flag
# may be given one.
set(PIER_MSG_TAKEN 0xffff)
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  set(PIER_MSG_TAKEN 0x0c1fffff)
elseif(CMAKE_SYSTEM_NAME MATCHES "Darwin|BSD|DragonFly")
  set(PIER_MSG_TAKEN 0x1fffff)
endif()

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
  set(text "${PIER_GENERATED_INCLUDE_DIR}")
  foreach(part IN ITEMS SYSTEM_NAME C_COMPILER C_COMPILER_ARG1 C_COMPILER_ID
      C_COMPILER_VERSION C_COMPILER_TARGET C_FLAGS C_FLAGS_DEBUG SYSROOT
      OSX_SYSROOT OSX_ARCHITECTURES)
    string(APPEND text " ${CMAKE_${part}}")
  endforeach()
  foreach(file IN LISTS PIER_CONSTANT_INPUTS CMAKE_TOOLCHAIN_FILE)
    if(EXISTS ${file})
      file(SHA256 ${file} hash)
      string(APPEND text " ${hash}")
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
