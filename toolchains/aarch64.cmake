# SPDX-License-Identifier: MIT
# Linux on 64-bit ARM; tests run in qemu-user.
set(PIER_PROCESSOR aarch64)
set(PIER_TRIPLE aarch64-linux-gnu)
include(${CMAKE_CURRENT_LIST_DIR}/linux-cross.cmake)
set(CMAKE_CROSSCOMPILING_EMULATOR
  /usr/bin/qemu-aarch64 -L /usr/${PIER_TRIPLE})
