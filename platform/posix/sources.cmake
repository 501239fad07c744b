# SPDX-License-Identifier: MIT
target_sources(pier_platform PRIVATE
  posix/accept.c
  posix/address.c
  posix/clock.c
  posix/connect.c
  posix/data.c
  posix/data_sigpipe.c
  posix/error.c
  posix/file.c
  posix/hostname.c
  posix/interface.c
  posix/handover.c
  posix/ioctl.c
  posix/keepalive.c
  posix/lookup.c
  posix/message.c
  posix/multicast.c
  posix/option.c
  posix/option_names.c
  posix/poll.c
  posix/sendfile.c
  posix/services.c
  posix/socket.c
  posix/startup.c
  posix/thread.c
  posix/thread_exit.c
  posix/wait.c
  posix/wake.c)
include(${CMAKE_CURRENT_LIST_DIR}/features.cmake)

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
set(PIER_SYSTEM_LIBRARIES ${CMAKE_THREAD_LIBS_INIT} PARENT_SCOPE)
