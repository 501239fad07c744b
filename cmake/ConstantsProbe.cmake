# SPDX-License-Identifier: MIT
# Asks the target's compiler which constants exist and what they are worth.
# Nothing is run, so that cross-compiling works. Existence cannot be left to
# the preprocessor, since many constants are enumerators: what the compiler
# complains of is found by the file names in its diagnostics, whatever their
# words. Three or four compilations do for all constants.

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

# Gives one row of a probe. It is a file of its own to the compiler, so that a
# diagnostic names it. The probe of names makes each name that exists an
# error: a macro by a bad array, another by declaring it again. Using unknown
# names instead would cost the compiler's search for what was meant, which
# takes tens of milliseconds a name with the headers of Windows.
function(pieri_probe_row kind row expression result)
  set(text "#line 1 \"pier-row-${row}\"\n")
  if(kind STREQUAL "name")
    string(APPEND text "#ifdef ${expression}\n"
      "extern char pier_macro_${row}[-1];\n#else\n"
      "extern struct pier_absent ${expression};\n#endif\n")
  else()
    string(REGEX REPLACE "(.)(.)(.)(.)" "\\1, \\2, \\3, \\4" digits ${row})
    string(APPEND text "PIER_ROW(${digits}, ${expression});\n")
  endif()
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

