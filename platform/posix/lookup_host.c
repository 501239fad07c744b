/* SPDX-License-Identifier: MIT */
/* The older look-ups where they have forms for threads: only these tell all
 * aliases. */
#include "common.h"
#include "priv.h"

#include <arpa/inet.h>

enum {
    ROOM_FIRST = 2048,
    ROOM_MOST = 1 << 20,
};

/* A name, or an address of that family. */
struct question {
    const char *name;
    const void *ip;
    socklen_t length;
    int family;
};

/* One attempt; the code of the failure is in *number (h_errno) or returned. */
static int ask(const struct question *q, struct hostent *room, char *more,
               size_t size, struct hostent **found, int *number)
{
    if (q->name) {
        return gethostbyname2_r(q->name, q->family, room, more, size, found,
                                number);
    }
    return gethostbyaddr_r(q->ip, q->length, q->family, room, more, size,
                           found, number);
}

/* Its own h_errno says what went wrong; the global one is another call's. A
 * negative one, NETDB_INTERNAL where it has a name, leaves it to the result.
 */
static pier_err fail(int result, int number)
{
    if (number < 0 && result != 0)
        return posix_fail_with(result);
    return posix_fail_host(number > 0 ? number : NO_RECOVERY);
}

static size_t count_addresses(const struct hostent *found)
{
    size_t count = 0;

    while (found->h_addr_list[count])
        count++;
    return count;
}

static pier_err copy_addresses(struct pier_address *to,
                               const struct hostent *from)
{
    struct pierp_endpoint e = { .family = from->h_addrtype };
    pier_err err = PIER_OK;

    for (size_t i = 0; from->h_addr_list[i] && !err; i++) {
        memcpy(e.ip, from->h_addr_list[i], (size_t)from->h_length);
        err = pierp_address_pack(&to[i], &e);
    }
    return err;
}

static pier_err copy_host(struct pierp_host *out, const struct hostent *from)
{
    size_t count = count_addresses(from);
    struct pier_address *addresses =
        pierp_alloc((count + 1) * sizeof *addresses);
    const struct plat_host made = { from->h_name, from->h_aliases, addresses,
                                    count };
    pier_err err;

    if (!addresses)
        return posix_fail_with(ENOMEM);
    err = copy_addresses(addresses, from);
    if (!err)
        err = plat_host_copy(out, &made);
    pierp_free(addresses);
    return err;
}

/* musl names an address without a name by its own text (Q105). */
static bool is_no_name(const struct question *q, const char *name)
{
    unsigned char ip[16];

    return !q->name && inet_pton(q->family, name, ip) == 1;
}

static pier_err take(struct pierp_host *out, const struct question *q,
                     const struct hostent *found)
{
    if (found->h_addrtype != q->family || is_no_name(q, found->h_name))
        return posix_fail_host(HOST_NOT_FOUND);
    return copy_host(out, found);
}

/* ERANGE: the room is too small. */
static int look_up(struct pierp_host *out, const struct question *q,
                   size_t size, pier_err *err)
{
    char *more = pierp_alloc(size);
    struct hostent room;
    struct hostent *found = NULL;
    int number = 0;
    int result;

    if (!more) {
        *err = posix_fail_with(ENOMEM);
        return 0;
    }
    result = ask(q, &room, more, size, &found, &number);
    *err = found && result == 0 ? take(out, q, found) : fail(result, number);
    pierp_free(more);
    return result;
}

static pier_err look_up_in_any_room(struct pierp_host *out,
                                    const struct question *q)
{
    size_t size = ROOM_FIRST;
    pier_err err;

    while (look_up(out, q, size, &err) == ERANGE && size < ROOM_MOST)
        size *= 2;
    return err;
}

pier_err pierp_gethostbyname(struct pierp_host *out, const char *host)
{
    const struct question q = { .name = host, .family = AF_INET };

    return look_up_in_any_room(out, &q);
}

pier_err pierp_gethostbyaddr(struct pierp_host *out,
                             const struct pier_address *a)
{
    struct pierp_endpoint e = { .family = AF_UNSPEC };
    pier_err err = pierp_address_unpack(&e, a);
    const struct question q = { .ip = e.ip,
                                .length = e.family == AF_INET ? 4 : 16,
                                .family = e.family };

    return err ? err : look_up_in_any_room(out, &q);
}
