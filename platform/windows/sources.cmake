# SPDX-License-Identifier: MIT
target_sources(pier_platform PRIVATE
  windows/accept.c
  windows/address.c
  windows/clock.c
  windows/connect.c
  windows/data.c
  windows/error.c
  windows/lookup.c
  windows/option.c
  windows/socket.c
  windows/startup.c
  windows/thread.c
  windows/wait.c
  windows/wake.c)
set(PIER_SYSTEM_LIBRARIES ws2_32 iphlpapi ntdll advapi32 PARENT_SCOPE)
