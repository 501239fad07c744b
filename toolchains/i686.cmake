# SPDX-License-Identifier: MIT
# Linux on 32-bit x86, which a 64-bit kernel runs as it is. The programs name
# the loader and the libraries of the cross compiler, since the system of the
# test has none of its own.
set(PIER_PROCESSOR i686)
set(PIER_TRIPLE i686-linux-gnu)
include(${CMAKE_CURRENT_LIST_DIR}/linux-cross.cmake)
set(libraries /usr/${PIER_TRIPLE}/lib)
set(CMAKE_EXE_LINKER_FLAGS_INIT
  "-Wl,--dynamic-linker=${libraries}/ld-linux.so.2 -Wl,-rpath,${libraries}")
