/* SPDX-License-Identifier: MIT */
#include <winsock2.h>
#include <ws2tcpip.h>

#include <mstcpip.h>
#include <mswsock.h>
#include <ws2bth.h>

#include "headers.h"

#define PROBED(name) { #name, (long long)(name) },
const struct probed probed[] = {
#include "constants_probed.inc"
};
const size_t probed_count = sizeof(probed) / sizeof(probed[0]);
