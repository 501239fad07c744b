# SPDX-License-Identifier: MIT
add_library(pier_sanitizers INTERFACE)
if(PIER_SANITIZE)
  target_compile_options(pier_sanitizers INTERFACE
    -fsanitize=${PIER_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  target_link_options(pier_sanitizers INTERFACE -fsanitize=${PIER_SANITIZE})
endif()
