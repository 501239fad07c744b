# SPDX-License-Identifier: MIT
# Asks what the system has. Nothing is asked with PIER_POSIX_MINIMAL, so that
# every fallback is compiled and can be tested on a system that has it all.
include(CheckCSourceCompiles)
include(CheckSymbolExists)
include(CheckStructHasMember)

# Files of any size and number can be looked at by 32-bit programs, too.
set(PIER_POSIX_DEFINITIONS _GNU_SOURCE _FILE_OFFSET_BITS=64)
# Without it the headers of macOS have the options of an older standard.
if(APPLE)
  list(APPEND PIER_POSIX_DEFINITIONS __APPLE_USE_RFC_3542)
endif()
if(APPLE OR PIER_POSIX_MINIMAL)
  list(APPEND PIER_POSIX_DEFINITIONS POSIX_LENGTH_MAX=INT_MAX)
else()
  list(APPEND PIER_POSIX_DEFINITIONS POSIX_LENGTH_MAX=SIZE_MAX)
endif()

function(pier_posix_feature name symbol)
  if(PIER_POSIX_MINIMAL)
    return()
  endif()
  set(CMAKE_REQUIRED_DEFINITIONS -D_GNU_SOURCE)
  set(CMAKE_REQUIRED_QUIET ON)
  check_symbol_exists(${symbol} "${ARGN}" PIER_POSIX_${name})
  if(PIER_POSIX_${name})
    list(APPEND PIER_POSIX_DEFINITIONS ${name})
    set(PIER_POSIX_DEFINITIONS ${PIER_POSIX_DEFINITIONS} PARENT_SCOPE)
  endif()
endfunction()

pier_posix_feature(HAVE_ACCEPT4 accept4 sys/types.h sys/socket.h)
pier_posix_feature(HAVE_SOCK_FLAGS SOCK_CLOEXEC sys/types.h sys/socket.h)
pier_posix_feature(HAVE_SO_DOMAIN SO_DOMAIN sys/types.h sys/socket.h)
pier_posix_feature(HAVE_SO_PROTOCOL SO_PROTOCOL sys/types.h sys/socket.h)
pier_posix_feature(HAVE_MSG_NOSIGNAL MSG_NOSIGNAL sys/types.h sys/socket.h)
pier_posix_feature(HAVE_MSG_CMSG_CLOEXEC MSG_CMSG_CLOEXEC
  sys/types.h sys/socket.h)
pier_posix_feature(HAVE_RECVMMSG recvmmsg sys/types.h sys/socket.h)
pier_posix_feature(HAVE_F_DUPFD_CLOEXEC F_DUPFD_CLOEXEC fcntl.h)
pier_posix_feature(HAVE_FIONBIO FIONBIO sys/ioctl.h)
pier_posix_feature(HAVE_RWF_NOWAIT RWF_NOWAIT sys/uio.h)
pier_posix_feature(HAVE_PPOLL ppoll signal.h poll.h)
pier_posix_feature(HAVE_POLLRDHUP POLLRDHUP poll.h)
pier_posix_feature(HAVE_MCAST_JOIN_GROUP MCAST_JOIN_SOURCE_GROUP
  sys/types.h sys/socket.h netinet/in.h)
pier_posix_feature(HAVE_IP_MTU_DISCOVER IP_MTU_DISCOVER
  sys/types.h netinet/in.h)
pier_posix_feature(HAVE_IP_DONTFRAG IP_DONTFRAG sys/types.h netinet/in.h)
pier_posix_feature(HAVE_IP_MTU IP_MTU sys/types.h netinet/in.h)
pier_posix_feature(HAVE_IP_RECVERR IP_RECVERR sys/types.h netinet/in.h)
pier_posix_feature(HAVE_TCP_FASTOPEN TCP_FASTOPEN sys/types.h netinet/tcp.h)
pier_posix_feature(HAVE_TCP_FASTOPEN_CONNECT TCP_FASTOPEN_CONNECT
  sys/types.h netinet/tcp.h)
pier_posix_feature(HAVE_PIPE2 pipe2 fcntl.h unistd.h)
pier_posix_feature(HAVE_EVENTFD eventfd sys/eventfd.h)
pier_posix_feature(HAVE_GETRANDOM getrandom sys/random.h)
pier_posix_feature(HAVE_ARC4RANDOM_BUF arc4random_buf stdlib.h)
pier_posix_feature(HAVE_SO_REUSEPORT_LB SO_REUSEPORT_LB
  sys/types.h sys/socket.h)
