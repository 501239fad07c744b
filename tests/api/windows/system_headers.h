/* SPDX-License-Identifier: MIT */
/* What a program that also calls Winsock 2 itself includes. */
#include <winsock2.h>

#include <ws2tcpip.h>

#include <iphlpapi.h>
#include <mswsock.h>
#include <windows.h>
