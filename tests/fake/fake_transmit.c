/* SPDX-License-Identifier: MIT */
/* Files that the system sends by itself: each takes the time the test says,
 * and all of it arrives at its end. The event is a stream that is readable
 * from then on. */
#include "inside.h"

#include <stdlib.h>

#define PIECE (1 << 16)

struct request {
    pier_file file;
    int64_t offset;
    size_t length;
};

static bool is_known;
static int64_t duration;
static unsigned broken_off;

void fake_transmits(int64_t each)
{
    is_known = true;
    duration = each;
}

unsigned fake_broken_off(void)
{
    return broken_off;
}

void sim_transmissions_reset(void)
{
    is_known = false;
    broken_off = 0;
}

static void release(struct pierp_transmission *t)
{
    sim_handle_close(t->event);
    free(t->request);
    t->event = PIER_INVALID_HANDLE;
    t->request = NULL;
}

static bool begin(pier_file file, int64_t offset, size_t length,
                  struct pierp_transmission *t)
{
    int64_t end = sim_source_end(file);
    struct request *request;

    if (!is_known || end <= offset)
        return false;
    if (end - offset < (int64_t)length)
        length = (size_t)(end - offset);
    request = sim_new(sizeof(*request));
    *request = (struct request){ file, offset, length };
    t->request = request;
    t->event = fake_connected();
    if (duration >= 0)
        fake_feed(t->event, "x", 1, duration);
    return true;
}

static pier_err arrive(struct sim_socket *s, const struct request *request)
{
    unsigned char bytes[PIECE];
    size_t done = 0;

    while (done < request->length) {
        size_t length = request->length - done;
        ptrdiff_t n;

        if (length > PIECE)
            length = PIECE;
        for (size_t i = 0; i < length; i++)
            bytes[i] = fake_byte_at(request->offset + (int64_t)(done + i));
        n = sim_send(s, bytes, length, NULL, NULL);
        if (n < 0)
            return (pier_err)n;
        done += (size_t)n;
    }
    return PIER_OK;
}

ptrdiff_t pierp_transmit(pier_handle h, pier_file file, int64_t offset,
                         size_t length, struct pierp_transmission *t)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_TRANSMIT, h, &s);
    ptrdiff_t n;

    if (err)
        return err;
    if (offset < 0 || length == 0)
        sim_misuse("a file is transmitted from nowhere");
    if (t->event == PIER_INVALID_HANDLE && !begin(file, offset, length, t))
        return sim_fail(PIER_ENOTSUP);
    sim_events_run();
    if (!sim_ready(sim_find(t->event), PIERP_EVENT))
        return sim_fail(PIER_EAGAIN);
    err = arrive(s, t->request);
    n = (ptrdiff_t)((struct request *)t->request)->length;
    release(t);
    return err ? err : n;
}

void pierp_transmit_end(pier_handle h, struct pierp_transmission *t)
{
    sim_count(FAKE_TRANSMIT_END);
    if (t->event == PIER_INVALID_HANDLE)
        return;
    if (!sim_find(h))
        sim_misuse("a transmission is ended after its handle");
    broken_off++;
    release(t);
}
