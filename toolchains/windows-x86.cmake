# SPDX-License-Identifier: MIT
# The tests need a 32-bit Wine: ci/test-windows-x86.sh runs them.
set(CMAKE_SYSTEM_PROCESSOR i686)
include(${CMAKE_CURRENT_LIST_DIR}/windows.cmake)
