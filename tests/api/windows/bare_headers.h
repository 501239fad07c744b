/* SPDX-License-Identifier: MIT */
/* All of windows.h: Winsock 1 and every macro. */
#include <windows.h>
