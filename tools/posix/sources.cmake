# SPDX-License-Identifier: MIT
# What the library's backend was built of; platform/posix/features.cmake.
set(wait "poll")
if(PIER_POSIX_HAVE_PPOLL)
  set(wait "ppoll")
endif()
set(wake "pipe")
if(PIER_POSIX_HAVE_EVENTFD)
  set(wake "eventfd")
endif()
set(cloexec "no")
if(PIER_POSIX_HAVE_SOCK_FLAGS AND PIER_POSIX_HAVE_ACCEPT4)
  set(cloexec "yes")
endif()

# Waits that do not depend on a clock that can be set; macOS lacks it.
if(NOT PIER_POSIX_MINIMAL)
  include(CheckSymbolExists)
  find_package(Threads REQUIRED)
  set(CMAKE_REQUIRED_LIBRARIES Threads::Threads)
  check_symbol_exists(pthread_condattr_setclock pthread.h
    PIER_TOOLS_HAVE_CONDATTR_SETCLOCK)
  unset(CMAKE_REQUIRED_LIBRARIES)
  if(PIER_TOOLS_HAVE_CONDATTR_SETCLOCK)
    set_source_files_properties(posix/thread.c PROPERTIES COMPILE_DEFINITIONS
      HAVE_CONDATTR_SETCLOCK)
  endif()
endif()

# Files beyond 2 GiB and dates beyond 2038, in 32-bit programs, too.
target_compile_definitions(pier_program PRIVATE
  _FILE_OFFSET_BITS=64 _TIME_BITS=64)

set_source_files_properties(posix/mechanism.c PROPERTIES COMPILE_DEFINITIONS
  "MECHANISM_WAIT=\"${wait}\";MECHANISM_WAKE=\"${wake}\";MECHANISM_CLOEXEC=\"${cloexec}\"")
