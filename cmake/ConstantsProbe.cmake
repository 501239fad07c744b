# SPDX-License-Identifier: MIT
# Asks the target's compiler which constants exist and what they are worth.
# Nothing is run, so that cross-compiling works. Existence cannot be left to
# the preprocessor, since many constants are enumerators: a row that does not
# compile is dropped by its number in the diagnostics, whatever their words.

# In the order of inclusion. One that does not compile here is left out.
set(PIER_PROBE_HEADERS_WINDOWS
  winsock2.h ws2tcpip.h windows.h mswsock.h mstcpip.h ws2ipdef.h bthdef.h
  ws2bth.h hvsocket.h afunix.h af_irda.h netioapi.h)
set(PIER_PROBE_HEADERS_POSIX
  sys/types.h sys/param.h sys/time.h sys/ioctl.h sys/socket.h sys/un.h
  netinet/in.h netinet/in_systm.h netinet/ip.h netinet/tcp.h netinet/udp.h
  netinet/udplite.h netinet/sctp.h arpa/inet.h netdb.h sys/ucred.h
  net/if.h net/if_dl.h net/route.h net/ethernet.h net/if_ether.h
  netinet/if_ether.h netpacket/packet.h
  sys/kern_control.h sys/sys_domain.h
  netipx/ipx.h netax25/ax25.h netatalk/at.h netrom/netrom.h netrose/rose.h
  linux/types.h linux/netlink.h netlink/netlink.h linux/qrtr.h
  linux/vm_sockets.h linux/if_ether.h linux/tipc.h linux/if_alg.h
  linux/can.h linux/can/raw.h linux/can/bcm.h
  linux/can/isotp.h linux/can/j1939.h netcan/can.h linux/rds.h
  linux/netfilter_ipv4.h
  bluetooth/bluetooth.h bluetooth/hci.h bluetooth/l2cap.h
  bluetooth/rfcomm.h bluetooth/sco.h bluetooth/iso.h bluetooth.h
  netbt/hci.h netbt/l2cap.h netbt/rfcomm.h netbt/sco.h)

# Writes the probe without the headers and rows that are dropped already.
# Each has a file name of its own, which the diagnostics then give.
function(pieri_write_probe file headers expressions dropped)
  set(PIER_PROBE_HEADERS "")
  foreach(header IN LISTS headers)
    if(NOT "header-${header}" IN_LIST dropped)
      string(APPEND PIER_PROBE_HEADERS "#if __has_include(<${header}>)\n"
        "#line 1 \"pier-header-${header}\"\n#include <${header}>\n#endif\n")
    endif()
  endforeach()
  set(PIER_PROBE_ROWS "")
  set(row 1000)
  foreach(expression IN LISTS expressions)
    if(NOT "row-${row}" IN_LIST dropped)
      string(REGEX REPLACE "(.)(.)(.)(.)" "\\1, \\2, \\3, \\4" digits ${row})
      string(APPEND PIER_PROBE_ROWS "#line 1 \"pier-row-${row}\"\n"
        "PIER_ROW(${digits}, ${expression});\n")
    endif()
    math(EXPR row "${row} + 1")
  endforeach()
  configure_file(${PROJECT_SOURCE_DIR}/cmake/constants_probe.c.in ${file}
    @ONLY)
endfunction()

# Compiles the probe once; gives the parts the compiler complained of, or the
# object. The flags keep every diagnostic, and the data out of bitcode.
function(pieri_compile_probe kind source object compiles culprits)
  set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
  set(flags -w)
  if(kind STREQUAL "value")
    list(APPEND flags -DPIER_PROBE_VALUES)
  endif()
  if(NOT MSVC)
    list(APPEND flags -fmax-errors=0 -fno-lto -Wno-fatal-errors
      -fno-diagnostics-color)
  endif()
  try_compile(compiled ${PROJECT_BINARY_DIR}/generated/probe
    SOURCES ${source}
    COMPILE_DEFINITIONS ${flags}
    OUTPUT_VARIABLE output
    COPY_FILE ${object}
    C_STANDARD 11 C_EXTENSIONS ON)
  file(WRITE ${source}.log "${output}")
  string(REGEX MATCHALL "pier-(row-[0-9]+|header-[a-z0-9_/.]+)[:(]" found
    "${output}")
  list(TRANSFORM found REPLACE "^pier-(.*)[:(]$" "\\1")
  list(REMOVE_DUPLICATES found)
  set(${compiles} ${compiled} PARENT_SCOPE)
  set(${culprits} "${found}" PARENT_SCOPE)
endfunction()

# Drops the culprits until the probe compiles. Only the first header is
# dropped at a time, since it may have broken those after it.
function(pieri_settle_probe kind headers expressions result)
  set(source ${PROJECT_BINARY_DIR}/generated/constants_probe.c)
  set(object ${PROJECT_BINARY_DIR}/generated/constants_probe.bin)
  set(dropped "${${result}}")
  foreach(attempt RANGE 40)
    pieri_write_probe(${source} "${headers}" "${expressions}" "${dropped}")
    pieri_compile_probe(${kind} ${source} ${object} compiled culprits)
    if(compiled)
      set(${result} "${dropped}" PARENT_SCOPE)
      return()
    endif()
    if(kind STREQUAL "header")
      list(FILTER culprits INCLUDE REGEX "^header-")
      list(SUBLIST culprits 0 1 culprits)
    else()
      list(FILTER culprits INCLUDE REGEX "^row-")
    endif()
    if(NOT culprits)
      break()
    endif()
    list(APPEND dropped ${culprits})
  endforeach()
  message(FATAL_ERROR "The probe of the system's constants does not compile: "
    "see ${source}.log")
endfunction()

# Gives a list with one element an expression: its value, or "absent". The
# headers are settled before the rows, because the diagnostic of a row names
# the header of the macro as well; and the rows before their values, because
# a compiler looks for the name that was meant at each use of an unknown one.
function(pier_probe_constants expressions result)
  if(WIN32)
    set(headers ${PIER_PROBE_HEADERS_WINDOWS})
  else()
    set(headers ${PIER_PROBE_HEADERS_POSIX})
  endif()
  set(gone "")
  pieri_settle_probe(header "${headers}" "" gone)
  pieri_settle_probe(row "${headers}" "${expressions}" gone)
  pieri_settle_probe(value "${headers}" "${expressions}" gone)
  pieri_read_values(${PROJECT_BINARY_DIR}/generated/constants_probe.bin
    "${expressions}" values)
  set(${result} "${values}" PARENT_SCOPE)
endfunction()

# The values are text in the object: PIER=<row>=<sign><20 digits>=.
function(pieri_read_values object expressions result)
  file(STRINGS ${object} lines REGEX "PIER=[0-9]+=[-+][0-9]+=")
  foreach(line IN LISTS lines)
    string(REGEX MATCH "PIER=([0-9]+)=([-+])0*([0-9]+)=" match "${line}")
    string(REPLACE "+" "" sign "${CMAKE_MATCH_2}")
    set(value_${CMAKE_MATCH_1} "${sign}${CMAKE_MATCH_3}")
  endforeach()
  set(values "")
  set(row 1000)
  foreach(expression IN LISTS expressions)
    if(DEFINED value_${row})
      list(APPEND values ${value_${row}})
    else()
      list(APPEND values absent)
    endif()
    math(EXPR row "${row} + 1")
  endforeach()
  set(${result} "${values}" PARENT_SCOPE)
endfunction()
