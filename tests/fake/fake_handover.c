/* SPDX-License-Identifier: MIT */
/* Sockets on their way from one process to another, both of which are here;
 * and those that a service manager has left. */
#include "inside.h"

#include <stdlib.h>
#include <string.h>

/* One that has been sent and not received. */
struct journey {
    struct journey *next;
    uint64_t ticket;
    struct sim_socket *socket; /* NULL: something that is no socket */
};

/* What stands for it meanwhile. */
struct stub {
    unsigned char magic[8];
    uint64_t ticket;
};

static const unsigned char magic[8] = "on its w";

static struct journey *journeys;
static uint64_t last_ticket;
static struct pierp_service service;

static struct stub depart(struct sim_socket *s)
{
    struct journey *j = sim_new(sizeof(*j));
    struct stub stub = { .ticket = ++last_ticket };

    memcpy(stub.magic, magic, sizeof(magic));
    j->ticket = stub.ticket;
    j->socket = s;
    j->next = journeys;
    journeys = j;
    if (s)
        s->references++;
    return stub;
}

/* The place of the journey, or of the end of the list. */
static struct journey **find(const void *bytes, size_t length)
{
    struct journey **place = &journeys;
    struct stub stub = { .ticket = 0 };

    if (length == sizeof(stub))
        memcpy(&stub, bytes, length);
    if (memcmp(stub.magic, magic, sizeof(magic)) != 0)
        stub.ticket = 0;
    while (*place && (*place)->ticket != stub.ticket)
        place = &(*place)->next;
    return place;
}

static void finish(struct journey **place)
{
    struct journey *j = *place;

    *place = j->next;
    if (j->socket)
        sim_socket_release(j->socket);
    free(j);
}

static pier_handle arrive(struct journey **place)
{
    pier_handle h = sim_handle_new((*place)->socket);

    if ((*place)->socket)
        (*place)->socket->nonblocking = true;
    finish(place);
    return h;
}

void sim_journeys_reset(void)
{
    while (journeys)
        finish(&journeys);
    memset(&service, 0, sizeof(service));
}

unsigned fake_journeys(void)
{
    unsigned count = 0;

    for (const struct journey *j = journeys; j; j = j->next)
        count++;
    return count;
}

/* ------------------------------------------------------------ as bytes --- */

const bool pierp_has_shares = true;

pier_err pierp_share(void *out, size_t *length, pier_handle h,
                     int64_t process_id)
{
    struct sim_socket *s;
    struct stub stub;
    pier_err err = sim_enter_socket(FAKE_SHARE, h, &s);

    if (err)
        return err;
    if (*length < PIERP_SHARE_MAX)
        sim_misuse("room for %u bytes of a share", (unsigned)*length);
    if (process_id != 0 && process_id != FAKE_PROCESS)
        return sim_fail(PIER_EINVAL);
    stub = depart(s);
    memcpy(out, &stub, sizeof(stub));
    *length = sizeof(stub);
    return PIER_OK;
}

pier_err pierp_fromshare(pier_handle *out, const void *bytes, size_t length)
{
    struct journey **place;
    pier_err err = sim_enter(FAKE_FROMSHARE);

    if (err)
        return err;
    place = find(bytes, length);
    if (!*place)
        return sim_fail(PIER_EINVAL);
    *out = arrive(place);
    return PIER_OK;
}

/* -------------------------------------------------------- beside bytes --- */

const bool pierp_carries_handles = true;

ptrdiff_t pierp_send_handle(pier_handle channel, const void *bytes,
                            size_t length, pier_handle h)
{
    const struct sim_handle *entry = sim_find_handle(h);
    struct sim_socket *s;
    struct sim_bytes control = { .length = 0 };
    struct stub stub;
    ptrdiff_t n;
    pier_err err = sim_enter_socket(FAKE_SEND_HANDLE, channel, &s);

    if (err)
        return err;
    if (!entry) {
        sim_misuse("handle %lld is sent, which is not open", (long long)h);
        return sim_fail(PIER_EBADF);
    }
    stub = depart(entry->socket);
    sim_bytes_add(&control, &stub, sizeof(stub));
    n = sim_send(s, bytes, length, NULL, &control);
    if (n < 0)
        finish(find(&stub, sizeof(stub)));
    free(control.data);
    return n;
}

ptrdiff_t pierp_recv_handle(pier_handle channel, void *buffer, size_t length,
                            pier_handle *out, bool *cut)
{
    struct sim_arrival a = { .from = NULL };
    struct sim_socket *s;
    struct journey **place;
    ptrdiff_t n;
    pier_err err = sim_enter_socket(FAKE_RECV_HANDLE, channel, &s);

    if (err)
        return err;
    n = sim_receive(s, buffer, length, 0, &a);
    if (n >= 0) {
        place = find(a.control.data, a.control.length);
        *out = *place ? arrive(place) : PIER_INVALID_HANDLE;
        *cut = a.cut;
    }
    free(a.control.data);
    return n;
}

/* ------------------------------------------------ of a service manager --- */

void fake_serve(const char *process, const char *count, const char *names)
{
    service.process = process;
    service.count = count;
    service.names = names;
}

pier_err pierp_service(struct pierp_service *out)
{
    pier_err err = sim_enter(FAKE_SERVICE);

    if (err)
        return err;
    *out = service;
    out->own_process = FAKE_PROCESS;
    out->first = FAKE_FIRST_SERVED;
    return PIER_OK;
}

void pierp_service_forget(void)
{
    sim_count(FAKE_SERVICE_FORGET);
    memset(&service, 0, sizeof(service));
}
