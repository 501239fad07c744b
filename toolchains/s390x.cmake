# SPDX-License-Identifier: MIT
# Linux on 64-bit IBM Z, which is big-endian; tests run in qemu-user.
set(PIER_PROCESSOR s390x)
set(PIER_TRIPLE s390x-linux-gnu)
include(${CMAKE_CURRENT_LIST_DIR}/linux-cross.cmake)
set(CMAKE_CROSSCOMPILING_EMULATOR
  /usr/bin/qemu-s390x -L /usr/${PIER_TRIPLE})
