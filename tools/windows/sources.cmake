# SPDX-License-Identifier: MIT
target_sources(pier_program PRIVATE windows/console.c)
set_source_files_properties(windows/mechanism.c PROPERTIES
  COMPILE_DEFINITIONS "MECHANISM_WAIT=\"${PIER_WINDOWS_WAIT}\"")
