# SPDX-License-Identifier: MIT
target_sources(pier_platform PRIVATE
  posix/accept.c
  posix/address.c
  posix/clock.c
  posix/connect.c
  posix/data.c
  posix/error.c
  posix/lookup.c
  posix/option.c
  posix/socket.c
  posix/startup.c
  posix/thread.c
  posix/wait.c
  posix/wake.c)
