/* SPDX-License-Identifier: MIT */
#include "script.h"

#include <stdio.h>
#include <string.h>

enum {
    PLANS_MAX = 64,
    LOG_MAX = 256,
};

struct plan {
    const char *name;
    struct script_answer answer;
    bool once;
    bool done;
};

static struct plan plans[PLANS_MAX];
static size_t plan_count;
static struct script_call calls[LOG_MAX];
static size_t call_count;
static bool is_running;

/* ----------------------------------------------------------- the plan --- */

void script_plan(const char *name, const struct script_answer *answer,
                 bool once)
{
    CHECK(plan_count < PLANS_MAX);
    plans[plan_count++] = (struct plan){ name, *answer, once, false };
}

static bool fits(const struct plan *plan, const struct script_call *call)
{
    if (plan->done || strcmp(plan->name, call->name) != 0)
        return false;
    for (size_t i = 0; i < SCRIPT_CONDITIONS; i++) {
        size_t argument = plan->answer.when[i].argument;

        if (argument &&
            call->arguments[argument - 1] != plan->answer.when[i].value)
            return false;
    }
    return true;
}

static struct plan *find(const struct script_call *call, bool once)
{
    for (size_t i = 0; i < plan_count; i++) {
        if (plans[i].once == once && fits(&plans[i], call))
            return &plans[i];
    }
    return NULL;
}

/* ------------------------------------------------------------ the log --- */

static void keep(const struct script_call *call)
{
    struct script_call *copy;
    size_t length = call->in_length;

    /* script_end() finds that the log was too short. */
    if (call_count++ >= LOG_MAX)
        return;
    copy = &calls[call_count - 1];
    *copy = *call;
    if (length > SCRIPT_BYTES_KEPT)
        length = SCRIPT_BYTES_KEPT;
    if (call->in)
        memcpy(copy->kept, call->in, length);
}

size_t script_count(const char *name)
{
    size_t count = 0;

    for (size_t i = 0; i < call_count; i++)
        count += strcmp(calls[i].name, name) == 0;
    return count;
}

size_t script_count_with(const char *name, size_t argument, intptr_t value)
{
    size_t count = 0;

    for (size_t i = 0; i < call_count; i++) {
        if (strcmp(calls[i].name, name) == 0 &&
            calls[i].arguments[argument - 1] == value)
            count++;
    }
    return count;
}

const struct script_call *script_call(const char *name, size_t index)
{
    for (size_t i = 0; i < call_count; i++) {
        if (strcmp(calls[i].name, name) == 0 && index-- == 0)
            return &calls[i];
    }
    print_error("there are not so many calls of %s\n", name);
    fail();
    return NULL;
}

void script_check_calls(const char *names, const char *file, int line)
{
    char seen[2048] = "";
    size_t length = 0;

    for (size_t i = 0; i < call_count && length < sizeof seen; i++) {
        length += (size_t)snprintf(seen + length, sizeof seen - length, "%s%s",
                                   i ? " " : "", calls[i].name);
    }
    if (strcmp(seen, names) == 0)
        return;
    print_error("calls: %s\nwanted: %s\n", seen, names);
    _fail(file, line);
}

/* --------------------------------------------------------- the doors --- */

static void answer(struct script_call *call, const struct script_answer *given)
{
    size_t length = given->length;

    call->result = given->result;
    call->error = given->error;
    if (length > call->room)
        length = call->room;
    if (given->bytes && call->out)
        memcpy(call->out, given->bytes, length);
    if (call->used)
        *call->used = (int)given->length;
    if (given->act)
        given->act(call);
    if (call->error)
        script_set_error(call->error);
}

bool script_expects(const char *name)
{
    for (size_t i = 0; is_running && i < plan_count; i++) {
        if (!plans[i].done && strcmp(plans[i].name, name) == 0)
            return true;
    }
    return false;
}

bool script_take(struct script_call *call)
{
    struct plan *plan;

    if (!is_running)
        return false;
    keep(call);
    plan = find(call, true);
    if (!plan)
        plan = find(call, false);
    if (!plan)
        return false;
    plan->done = plan->once;
    answer(call, &plan->answer);
    return true;
}

/* ----------------------------------------------------------- the test --- */

int script_begin(void **state)
{
    (void)state;
    memset(plans, 0, sizeof plans);
    memset(calls, 0, sizeof calls);
    plan_count = 0;
    call_count = 0;
    is_running = true;
    return 0;
}

int script_end(void **state)
{
    bool is_used_up = true;

    (void)state;
    is_running = false;
    for (size_t i = 0; i < plan_count; i++) {
        if (!plans[i].once || plans[i].done)
            continue;
        print_error("was never called so: %s\n", plans[i].name);
        is_used_up = false;
    }
    CHECK(is_used_up);
    CHECK(call_count <= LOG_MAX);
    return 0;
}

int script_start(void **state)
{
    (void)state;
    return pierp_start() == PIER_OK ? 0 : -1;
}

struct pier_address script_loopback(int family, uint16_t port)
{
    struct pierp_endpoint e = { .family = family, .port = port };
    struct pier_address a;

    if (family == PIER_AF_INET)
        e.ip[0] = 127;
    e.ip[family == PIER_AF_INET ? 3 : 15] = 1;
    CHECK_OK(pierp_address_pack(&a, &e));
    return a;
}

struct pier_address script_inet(const unsigned char ip[4], uint16_t port)
{
    struct pierp_endpoint e = { .family = PIER_AF_INET, .port = port };
    struct pier_address a;

    memcpy(e.ip, ip, 4);
    CHECK_OK(pierp_address_pack(&a, &e));
    return a;
}

bool script_is_same(const struct pier_address *a, const struct pier_address *b)
{
    return a->length == b->length &&
           memcmp(a->storage.bytes, b->storage.bytes, a->length) == 0;
}