# Compiles one probe; gives the parts that the compiler complained of. The
# flags keep every diagnostic, and keep the data out of bitcode.
function(pieri_compile_probe compiles culprits)
  set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
  set(source ${PROJECT_BINARY_DIR}/generated/constants_probe.c)
  set(flags -w)
  if(NOT MSVC)
    list(APPEND flags -fno-lto -Wno-fatal-errors -fno-diagnostics-color)
  endif()
  if(CMAKE_C_COMPILER_ID MATCHES "Clang")
    list(APPEND flags -ferror-limit=0)
  elseif(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    list(APPEND flags -fmax-errors=0)
  endif()
  configure_file(${PROJECT_SOURCE_DIR}/cmake/constants_probe.c.in ${source}
    @ONLY)
  try_compile(compiled ${PROJECT_BINARY_DIR}/generated/probe
    SOURCES ${source}
    COMPILE_DEFINITIONS ${flags}
    OUTPUT_VARIABLE output
    COPY_FILE ${PROJECT_BINARY_DIR}/generated/constants_probe.bin
    C_STANDARD 11 C_EXTENSIONS ON)
  file(WRITE ${source}.log "${output}")
  string(REGEX MATCHALL "pier-(row-[0-9]+|header-[a-z0-9_/.]+)[:(]" found
    "${output}")
  list(TRANSFORM found REPLACE "^pier-(.*)[:(]$" "\\1")
  list(REMOVE_DUPLICATES found)
  set(${compiles} ${compiled} PARENT_SCOPE)
  set(${culprits} "${found}" PARENT_SCOPE)
endfunction()

function(pieri_fail_probe)
  message(FATAL_ERROR "The probe of the system's constants does not compile: "
    "see ${PROJECT_BINARY_DIR}/generated/constants_probe.c.log")
endfunction()

# Gives the text that includes the headers which exist and compile together.
# One header at a time is dropped, since it may have broken those after it.
function(pieri_settle_headers result)
  set(headers ${PIER_PROBE_HEADERS_POSIX})
  if(WIN32)
    set(headers ${PIER_PROBE_HEADERS_WINDOWS})
  endif()
  set(PIER_PROBE_ROWS "")
  foreach(attempt RANGE 40)
    set(PIER_PROBE_HEADERS "")
    foreach(header IN LISTS headers)
      string(APPEND PIER_PROBE_HEADERS "#if __has_include(<${header}>)\n"
        "#line 1 \"pier-header-${header}\"\n#include <${header}>\n#endif\n")
    endforeach()
    pieri_compile_probe(compiled culprits)
    if(compiled)
      set(${result} "${PIER_PROBE_HEADERS}" PARENT_SCOPE)
      return()
    endif()
    list(FILTER culprits INCLUDE REGEX "^header-")
    if(NOT culprits)
      break()
    endif()
    list(GET culprits 0 culprit)
    string(REPLACE "header-" "" culprit ${culprit})
    list(REMOVE_ITEM headers ${culprit})
  endforeach()
  pieri_fail_probe()
endfunction()

# Gives the rows of the names that exist. The last row always fails: if it is
# not heard of, the compiler gave up after the last one that was, and the
# search goes on behind that.
function(pieri_find_names expressions rows result)
  set(found "")
  while(rows)
    set(PIER_PROBE_ROWS "")
    foreach(row IN LISTS rows)
      math(EXPR index "${row} - 1000")
      list(GET expressions ${index} expression)
      pieri_probe_row(name ${row} "${expression}" text)
      string(APPEND PIER_PROBE_ROWS "${text}")
    endforeach()
    string(APPEND PIER_PROBE_ROWS
      "#line 1 \"pier-row-9999\"\nextern char pier_last[-1];\n")
    pieri_compile_probe(compiled culprits)
    list(FILTER culprits INCLUDE REGEX "^row-")
    list(TRANSFORM culprits REPLACE "^row-" "")
    if(NOT culprits)
      pieri_fail_probe()
    endif()
    list(APPEND found ${culprits})
    list(POP_BACK culprits last)
    list(FIND rows "${last}" position)
    list(LENGTH rows length)
    math(EXPR position "${position} + 1")
    if(last EQUAL 9999 OR position EQUAL length)
      break()
    endif()
    list(SUBLIST rows ${position} -1 rows)
  endwhile()
  list(REMOVE_ITEM found 9999)
  set(${result} "${found}" PARENT_SCOPE)
endfunction()

# Gives the rows that are worth probing for a value: those whose name exists
# and those that are not a name.
function(pieri_find_rows expressions result)
  set(names "")
  set(others "")
  set(row 1000)
  foreach(expression IN LISTS expressions)
    if(expression MATCHES "^[A-Za-z_][A-Za-z0-9_]*$")
      list(APPEND names ${row})
    else()
      list(APPEND others ${row})
    endif()
    math(EXPR row "${row} + 1")
  endforeach()
  pieri_find_names("${expressions}" "${names}" found)
  set(${result} ${found} ${others} PARENT_SCOPE)
endfunction()

# Compiles the rows' values into the object, without those that turn out to
# be no integer constants.
function(pieri_settle_rows expressions rows)
  foreach(attempt RANGE 40)
    set(PIER_PROBE_ROWS "")
    foreach(row IN LISTS rows)
      math(EXPR index "${row} - 1000")
      list(GET expressions ${index} expression)
      pieri_probe_row(value ${row} "${expression}" text)
      string(APPEND PIER_PROBE_ROWS "${text}")
    endforeach()
    pieri_compile_probe(compiled culprits)
    if(compiled)
      return()
    endif()
    list(FILTER culprits INCLUDE REGEX "^row-")
    list(TRANSFORM culprits REPLACE "^row-" "")
    if(NOT culprits)
      break()
    endif()
    list(REMOVE_ITEM rows ${culprits})
  endforeach()
  pieri_fail_probe()
endfunction()

# Gives a list with one element an expression: its value, or "absent".
function(pier_probe_constants expressions result)
  pieri_settle_headers(PIER_PROBE_HEADERS)
  pieri_find_rows("${expressions}" rows)
  pieri_settle_rows("${expressions}" "${rows}")
  pieri_read_values("${expressions}" values)
  set(${result} "${values}" PARENT_SCOPE)
endfunction()

# The values are text in the object: PIER=<row>=<sign><20 digits>=.
function(pieri_read_values expressions result)
  file(STRINGS ${PROJECT_BINARY_DIR}/generated/constants_probe.bin lines
    REGEX "PIER=[0-9]+=[-+][0-9]+=")
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
