/* SPDX-License-Identifier: MIT */
/* A system that moves messages: what it gives, and what it was given. */
#ifndef OS_MESSAGES_H
#define OS_MESSAGES_H

#include "scripted.h"
#include <pier/message.h>
#include <string.h>

#include <mswsock.h>

#ifndef MSG_PARTIAL
#define MSG_PARTIAL 0x8000
#endif

#define NOT_TOLD MAXDWORD

/* What a receive is answered with. */
extern struct coming {
    const char *bytes;
    DWORD count; /* or NOT_TOLD */
    DWORD flags;
    const void *control;
    ULONG control_length;
} coming;

/* What a send had. */
extern struct seen {
    WSABUF buffers[2];
    DWORD count;
    DWORD flags;
    unsigned char control[64];
    ULONG control_length;
    struct pier_address address;
} seen;

/* The room of message_for(). */
extern char front[4];
extern char back[8];
extern union room {
    SIZE_T aligned;
    unsigned char bytes[256];
} room;

/* Makes SOME_SOCKET a socket of that type, and all of the above empty. */
void be_socket(int type, bool connected);

/* A message with two pieces and that much control data. */
struct pier_message message_for(size_t control);

/* An item as Windows packs it; its bytes with the padding. */
ULONG pack_item(unsigned char *at, const void *data, size_t n);

/* For .act of WSARecvMsg(): all there is, or nothing but the bytes, as a
 * system that has no time for the rest; of WSARecvFrom(). */
void system_fill(struct script_call *call);
void system_fill_bytes_only(struct script_call *call);
void system_fill_plain(struct script_call *call);

/* For .act of WSASendMsg() and WSASendTo(), which send 5 bytes. */
void system_take_message(struct script_call *call);
void system_take_plain(struct script_call *call);

#endif
