# SPDX-License-Identifier: MIT
# Reads the data of the constants: names and groups, what stands in for a
# constant that the headers leave out, and the texts.

# Groups of the data that are no constants of the system: Python's own.
set(PIER_FOREIGN_GROUPS errno_alias module_flag windows_error_table)
# In the registry alone, as the header's names of these are pier's own codes.
set(PIER_REGISTRY_GROUPS getaddrinfo_error)

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
