# SPDX-License-Identifier: MIT
target_sources(pier_platform PRIVATE
  common/host_lookup.c
  windows/accept.c
  windows/address.c
  windows/wait_afd_device.c
  windows/clock.c
  windows/connect.c
  windows/data.c
  windows/error.c
  windows/families.c
  windows/file.c
  windows/hostname.c
  windows/interface.c
  windows/handover.c
  windows/ioctl.c
  windows/keepalive.c
  windows/lookup.c
  windows/message.c
  windows/message_items.c
  windows/multicast.c
  windows/net_error.c
  windows/option.c
  windows/option_names.c
  windows/poll.c
  windows/poll_afd.c
  windows/poll_wsapoll.c
  windows/sendfile.c
  windows/services.c
  windows/socket.c
  windows/startup.c
  windows/tcp_info.c
  windows/thread.c
  windows/wait.c
  windows/wait_afd.c
  windows/wait_loop.c
  windows/wait_timer.c
  windows/wait_wsapoll.c
  windows/wake.c)

if(NOT PIER_WINDOWS_WAIT MATCHES "^(auto|afd|wsapoll)$")
  message(FATAL_ERROR "PIER_WINDOWS_WAIT is auto, afd or wsapoll")
endif()
set_source_files_properties(windows/wait.c PROPERTIES
  COMPILE_DEFINITIONS WIN_WAIT_DEFAULT=L"${PIER_WINDOWS_WAIT}")

# Only the shared library is ever unloaded before its process.
set(PIER_SHARED_SOURCES ${CMAKE_CURRENT_LIST_DIR}/startup_dll.c PARENT_SCOPE)
set(PIER_SYSTEM_LIBRARIES ws2_32 iphlpapi ntdll advapi32 PARENT_SCOPE)

# The table of the further families, for those who pack addresses alone.
set(PIER_ITEMS_SOURCE
  ${CMAKE_CURRENT_LIST_DIR}/message_items.c PARENT_SCOPE)
set(PIER_FAMILIES_SOURCE ${CMAKE_CURRENT_LIST_DIR}/families.c PARENT_SCOPE)
