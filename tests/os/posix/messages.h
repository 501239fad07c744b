/* SPDX-License-Identifier: MIT */
/* What the scripts of messages share. */
#ifndef OS_POSIX_MESSAGES_H
#define OS_POSIX_MESSAGES_H

#include "wrapped.h"

#include <pier/message.h>

/* Which argument of recvmsg() and sendmsg() is what, counted from 0; the last
 * ones are in the header as it was when the call began. */
enum {
    HEADER = 1,
    FLAGS = 2,
    IOV = 3,
    IOV_COUNT = 4,
    NAME_LENGTH = 5,
    CONTROL_LENGTH = 6
};

/* A message with so many buffers. */
struct pier_message room(size_t buffers);

/* Nothing of it has changed. */
void check_untouched(const struct pier_message *m);

/* The flags of the first call of that name. */
intptr_t flags_of(const char *name);

/* The only buffer of the call is empty; for .act. */
void look_at_the_buffer(struct script_call *call);

/* Answers a receive with control data of two items of SCM_RIGHTS, with three
 * numbers from SOME_FD on in each, and another of the same numbers between
 * them. The second is cut to one and a half. */
void bring_descriptors(struct script_call *call);

#endif
