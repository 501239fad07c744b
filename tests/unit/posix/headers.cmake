# SPDX-License-Identifier: MIT
# What a kernel has and libc leaves to it: musl comes without on Debian.
include(CheckIncludeFile)
check_include_file(linux/netlink.h PIER_HAVE_KERNEL_HEADERS)
set(headers_definitions _GNU_SOURCE=1)
if(PIER_HAVE_KERNEL_HEADERS)
  list(APPEND headers_definitions HAVE_KERNEL_HEADERS=1)
endif()
