/* SPDX-License-Identifier: MIT */
/* The ways in which a blocked call is ended, and the running of one such
 * end. */
#ifndef NET_ENDINGS_H
#define NET_ENDINGS_H

#include "blocked.h"

/* How long a call may take that a limit of time ends. */
#define ENDING_LIMIT (20 * MS)

struct ending {
    const char *name;
    bool (*can_end)(const struct blocking_call *call,
                    const struct scene *scene);
    void (*prepare)(struct scene *scene);
    void (*act)(struct scene *scene); /* NULL: it ends by itself */
    pier_err result;
};

enum {
    BY_CLOSE,
    BY_CANCEL,
    BY_TIMEOUT,  /* of the socket, or of the call itself */
    BY_DEADLINE, /* of the socket */
    ENDING_COUNT
};

extern const struct ending endings[ENDING_COUNT];

/* Every call that waits, those of scenes.h and of lookups.h; NULL: no more. */
const struct blocking_call *call_that_waits(size_t index);

/*
 * Has the call blocked and then ended so. meanwhile(), if there is any, runs
 * while the call is blocked without a limit. Checks the result, and that it
 * came neither early nor late. Gives the time from what ended the call to its
 * end; -1: it cannot be ended so.
 */
int64_t end_call(const struct blocking_call *call, const struct ending *ending,
                 void (*meanwhile)(void));

/* What a test that did not come to its end leaves is freed by this teardown.
 */
int free_ended(void **state);

#endif
