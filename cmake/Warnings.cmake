# SPDX-License-Identifier: MIT
# The warnings of the project. They are errors in its presets, never for users.
add_library(pier_warnings INTERFACE)
if(MSVC)
  target_compile_options(pier_warnings INTERFACE /W4 $<$<BOOL:${PIER_WERROR}>:/WX>)
else()
  target_compile_options(pier_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wundef -Wvla
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>
    $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>
    $<$<BOOL:${PIER_WERROR}>:-Werror>)
  # Members that a designated initializer leaves out are zero and meant to be,
  # and !"a sentence" is a condition that says why it fails. Only clang minds.
  if(CMAKE_C_COMPILER_ID MATCHES "Clang")
    target_compile_options(pier_warnings INTERFACE
      -Wno-missing-field-initializers -Wno-string-conversion)
  endif()
endif()
