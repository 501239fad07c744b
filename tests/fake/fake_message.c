/* SPDX-License-Identifier: MIT */
/* Messages: bytes of several buffers, and control data that goes with them. */
#include "inside.h"

#include <pier/constants.h>
#include <pier/message.h>
#include <stdlib.h>
#include <string.h>

/* More than anything here takes or gives at once. */
#define BYTES_MAX ((size_t)1 << 20)

/* -------------------------------------------------------------- marks --- */

void sim_mark_add(struct sim_socket *s, const struct sim_bytes *control)
{
    struct sim_mark **place = &s->marks;
    struct sim_mark *mark;

    if (!control || !control->length || s->is_remote)
        return;
    mark = sim_new(sizeof(*mark));
    sim_bytes_add(&mark->control, control->data, control->length);
    mark->ahead = s->in.length;
    while (*place)
        place = &(*place)->next;
    *place = mark;
}

void sim_marks_tell(const struct sim_socket *s, struct sim_arrival *a)
{
    const struct sim_mark *mark = s->marks;

    if (mark && mark->ahead == 0)
        sim_bytes_add(&a->control, mark->control.data, mark->control.length);
}

static void drop_mark(struct sim_socket *s)
{
    struct sim_mark *mark = s->marks;

    s->marks = mark->next;
    free(mark->control.data);
    free(mark);
}

void sim_marks_move(struct sim_socket *s, size_t n)
{
    if (s->marks && s->marks->ahead == 0)
        drop_mark(s);
    for (struct sim_mark *mark = s->marks; mark; mark = mark->next)
        mark->ahead -= n;
}

void sim_control_free(struct sim_socket *s)
{
    while (s->marks)
        drop_mark(s);
    free(s->script.data);
    free(s->control_taken.data);
}

/* ------------------------------------------------------------- script --- */

void fake_control(pier_handle h, const void *control, size_t length, int flags)
{
    struct sim_socket *s = sim_known(h);

    s->script.length = 0;
    sim_bytes_add(&s->script, control, length);
    s->script_flags = flags;
}

const unsigned char *fake_control_sent(pier_handle h, size_t *length)
{
    const struct sim_socket *s = sim_known(h);

    *length = s->control_taken.length;
    return s->control_taken.data;
}

void fake_limit_batch(pier_handle h, size_t messages)
{
    sim_known(h)->batch_limit = messages;
}

/* ---------------------------------------------------------- receiving --- */

static size_t bytes_of(const struct pier_message *m)
{
    size_t bytes = 0;

    for (size_t i = 0; i < m->buffer_count; i++)
        bytes += m->buffers[i].length;
    return bytes;
}

static void scatter(const struct pier_message *m, const unsigned char *bytes,
                    size_t length)
{
    for (size_t i = 0; length > 0; i++) {
        const struct pier_buffer *b = &m->buffers[i];
        size_t n = b->length < length ? b->length : length;

        if (n)
            memcpy(b->base, bytes, n);
        bytes += n;
        length -= n;
    }
}

static void give_control(struct pier_message *m, const struct sim_bytes *c)
{
    size_t n = c->length < m->control_length ? c->length : m->control_length;

    if (n)
        memcpy(m->control, c->data, n);
    if (n < c->length)
        m->flags |= PIER_MSG_CTRUNC;
    m->control_length = n;
}

static void tell(struct sim_socket *s, struct pier_message *m,
                 const struct sim_arrival *a)
{
    m->flags = s->script_flags | (a->cut ? PIER_MSG_TRUNC : 0);
    give_control(m, s->script.length ? &s->script : &a->control);
    s->script.length = 0;
    s->script_flags = 0;
}

static ptrdiff_t receive(struct sim_socket *s, struct pier_message *m,
                         int flags)
{
    struct sim_arrival a = { .from = m->address };
    size_t room = bytes_of(m);
    unsigned char *bytes;
    ptrdiff_t n;

    if (m->buffer_count > FAKE_BUFFERS_MAX)
        return sim_fail(PIER_EMSGSIZE);
    if (room > BYTES_MAX)
        room = BYTES_MAX;
    bytes = sim_new(room + 1);
    n = sim_receive(s, bytes, room, flags, &a);
    if (n >= 0) {
        scatter(m, bytes, (size_t)n);
        tell(s, m, &a);
    }
    free(bytes);
    free(a.control.data);
    return n;
}