pier_posix_feature(HAVE_SO_REUSEPORT SO_REUSEPORT sys/types.h sys/socket.h)

pier_posix_feature(HAVE_SETHOSTNAME sethostname unistd.h)

# Functions of one name have other parameters on some systems.
function(pier_posix_call name declarations call)
  if(PIER_POSIX_MINIMAL)
    return()
  endif()
  set(CMAKE_REQUIRED_DEFINITIONS -D_GNU_SOURCE)
  set(CMAKE_REQUIRED_QUIET ON)
  check_c_source_compiles("#include <netdb.h>
    int main(void) { char b[9]; int e = 0; ${declarations};
    return ${call} + e; }" PIER_POSIX_${name})
  if(PIER_POSIX_${name})
    list(APPEND PIER_POSIX_DEFINITIONS ${name})
    set(PIER_POSIX_DEFINITIONS ${PIER_POSIX_DEFINITIONS} PARENT_SCOPE)
  endif()
endfunction()

pier_posix_call(HAVE_GETSERVBYNAME_R "struct servent s, *f"
  "getservbyname_r(b, b, &s, b, 9, &f) + getservbyport_r(9, b, &s, b, 9, &f)")
pier_posix_call(HAVE_GETPROTOBYNAME_R "struct protoent p, *f"
  "getprotobyname_r(b, &p, b, 9, &f)")
pier_posix_call(HAVE_GETHOSTBYADDR_R "struct hostent h, *f"
  "gethostbyaddr_r(b, 4, 2, &h, b, 9, &f, &e)
    + gethostbyname2_r(b, 2, &h, b, 9, &f, &e)")
if("HAVE_GETHOSTBYADDR_R" IN_LIST PIER_POSIX_DEFINITIONS)
  target_sources(pier_platform PRIVATE posix/lookup_host.c)
else()
  target_sources(pier_platform PRIVATE common/host_lookup.c)
endif()

pier_posix_feature(HAVE_GETIFADDRS getifaddrs sys/types.h ifaddrs.h)
if("HAVE_GETIFADDRS" IN_LIST PIER_POSIX_DEFINITIONS)
  target_sources(pier_platform PRIVATE posix/interface_addresses.c)
else()
  target_sources(pier_platform PRIVATE posix/interface_ioctl.c)
endif()

# A flag is better than an option, an option better than a masked signal. The
# headers of macOS have a flag that its older kernels pass over.
if(NOT "HAVE_MSG_NOSIGNAL" IN_LIST PIER_POSIX_DEFINITIONS OR APPLE)
  pier_posix_feature(HAVE_SO_NOSIGPIPE SO_NOSIGPIPE sys/types.h sys/socket.h)
  if(NOT "HAVE_SO_NOSIGPIPE" IN_LIST PIER_POSIX_DEFINITIONS
      AND NOT "HAVE_MSG_NOSIGNAL" IN_LIST PIER_POSIX_DEFINITIONS)
    list(APPEND PIER_POSIX_DEFINITIONS POSIX_MASK_SIGPIPE)
  endif()
endif()

# The option that makes the system balance between the sockets of a port.
if("HAVE_SO_REUSEPORT_LB" IN_LIST PIER_POSIX_DEFINITIONS)
  list(APPEND PIER_POSIX_DEFINITIONS POSIX_REUSE_PORT=SO_REUSEPORT_LB)
elseif("HAVE_SO_REUSEPORT" IN_LIST PIER_POSIX_DEFINITIONS
    AND CMAKE_SYSTEM_NAME MATCHES "Linux|Android|DragonFly")
  list(APPEND PIER_POSIX_DEFINITIONS POSIX_REUSE_PORT=SO_REUSEPORT)
endif()

if("HAVE_EVENTFD" IN_LIST PIER_POSIX_DEFINITIONS)
  target_sources(pier_platform PRIVATE posix/wake_eventfd.c)
else()
  target_sources(pier_platform PRIVATE posix/wake_pipe.c)
endif()

if(NOT PIER_POSIX_MINIMAL)
  check_struct_has_member("struct ip_mreqn" imr_ifindex
    "sys/types.h;sys/socket.h;netinet/in.h" PIER_POSIX_HAVE_IP_MREQN)
  if(PIER_POSIX_HAVE_IP_MREQN)
    list(APPEND PIER_POSIX_DEFINITIONS HAVE_IP_MREQN)
  endif()
endif()

# What a connection tells has another form on every system.
if(CMAKE_SYSTEM_NAME MATCHES "Linux|Android")
  target_sources(pier_platform PRIVATE posix/tcp_info_linux.c)
else()
  target_sources(pier_platform PRIVATE posix/tcp_info_none.c)
endif()

# The queue of errors is Linux's own.
if("HAVE_IP_RECVERR" IN_LIST PIER_POSIX_DEFINITIONS)
  target_sources(pier_platform PRIVATE posix/net_error_linux.c)
else()
  target_sources(pier_platform PRIVATE posix/net_error_none.c)
endif()

# Control data has other items on every system, too; only what can be read is
# asked for.
if(CMAKE_SYSTEM_NAME MATCHES "Linux|Android")
  set(items message_items_linux)
elseif(APPLE)
  set(items message_items_darwin)
elseif(CMAKE_SYSTEM_NAME STREQUAL "FreeBSD")
  set(items message_items_freebsd)
else()
  set(items message_items_none)
endif()
if(NOT items STREQUAL "message_items_none")
  pier_posix_feature(HAVE_IP_PKTINFO IP_PKTINFO sys/types.h netinet/in.h)
  pier_posix_feature(HAVE_IP_RECVDSTADDR IP_RECVDSTADDR
    sys/types.h netinet/in.h)
  pier_posix_feature(HAVE_IP_RECVTTL IP_RECVTTL sys/types.h netinet/in.h)
  pier_posix_feature(HAVE_IP_RECVTOS IP_RECVTOS sys/types.h netinet/in.h)
  pier_posix_feature(HAVE_SO_TIMESTAMPNS SO_TIMESTAMPNS
    sys/types.h sys/socket.h)
  pier_posix_feature(HAVE_SO_PASSCRED SO_PASSCRED sys/types.h sys/socket.h)
  pier_posix_feature(HAVE_LOCAL_CREDS_PERSISTENT LOCAL_CREDS_PERSISTENT
    sys/types.h sys/socket.h sys/un.h)
  list(APPEND PIER_POSIX_DEFINITIONS HAVE_SO_TIMESTAMP)
endif()
target_sources(pier_platform PRIVATE posix/${items}.c)
set(PIER_ITEMS_SOURCE ${CMAKE_CURRENT_LIST_DIR}/${items}.c PARENT_SCOPE)

# How a file is sent has another signature on every system.
if(PIER_POSIX_MINIMAL)
  set(sendfile sendfile_none)
elseif(CMAKE_SYSTEM_NAME MATCHES "Linux|Android")
  set(sendfile sendfile_linux)
elseif(APPLE)
  set(sendfile sendfile_darwin)
elseif(CMAKE_SYSTEM_NAME MATCHES "FreeBSD|DragonFly")
  set(sendfile sendfile_freebsd)
else()
  set(sendfile sendfile_none)
endif()
target_sources(pier_platform PRIVATE posix/${sendfile}.c)

# Further families have other layouts on every system; see common.h.
if(CMAKE_SYSTEM_NAME MATCHES "Linux|Android")
  set(families families_linux)
elseif(APPLE)
  set(families families_darwin)
elseif(CMAKE_SYSTEM_NAME STREQUAL "FreeBSD")
  set(families families_freebsd)
else()
  set(families families_none)
endif()
target_sources(pier_platform PRIVATE posix/${families}.c)
set(PIER_FAMILIES_SOURCE ${CMAKE_CURRENT_LIST_DIR}/${families}.c PARENT_SCOPE)

# BSD begins every sockaddr with its length. It is no choice, so it is asked
# for in every build.
check_struct_has_member("struct sockaddr" sa_len "sys/types.h;sys/socket.h"
  PIER_POSIX_HAVE_SOCKADDR_SA_LEN)
if(PIER_POSIX_HAVE_SOCKADDR_SA_LEN)
  list(APPEND PIER_POSIX_DEFINITIONS HAVE_SOCKADDR_SA_LEN)
endif()

target_compile_definitions(pier_platform PRIVATE ${PIER_POSIX_DEFINITIONS})
