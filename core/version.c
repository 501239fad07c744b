/* SPDX-License-Identifier: MIT */
#include <pier/pier.h>

#define TEXT(x)       #x
#define JOIN(a, b, c) TEXT(a) "." TEXT(b) "." TEXT(c)

const char *pier_version(void)
{
    return JOIN(PIER_VERSION_MAJOR, PIER_VERSION_MINOR, PIER_VERSION_PATCH);
}