ptrdiff_t pierp_recvmsg(pier_handle h, struct pier_message *m, int flags)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_RECVMSG, h, &s);

    return err ? err : receive(s, m, flags);
}

/* ------------------------------------------------------------ sending --- */

static unsigned char *gathered(const struct pier_message *m, size_t length)
{
    unsigned char *bytes = sim_new(length + 1);
    size_t done = 0;

    for (size_t i = 0; done < length; i++) {
        const struct pier_buffer *b = &m->buffers[i];
        size_t n = b->length < length - done ? b->length : length - done;

        if (n)
            memcpy(bytes + done, b->base, n);
        done += n;
    }
    return bytes;
}

static ptrdiff_t send_one(struct sim_socket *s, const struct pier_message *m)
{
    const struct sim_bytes control = { m->control, m->control_length, 0 };
    size_t length = bytes_of(m);
    unsigned char *bytes;
    ptrdiff_t n;

    if (m->buffer_count > FAKE_BUFFERS_MAX)
        return sim_fail(PIER_EMSGSIZE);
    if (length > BYTES_MAX)
        length = BYTES_MAX;
    bytes = gathered(m, length);
    n = sim_send(s, bytes, length, m->address, &control);
    if (n >= 0) {
        s->control_taken.length = 0;
        sim_bytes_add(&s->control_taken, control.data, control.length);
    }
    free(bytes);
    return n;
}

ptrdiff_t pierp_sendmsg(pier_handle h, const struct pier_message *m, int flags)
{
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_SENDMSG, h, &s);

    (void)flags;
    return err ? err : send_one(s, m);
}

/* -------------------------------------------------------- several --- */

/* The socket, and how many of count it takes. */
static pier_err enter_batch(enum fake_function function, pier_handle h,
                            struct sim_socket **s, size_t *count)
{
    pier_err err = sim_enter_socket(function, h, s);

    if (err)
        return err;
    if (*count == 0 || *count > PIERP_BATCH_MAX ||
        (*s)->type == PIER_SOCK_STREAM)
        sim_misuse("%s of %u", fake_function_name(function), (unsigned)*count);
    if ((*s)->batch_limit && *count > (*s)->batch_limit)
        *count = (*s)->batch_limit;
    return PIER_OK;
}

ptrdiff_t pierp_recvmmsg(pier_handle h, struct pier_datagram *d, size_t count,
                         int flags)
{
    struct sim_socket *s;
    pier_err err = enter_batch(FAKE_RECVMMSG, h, &s, &count);

    if (err)
        return err;
    for (size_t i = 0; i < count; i++) {
        ptrdiff_t n = receive(s, &d[i].message, flags);

        if (n < 0)
            return i > 0 ? (ptrdiff_t)i : n;
        d[i].result = n;
    }
    return (ptrdiff_t)count;
}

ptrdiff_t pierp_sendmmsg(pier_handle h, struct pier_datagram *d, size_t count,
                         int flags)
{
    struct sim_socket *s;
    pier_err err = enter_batch(FAKE_SENDMMSG, h, &s, &count);

    (void)flags;
    if (err)
        return err;
    for (size_t i = 0; i < count; i++) {
        ptrdiff_t n = send_one(s, &d[i].message);

        if (n < 0)
            return i > 0 ? (ptrdiff_t)i : n;
        d[i].result = n;
    }
    return (ptrdiff_t)count;
}

/* ------------------------------------------------------------ control --- */

/* On every system the same, and like none of them. */
struct header {
    uint32_t level, type;
    uint64_t length;
};

const size_t pierp_control_header = sizeof(struct header);
const size_t pierp_control_alignment = 8;

void pierp_control_write(void *at, const struct pierp_control *item)
{
    const struct header header = { (uint32_t)item->level, (uint32_t)item->type,
                                   item->length };

    memcpy(at, &header, sizeof(header));
}

void pierp_control_read(struct pierp_control *out, const void *at)
{
    struct header header;

    memcpy(&header, at, sizeof(header));
    *out = (struct pierp_control){ (size_t)header.length, (int)header.level,
                                   (int)header.type };
}
