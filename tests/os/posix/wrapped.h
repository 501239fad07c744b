/* SPDX-License-Identifier: MIT */
/*
 * The doors to a POSIX system. The linker's --wrap=recv sends each call of
 * recv() to __wrap_recv, and one of __real_recv to the C library.
 */
#ifndef OS_WRAPPED_H
#define OS_WRAPPED_H

#include "script.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

/* No descriptor of the real system. */
#define SOME_FD 7000

#define DOOR(type, function, parameters, passed, ...)                         \
    type real_##function parameters __asm__("__real_" #function);             \
    type wrap_##function parameters __asm__("__wrap_" #function);             \
    type wrap_##function parameters                                           \
    {                                                                         \
        struct script_call call = { .name = #function, __VA_ARGS__ };         \
                                                                              \
        if (script_take(&call))                                               \
            return (type)call.result;                                         \
        return real_##function passed;                                        \
    }

#define TOLD(...) .arguments = { __VA_ARGS__ }
#define V(value)  (intptr_t)(value)

#endif
