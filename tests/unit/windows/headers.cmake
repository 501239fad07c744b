# SPDX-License-Identifier: MIT
set(headers_definitions _WIN32_WINNT=0x0A00)
