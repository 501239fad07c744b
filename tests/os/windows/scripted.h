/* SPDX-License-Identifier: MIT */
/*
 * The doors to Windows. An object that calls recv() calls through the pointer
 * __imp_recv of the import library; a program that defines the pointer itself
 * gets the call. What the script leaves alone goes on to the real function.
 */
#ifndef OS_SCRIPTED_H
#define OS_SCRIPTED_H

#include "script.h"
/* Winsock 2 before windows.h, which would bring in Winsock 1. */
#include <winsock2.h>

#include <ws2tcpip.h>

#include <mstcpip.h>
#include <windows.h>

/* What headers older than the systems lack. */
#ifndef WSA_FLAG_NO_HANDLE_INHERIT
#define WSA_FLAG_NO_HANDLE_INHERIT 0x80
#endif
#ifndef SO_CONNECT_TIME
#define SO_CONNECT_TIME 0x700C
#endif
#ifndef SIO_UDP_CONNRESET
#define SIO_UDP_CONNRESET 0x9800000C
#endif
#ifndef SIO_UDP_NETRESET
#define SIO_UDP_NETRESET 0x9800000F
#endif
#ifndef SIO_TCP_INITIAL_RTO
#define SIO_TCP_INITIAL_RTO 0x98000011
#endif
#ifndef SIO_BASE_HANDLE
#define SIO_BASE_HANDLE 0x48000022
#endif
#ifndef SIO_BSP_HANDLE_POLL
#define SIO_BSP_HANDLE_POLL 0x4800001D
#endif

#define INHERITED HANDLE_FLAG_INHERIT

/* No socket of the real system, and wider than 32 bits (Q04). */
#define SOME_SOCKET ((pier_handle)0x100000ABC)

enum {
    BUILD_OF_WINDOWS_8_1 = 9600,
    BUILD_OF_WINDOWS_10_1803 = 17134,
    BUILD_OF_WINDOWS_10_2004 = 19041,
};

/* For a group's setup: the process asks for the build once, and hears this
 * one. 0, or -1 if it has asked before. */
int script_pretend(unsigned build);

typedef void(WINAPI *door_function)(void);

/* The real function, out of the DLLs that the backend uses. */
door_function door_real(const char *name);

#define DOOR_BODY(type, function, parameters, passed, ...)                    \
    parameters                                                                \
    {                                                                         \
        struct script_call call = { .name = #function, __VA_ARGS__ };         \
                                                                              \
        if (script_take(&call))                                               \
            return (type)call.result;                                         \
        return ((type(WINAPI *) parameters)door_real(#function))passed;       \
    }

/* For a function that its header declares as imported. */
#define DOOR(type, function, parameters, passed, ...)                         \
    static type WINAPI door_##function DOOR_BODY(type, function, parameters,  \
                                                 passed, __VA_ARGS__)         \
        type(WINAPI *import_##function)                                       \
            parameters __asm__("__imp_" #function) = door_##function;

/* For one that it does not: the call goes to the name itself. */
#define PLAIN_DOOR(type, function, parameters, passed, ...)                   \
    type WINAPI door_##function parameters __asm__(#function);                \
    type WINAPI door_##function DOOR_BODY(type, function, parameters, passed, \
                                          __VA_ARGS__)

#define TOLD(...) .arguments = { __VA_ARGS__ }
#define V(value)  (intptr_t)(value)

#endif
