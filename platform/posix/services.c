/* SPDX-License-Identifier: MIT */
/*
 * Services and protocols. The plain functions answer all threads in one place,
 * so they are called under a lock; some systems have forms for threads.
 */
#include "priv.h"

#include <arpa/inet.h>

/* A service by name, or by port where name is NULL; and where to write what
 * is found. */
struct question {
    const char *name;
    const char *protocol;
    uint16_t port;
    int *number;
    char *buffer;
    size_t capacity;
};

static pier_err take_service(const struct question *q, const struct servent *s)
{
    if (!s)
        return posix_fail_resolver(EAI_SERVICE);
    if (q->name) {
        *q->number = ntohs((uint16_t)s->s_port);
        return PIER_OK;
    }
    if (strlen(s->s_name) >= q->capacity)
        return posix_fail_with(ENOBUFS);
    memcpy(q->buffer, s->s_name, strlen(s->s_name) + 1);
    return PIER_OK;
}

static pier_err take_protocol(int *number, const struct protoent *p)
{
    if (!p)
        return posix_fail_with(ENOENT);
    *number = p->p_proto;
    return PIER_OK;
}

#if defined HAVE_GETSERVBYNAME_R || defined HAVE_GETPROTOBYNAME_R
enum {
    ROOM_FIRST = 1024,
    ROOM_MOST = 1 << 20,
};

/*
 * What makes a result no failure of the system: there is none such, and some
 * say so by a code. ENOENT may as well be the lack of the list.
 */
static bool is_answer(int result)
{
    return result == 0 || result == ENOENT || result == EINVAL ||
           result == ESRCH;
}
#endif

#ifdef HAVE_GETSERVBYNAME_R
static int ask_service(const struct question *q, struct servent *room,
                       char *more, size_t size, struct servent **found)
{
    if (q->name)
        return getservbyname_r(q->name, q->protocol, room, more, size, found);
    return getservbyport_r(htons(q->port), q->protocol, room, more, size,
                           found);
}

/* ERANGE: the room is too small. */
static int try_service(const struct question *q, size_t size, pier_err *err)
{
    char *more = pierp_alloc(size);
    struct servent room;
    struct servent *found = NULL;
    int result = ENOMEM;

    if (more)
        result = ask_service(q, &room, more, size, &found);
    *err = is_answer(result) ? take_service(q, result ? NULL : found)
                             : posix_fail_with(result);
    pierp_free(more);
    return result;
}

static pier_err find_service(const struct question *q)
{
    size_t size = ROOM_FIRST;
    pier_err err;

    while (try_service(q, size, &err) == ERANGE && size < ROOM_MOST)
        size *= 2;
    return err;
}
#else
static pier_err find_service(const struct question *q)
{
    const struct servent *found;
    pier_err err;

    posix_lock_libc();
    found = q->name ? getservbyname(q->name, q->protocol)
                    : getservbyport(htons(q->port), q->protocol);
    err = take_service(q, found);
    posix_unlock_libc();
    return err;
}
#endif

pier_err pierp_getservbyname(int *port, const char *name, const char *protocol)
{
    const struct question q = { .name = name,
                                .protocol = protocol,
                                .number = port };

    return find_service(&q);
}

pier_err pierp_getservbyport(char *buffer, size_t capacity, uint16_t port,
                             const char *protocol)
{
    const struct question q = { .protocol = protocol,
                                .port = port,
                                .buffer = buffer,
                                .capacity = capacity };

    return find_service(&q);
}

#ifdef HAVE_GETPROTOBYNAME_R
static int try_protocol(int *number, const char *name, size_t size,
                        pier_err *err)
{
    char *more = pierp_alloc(size);
    struct protoent room;
    struct protoent *found = NULL;
    int result = ENOMEM;

    if (more)
        result = getprotobyname_r(name, &room, more, size, &found);
    *err = is_answer(result) ? take_protocol(number, result ? NULL : found)
                             : posix_fail_with(result);
    pierp_free(more);
    return result;
}

pier_err pierp_getprotobyname(int *number, const char *name)
{
    size_t size = ROOM_FIRST;
    pier_err err;

    while (try_protocol(number, name, size, &err) == ERANGE &&
           size < ROOM_MOST)
        size *= 2;
    return err;
}
#else
pier_err pierp_getprotobyname(int *number, const char *name)
{
    pier_err err;

    posix_lock_libc();
    err = take_protocol(number, getprotobyname(name));
    posix_unlock_libc();
    return err;
}
#endif
