/* SPDX-License-Identifier: MIT */
/*
 * A scripted operating system below a real backend. The calls of the system
 * that the backend makes come here first (<system>/scripted*.c): each is
 * logged, and answered as the script says, or else by the real system.
 *
 * For programs in which one thread makes these calls.
 */
#ifndef OS_SCRIPT_H
#define OS_SCRIPT_H

#include "check.h"

#include <pier/constants.h>
#include <platform.h>

enum {
    SCRIPT_ARGUMENTS = 11,
    SCRIPT_CONDITIONS = 3,
    SCRIPT_BYTES_KEPT = 160,
};

/* A call of the system, and its answer. */
struct script_call {
    const char *name;
    intptr_t arguments[SCRIPT_ARGUMENTS];
    const void *in; /* what the call reads, of in_length bytes */
    size_t in_length;
    void *out; /* where it writes, and the room there */
    size_t room;
    int *used; /* where it says how much it wrote; or NULL */
    unsigned char kept[SCRIPT_BYTES_KEPT]; /* the beginning of in */

    intptr_t result;
    int error; /* errno or the last error; 0 leaves it alone */
};

struct script_answer {
    intptr_t result;
    int error;
    const void *bytes; /* what is written to out, must live till then */
    size_t length;
    /* For the calls only whose arguments, counted from 1, have these values;
     * argument 0 is no condition. */
    struct {
        size_t argument;
        intptr_t value;
    } when[SCRIPT_CONDITIONS];
    /* Runs last; it may look at the call and change its answer. */
    void (*act)(struct script_call *call);
};

#define ARGUMENT(number, value)                                               \
    {                                                                         \
        (number), (intptr_t)(value)                                           \
    }

/*
 * The next call of this function for which the conditions hold is answered
 * so: NEXT(recv, .result = -1, .error = EINTR). Answers are given in the order
 * in which they were planned. The test fails if one is left.
 */
#define NEXT(function, ...)                                                   \
    script_plan(#function, &(struct script_answer){ __VA_ARGS__ }, true)

/* Every call that NEXT() does not answer; the first that fits. */
#define ALWAYS(function, ...)                                                 \
    script_plan(#function, &(struct script_answer){ __VA_ARGS__ }, false)

void script_plan(const char *name, const struct script_answer *answer,
                 bool once);

/* Calls so far, answered by the script or not. */
#define CALLS(function) script_count(#function)

/* Those of them whose argument (from 1) had this value. */
#define CALLS_WITH(function, argument, value)                                 \
    script_count_with(#function, (argument), (intptr_t)(value))

size_t script_count(const char *name);
size_t script_count_with(const char *name, size_t argument, intptr_t value);

/* The call of this name and index (from 0); the test fails if there is none.
 * What its pointers point to may be gone, but not kept. */
const struct script_call *script_call(const char *name, size_t index);

/* The names of all calls so far in their order are these, with a space
 * between two. */
#define CHECK_CALLS(names) script_check_calls((names), __FILE__, __LINE__)

void script_check_calls(const char *names, const char *file, int line);

/* A test with an empty script, which must be used up at its end. */
#define OS_TEST(function)                                                     \
    cmocka_unit_test_setup_teardown((function), script_begin, script_end)

int script_begin(void **state);
int script_end(void **state);

/* Makes sockets usable; the setup of most groups. */
int script_start(void **state);

/* 127.0.0.1 or ::1, or another address of four bytes. */
struct pier_address script_loopback(int family, uint16_t port);
struct pier_address script_inet(const unsigned char ip[4], uint16_t port);

bool script_is_same(const struct pier_address *a,
                    const struct pier_address *b);

/* ------------------------------------ for the doors of the system only --- */

/* Whether the test has an answer left for calls of that name. */
bool script_expects(const char *name);

/* Logs the call; true: it is answered, and its result is in it. */
bool script_take(struct script_call *call);

/* Sets errno or the last error. */
void script_set_error(int error);

#endif
