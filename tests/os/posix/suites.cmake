# SPDX-License-Identifier: MIT
# --wrap is an option of GNU's and LLVM's linkers.
if(NOT CMAKE_SYSTEM_NAME STREQUAL "Linux")
  return()
endif()

add_library(pier_os_posix OBJECT
  script.c posix/messages.c posix/wrapped_libc.c)
target_include_directories(pier_os_posix PUBLIC
  ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/posix
  ${PROJECT_SOURCE_DIR}/platform)
target_compile_definitions(pier_os_posix PRIVATE _GNU_SOURCE)
target_link_libraries(pier_os_posix
  PRIVATE pier_test_support pier_cmocka pier_options)

set(wrapped
  accept accept4 bind clock_gettime close connect dup eventfd fcntl freeaddrinfo getaddrinfo
  getpeername getsockname getsockopt ioctl listen pipe pipe2 poll ppoll recv recvfrom
  recvmmsg recvmsg send sendmmsg sendmsg sendto setsockopt shutdown socket
  socketpair)
list(TRANSFORM wrapped PREPEND "LINKER:--wrap=")
# What glibc calls fcntl() where files may be large.
list(APPEND wrapped LINKER:--defsym=fcntl64=__wrap_fcntl)

# The same backend as other systems would build it: old has none of the newer
# calls, mac has the options of Apple's and bsd those of FreeBSD, with their
# numbers.
get_target_property(sources pier_platform SOURCES)
list(FILTER sources EXCLUDE REGEX
  "wake_|sendfile_|message_items_|host_lookup|lookup_host|interface_")
list(APPEND sources
  posix/wake_pipe.c common/host_lookup.c posix/interface_ioctl.c)
list(TRANSFORM sources PREPEND ${PROJECT_SOURCE_DIR}/platform/)
foreach(variant IN ITEMS old mac bsd darwin freebsd)
  add_library(pier_platform_${variant} OBJECT ${sources})
  target_include_directories(pier_platform_${variant} PRIVATE
    $<TARGET_PROPERTY:pier_platform,INCLUDE_DIRECTORIES>)
  target_compile_definitions(pier_platform_${variant} PRIVATE
    _GNU_SOURCE POSIX_LENGTH_MAX=INT_MAX)
  target_link_libraries(pier_platform_${variant} PRIVATE pier_options)
endforeach()
target_sources(pier_platform_mac PRIVATE
  ${PROJECT_SOURCE_DIR}/platform/posix/message_items_darwin.c)
target_sources(pier_platform_bsd PRIVATE
  ${PROJECT_SOURCE_DIR}/platform/posix/message_items_freebsd.c)
target_compile_definitions(pier_platform_bsd PRIVATE
  HAVE_IP_RECVDSTADDR IP_RECVDSTADDR=7 IP_RECVIF=20
  HAVE_LOCAL_CREDS_PERSISTENT LOCAL_CREDS_PERSISTENT=3)
target_sources(pier_platform_old PRIVATE
  ${PROJECT_SOURCE_DIR}/platform/posix/message_items_none.c)
foreach(variant IN ITEMS old mac bsd)
  target_sources(pier_platform_${variant} PRIVATE
    ${PROJECT_SOURCE_DIR}/platform/posix/sendfile_none.c)
endforeach()
# These call a sendfile() of another system, which only their tests have.
foreach(variant IN ITEMS darwin freebsd)
  set(source ${PROJECT_SOURCE_DIR}/platform/posix/sendfile_${variant}.c)
  target_sources(pier_platform_${variant} PRIVATE ${source}
    ${PROJECT_SOURCE_DIR}/platform/posix/message_items_none.c)
  set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS
    "-include;${CMAKE_CURRENT_SOURCE_DIR}/posix/${variant}_sendfile.h")
endforeach()
target_compile_definitions(pier_platform_old PRIVATE POSIX_MASK_SIGPIPE)
target_compile_definitions(pier_platform_mac PRIVATE
  HAVE_SO_NOSIGPIPE SO_NOSIGPIPE=0x1022 HAVE_F_DUPFD_CLOEXEC
  SO_LINGER_SEC=0x1080
  HAVE_IP_DONTFRAG IP_DONTFRAG=28 HAVE_TCP_FASTOPEN HAVE_SO_TIMESTAMP)

