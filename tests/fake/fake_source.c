/* SPDX-License-Identifier: MIT */
/* What is sent: files, and pipes, which are streams that somebody feeds. */
#include "inside.h"

#include <stdlib.h>

#define FIRST_FILE ((pier_file)INT32_MAX)
#define MOVED_MAX  (1 << 16) /* by one call of the system */

struct source {
    struct source *next;
    pier_file value;
    int64_t length;
    int64_t position;
};

static struct source *sources;
static pier_file next_file = FIRST_FILE;
static bool sends_none;
static bool waits_for_none;

pier_file fake_open_file(int64_t length)
{
    struct source *source = sim_new(sizeof(*source));

    source->value = --next_file;
    source->length = length;
    source->next = sources;
    sources = source;
    return source->value;
}

unsigned char fake_byte_at(int64_t offset)
{
    return (unsigned char)(offset * 31 + offset / 251);
}

static struct source *find(pier_file file)
{
    struct source *source = sources;

    while (source && source->value != file)
        source = source->next;
    return source;
}

/* A file that a test names must be there. */
static struct source *known(pier_file file)
{
    static struct source nothing;
    struct source *source = find(file);

    if (source)
        return source;
    sim_misuse("the test names file %lld, which is not open", (long long)file);
    return &nothing;
}

void fake_resize_file(pier_file file, int64_t length)
{
    known(file)->length = length;
}

int64_t fake_position(pier_file file)
{
    return known(file)->position;
}

void fake_set_position(pier_file file, int64_t position)
{
    known(file)->position = position;
}

pier_file fake_open_pipe(void)
{
    return fake_connected();
}

void fake_cannot_send_files(bool on)
{
    sends_none = on;
}

void fake_cannot_wait_for_pipes(bool on)
{
    waits_for_none = on;
}

/* Gives what of length bytes at offset is there. */
static size_t copy(const struct source *source, unsigned char *buffer,
                   size_t length, int64_t offset)
{
    size_t n = 0;

    while (n < length && offset < source->length)
        buffer[n++] = fake_byte_at(offset++);
    return n;
}

/* Which call has been begun already. */
static ptrdiff_t send_some(struct sim_socket *s, const struct source *source,
                           int64_t offset, size_t length)
{
    unsigned char bytes[MOVED_MAX];
    size_t n;

    if (!s->nonblocking)
        sim_misuse("a file is sent to a handle that blocks");
    n = copy(source, bytes, length < MOVED_MAX ? length : MOVED_MAX, offset);
    return n ? sim_send(s, bytes, n, NULL, NULL) : 0;
}

ptrdiff_t pierp_sendfile(pier_handle h, pier_file file, int64_t offset,
                         size_t length)
{
    const struct source *source = find(file);
    struct sim_socket *s;
    pier_err err = sim_enter_socket(FAKE_SENDFILE, h, &s);

    if (err)
        return err;
    if (offset < 0 || length == 0)
        sim_misuse("a file is sent from nowhere");
    if (!source || sends_none)
        return sim_fail(PIER_ENOTSUP);
    return send_some(s, source, offset, length);
}

int64_t sim_source_end(pier_file file)
{
    const struct source *source = find(file);

    return source ? source->length : -1;
}

static ptrdiff_t read_pipe(pier_file file, void *buffer, size_t length)
{
    struct sim_arrival a = { .from = NULL };
    struct sim_socket *pipe = sim_find(file);
    ptrdiff_t n =
        pipe ? sim_receive(pipe, buffer, length, 0, &a) : sim_fail(PIER_EBADF);

    free(a.control.data);
    return n;
}

ptrdiff_t pierp_file_read(pier_file file, void *buffer, size_t length,
                          int64_t offset)
{
    struct source *source = find(file);
    pier_err err = sim_enter(FAKE_FILE_READ);
    size_t n;

    if (err)
        return err;
    if (offset < 0)
        return read_pipe(file, buffer, length);
    if (!source)
        return sim_fail(PIER_EBADF);
    /* As Windows does; POSIX leaves it. */
    n = copy(source, buffer, length, offset);
    source->position = offset + (int64_t)n;
    return (ptrdiff_t)n;
}

pier_err pierp_file_get_position(pier_file file, int64_t *out)
{
    const struct source *source = find(file);
    pier_err err = sim_enter(FAKE_FILE_GET_POSITION);

    if (err)
        return err;
    if (!source)
        return sim_fail(sim_find(file) ? PIER_ESPIPE : PIER_EBADF);
    *out = source->position;
    return PIER_OK;
}

pier_err pierp_file_set_position(pier_file file, int64_t position)
{
    struct source *source = find(file);
    pier_err err = sim_enter(FAKE_FILE_SET_POSITION);

    if (err)
        return err;
    if (!source)
        return sim_fail(PIER_EBADF);
    source->position = position;
    return PIER_OK;
}

pier_handle pierp_file_waitable(pier_file file)
{
    return waits_for_none ? PIER_INVALID_HANDLE : file;
}

void sim_sources_reset(void)
{
    while (sources) {
        struct source *source = sources;

        sources = source->next;
        free(source);
    }
    sends_none = false;
    waits_for_none = false;
}
