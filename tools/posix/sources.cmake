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

# Files beyond 2 GiB and dates beyond 2038, in 32-bit programs, too.
target_compile_definitions(pier_program PRIVATE
  _FILE_OFFSET_BITS=64 _TIME_BITS=64)

set_source_files_properties(posix/mechanism.c PROPERTIES COMPILE_DEFINITIONS
  "MECHANISM_WAIT=\"${wait}\";MECHANISM_WAKE=\"${wake}\";MECHANISM_CLOEXEC=\"${cloexec}\"")
