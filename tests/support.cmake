# SPDX-License-Identifier: MIT
# How a suite is declared:
#
#   pier_add_test(<name> LABEL <folder> SOURCES <file>...
#     [LIBRARIES <target>...]    libraries, such as pier
#     [OBJECTS <target>...]      object libraries and their include directories
#     [TIMEOUT <seconds>]        30 by default, times PIER_TEST_SLOWNESS
#     [ENVIRONMENT <var=value>...]
#     [NO_VALGRIND])             not a suite that valgrind can run
#
# builds the program with the project's warnings, cmocka and tests/support,
# and registers it as a test of that name. Exit code 77 is a skip.
#
#   pier_add_test_variant(<name> <variant> [ENVIRONMENT <var=value>...])
#
# runs the same program once more, as <name>.<variant>. Suites that wait on real
# sockets have a variant for each way in which Windows can wait; asking for one
# that is there already does nothing.

# What watches or emulates a program makes it slower. Only the time after which
# a test counts as hanging depends on it; no test asserts a short time.
set(slowness 1)
if(PIER_SANITIZE)
  set(slowness 3)
endif()
set(PIER_TEST_SLOWNESS ${slowness} CACHE STRING
  "How many times longer than usual a test may take")

set(PIER_TEST_DEFAULT_TIMEOUT 30)
set(PIER_TEST_FIXTURES "")
if(WIN32 AND CMAKE_CROSSCOMPILING)
  set(PIER_TEST_FIXTURES wine)
endif()

if(CMAKE_TOOLCHAIN_FILE)
  get_filename_component(toolchain ${CMAKE_TOOLCHAIN_FILE} NAME_WE)
  execute_process(
    COMMAND ${PROJECT_SOURCE_DIR}/ci/cmocka.sh --where ${toolchain}
    OUTPUT_VARIABLE root OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
  set(PIER_CMOCKA_ROOT ${root} CACHE PATH "Where cmocka for the target is")
  set(cmocka_include ${PIER_CMOCKA_ROOT}/include)
  set(cmocka_library ${PIER_CMOCKA_ROOT}/lib/libcmocka.a)
  if(NOT EXISTS ${cmocka_library})
    message(FATAL_ERROR
      "no cmocka in ${PIER_CMOCKA_ROOT}: run ci/cmocka.sh ${toolchain}")
  endif()
else()
  find_path(cmocka_include cmocka.h REQUIRED)
  find_library(cmocka_library cmocka REQUIRED)
endif()
add_library(pier_cmocka INTERFACE)
target_include_directories(pier_cmocka SYSTEM INTERFACE ${cmocka_include})
target_link_libraries(pier_cmocka INTERFACE ${cmocka_library})

# Memory errors that no sanitizer sees are valgrind's; one native build has it.
set(PIER_TEST_VALGRIND_LABELS unit net)
if(NOT CMAKE_TOOLCHAIN_FILE AND NOT PIER_SANITIZE)
  find_program(PIER_VALGRIND valgrind)
endif()

set(PIER_TEST_WAIT_LABELS "")
if(WIN32)
  set(PIER_TEST_WAIT_LABELS seam net)
endif()

function(pier_register_test test)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT"
    "ENVIRONMENT;COMMAND;CONFIGURATIONS" ${ARGN})
  math(EXPR ARG_TIMEOUT "${PIER_TEST_SLOWNESS} * ${ARG_TIMEOUT}")
  if(ARG_CONFIGURATIONS)
    list(PREPEND ARG_CONFIGURATIONS CONFIGURATIONS)
  endif()
  add_test(NAME ${test} COMMAND ${ARG_COMMAND} ${ARG_CONFIGURATIONS})
  # The long ones first, so that none is left alone at the end.
  set_tests_properties(${test} PROPERTIES COST ${ARG_TIMEOUT}
    LABELS "${ARG_LABEL}" TIMEOUT "${ARG_TIMEOUT}" SKIP_RETURN_CODE 77
    FIXTURES_REQUIRED "${PIER_TEST_FIXTURES}"
    ENVIRONMENT "${ARG_ENVIRONMENT}")
  # A group is heard by every program of the machine that joins it.
  if(test MATCHES "multicast")
    set_tests_properties(${test} PROPERTIES RESOURCE_LOCK multicast)
  endif()
endfunction()

function(pier_add_test name)
  cmake_parse_arguments(ARG "NO_VALGRIND" "LABEL;TIMEOUT"
    "SOURCES;LIBRARIES;OBJECTS;ENVIRONMENT" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT ${PIER_TEST_DEFAULT_TIMEOUT})
  endif()

  add_executable(${name} ${ARG_SOURCES})
  foreach(objects IN LISTS ARG_OBJECTS)
    target_sources(${name} PRIVATE $<TARGET_OBJECTS:${objects}>)
    target_include_directories(${name} PRIVATE
      $<TARGET_PROPERTY:${objects},INCLUDE_DIRECTORIES>)
  endforeach()
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} pier_test_support
    pier_cmocka pier_options)
  if(pier_platform IN_LIST ARG_OBJECTS)
    target_link_libraries(${name} PRIVATE ${PIER_SYSTEM_LIBRARIES})
  endif()
  set_target_properties(${name} PROPERTIES
    PIER_LABEL "${ARG_LABEL}" PIER_TIMEOUT "${ARG_TIMEOUT}"
    PIER_ENVIRONMENT "${ARG_ENVIRONMENT}")
  pier_register_test(${name} COMMAND ${name} LABEL "${ARG_LABEL}"
    TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT ${ARG_ENVIRONMENT})
  if(PIER_VALGRIND AND NOT ARG_NO_VALGRIND
      AND ARG_LABEL IN_LIST PIER_TEST_VALGRIND_LABELS)
    math(EXPR ARG_TIMEOUT "4 * ${ARG_TIMEOUT}")
    pier_register_test(${name}.valgrind LABEL valgrind
      TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT ${ARG_ENVIRONMENT}
      COMMAND ${PIER_VALGRIND} --quiet --error-exitcode=99
        --leak-check=full --child-silent-after-fork=yes $<TARGET_FILE:${name}>)
  endif()
  if(ARG_LABEL IN_LIST PIER_TEST_WAIT_LABELS)
    foreach(wait IN ITEMS afd wsapoll)
      pier_add_test_variant(${name} ${wait}
        ENVIRONMENT PIER_WINDOWS_WAIT=${wait})
    endforeach()
  endif()
endfunction()

function(pier_add_test_variant name variant)
  cmake_parse_arguments(ARG "" "" "ENVIRONMENT" ${ARGN})
  if(TEST ${name}.${variant})
    return()
  endif()
  get_property(label TARGET ${name} PROPERTY PIER_LABEL)
  get_property(timeout TARGET ${name} PROPERTY PIER_TIMEOUT)
  get_property(environment TARGET ${name} PROPERTY PIER_ENVIRONMENT)
  pier_register_test(${name}.${variant} COMMAND ${name}
    LABEL "${label}" TIMEOUT ${timeout}
    ENVIRONMENT ${environment} ${ARG_ENVIRONMENT})
endfunction()
