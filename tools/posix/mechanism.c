/* SPDX-License-Identifier: MIT */
#include "system.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/utsname.h>

static const char *describe_system(void)
{
    static char text[256];
    struct utsname name;

    if (uname(&name) < 0)
        return "unknown";
    (void)snprintf(text, sizeof text, "%.80s %.80s %.80s", name.sysname,
                   name.release, name.machine);
    return text;
}

const char *system_mechanism(enum system_part part)
{
    switch (part) {
    case SYSTEM_BACKEND:
        return "posix";
    case SYSTEM_NAME:
        return describe_system();
    case SYSTEM_WAIT:
        return MECHANISM_WAIT;
    case SYSTEM_WAKE:
        return MECHANISM_WAKE;
    case SYSTEM_CLOEXEC:
        break;
    }
    return MECHANISM_CLOEXEC;
}

long long system_open_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur == RLIM_INFINITY)
        return 0;
    return (long long)limit.rlim_cur;
}