function(pier_add_os_test name backend)
  pier_add_test(test_os_${name} LABEL os SOURCES posix/test_os_${name}.c
    OBJECTS ${backend} pier_os_posix)
  target_compile_definitions(test_os_${name} PRIVATE _GNU_SOURCE)
  target_link_options(test_os_${name} PRIVATE ${wrapped})
  target_link_libraries(test_os_${name} PRIVATE ${PIER_SYSTEM_LIBRARIES})
endfunction()

# What the backend does however it was built.
foreach(name IN ITEMS accept connect data handles lookup poll wait)
  pier_add_os_test(${name} pier_platform)
endforeach()
if(NOT PIER_POSIX_MINIMAL)
  pier_add_os_test(linux pier_platform)
  pier_add_os_test(emulator pier_platform)
  pier_add_os_test(net_error pier_platform)
  pier_add_os_test(names pier_platform)
  target_compile_definitions(test_os_names PRIVATE
    $<TARGET_PROPERTY:pier_platform,COMPILE_DEFINITIONS>)
  set(wrapped_names
    freeifaddrs gethostbyaddr_r gethostbyname2_r gethostname getifaddrs
    getprotobyname_r getservbyname_r getservbyport_r if_freenameindex
    if_nameindex if_nametoindex sethostname)
  list(TRANSFORM wrapped_names PREPEND "LINKER:--wrap=")
  target_link_options(test_os_names PRIVATE ${wrapped_names})
endif()
pier_add_os_test(old pier_platform_old)
# Control data is made by core.
pier_add_os_test(message "pier_core;pier_platform")
pier_add_os_test(message_old pier_platform_old)
if(NOT PIER_POSIX_MINIMAL)
  pier_add_os_test(message_linux pier_platform)
endif()
pier_add_os_test(alg "pier_core;pier_platform")
pier_add_os_test(mac pier_platform_mac)
pier_add_os_test(mac_items pier_platform_mac)
pier_add_os_test(bsd pier_platform_bsd)

# How a file is read that has no position.
pier_add_os_test(file pier_platform_old)
target_link_options(test_os_file PRIVATE LINKER:--wrap=read)
if(PIER_POSIX_HAVE_RWF_NOWAIT AND NOT PIER_POSIX_MINIMAL)
  pier_add_os_test(file_linux pier_platform)
  target_link_options(test_os_file_linux PRIVATE
    LINKER:--wrap=read,--wrap=preadv2,--defsym=preadv64v2=__wrap_preadv2)
endif()

# How a file is sent, of the systems that have a signature of their own.
pier_add_os_test(sendfile_none pier_platform_old)
pier_add_os_test(sendfile_darwin pier_platform_darwin)
pier_add_os_test(sendfile_freebsd pier_platform_freebsd)
if(NOT PIER_POSIX_MINIMAL)
  pier_add_os_test(sendfile_linux pier_platform)
  target_link_options(test_os_sendfile_linux PRIVATE
    LINKER:--wrap=sendfile,--defsym=sendfile64=__wrap_sendfile)
endif()

# The addresses of systems that are not here: their tables, and nothing else
# of the backend.
foreach(system IN ITEMS darwin freebsd)
  pier_add_test(test_os_families_${system} LABEL os
    SOURCES posix/test_os_families_${system}.c posix/bsd_sockaddr.c
      ${PROJECT_SOURCE_DIR}/platform/posix/families_${system}.c
      ${PROJECT_SOURCE_DIR}/platform/common/families.c)
  target_include_directories(test_os_families_${system} PRIVATE
    $<TARGET_PROPERTY:pier_platform,INCLUDE_DIRECTORIES>)
  target_compile_definitions(test_os_families_${system} PRIVATE
    $<TARGET_PROPERTY:pier_platform,COMPILE_DEFINITIONS>)
endforeach()

# That of systems without any at least compiles.
add_library(os_families_none OBJECT
  ${PROJECT_SOURCE_DIR}/platform/posix/families_none.c)
target_include_directories(os_families_none PRIVATE
  $<TARGET_PROPERTY:pier_platform,INCLUDE_DIRECTORIES>)
target_link_libraries(os_families_none PRIVATE pier_options)
