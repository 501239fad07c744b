/* SPDX-License-Identifier: MIT */
#include "scene_streams.h"

/* The end of the scene may have come before the stream. */
static pier_err open_stream(struct pier_stream **st, const struct scene *scene,
                            const char *mode, ptrdiff_t buffering)
{
    return pier_makefile(st, scene->s, mode, buffering);
}

/* Nothing was read ahead, and nothing is left to send. */
static long long close_after(struct pier_stream *st, ptrdiff_t result)
{
    pier_err err = pier_stream_close(st);

    return err ? err : result;
}

long long run_stream_read(struct scene *scene)
{
    struct pier_stream *st;
    char bytes[4];
    pier_err err = open_stream(&st, scene, "r", PIER_BUFFER_DEFAULT);

    return err ? err : close_after(st, pier_stream_read(st, bytes, 4));
}

long long run_stream_read1(struct scene *scene)
{
    struct pier_stream *st;
    char bytes[4];
    pier_err err = open_stream(&st, scene, "r", PIER_BUFFER_DEFAULT);

    return err ? err : close_after(st, pier_stream_read1(st, bytes, 4));
}

long long run_stream_peek(struct scene *scene)
{
    struct pier_stream *st;
    char bytes[4];
    pier_err err = open_stream(&st, scene, "r", PIER_BUFFER_DEFAULT);

    return err ? err : close_after(st, pier_stream_peek(st, bytes, 4));
}

long long run_stream_readline(struct scene *scene)
{
    struct pier_stream *st;
    char line[4];
    pier_err err = open_stream(&st, scene, "r", PIER_BUFFER_NONE);

    return err ? err : close_after(st, pier_stream_readline(st, line, 4));
}

long long run_stream_readuntil(struct scene *scene)
{
    struct pier_stream *st;
    char bytes[4];
    pier_err err = open_stream(&st, scene, "r", PIER_BUFFER_LINE);

    return err ? err
               : close_after(st, pier_stream_readuntil(st, bytes, 4, ";", 1));
}

/* Of what fills a stream the last is acknowledged up to 200 ms later: only
 * then there may be room again, which a call that need not wait first finds.
 * So each is called until it ends with something else. */
static const char block[4096];

long long run_stream_write(struct scene *scene)
{
    struct pier_stream *st;
    pier_err err = open_stream(&st, scene, "w", PIER_BUFFER_NONE);
    ptrdiff_t n;

    if (err)
        return err;
    do {
        n = pier_stream_write(st, block, sizeof(block));
    } while (n > 0);
    return close_after(st, n);
}

long long run_stream_printf(struct scene *scene)
{
    struct pier_stream *st;
    pier_err err = open_stream(&st, scene, "w", PIER_BUFFER_NONE);
    ptrdiff_t n;

    if (err)
        return err;
    do {
        n = pier_stream_printf(st, "%4096d", 1234);
    } while (n > 0);
    return close_after(st, n);
}

/* What the flush could not send is tried once more by the close, which ends as
 * the flush did. */
long long run_stream_flush(struct scene *scene)
{
    struct pier_stream *st;
    pier_err err = open_stream(&st, scene, "w", PIER_BUFFER_DEFAULT);
    ptrdiff_t n;

    if (err)
        return err;
    do {
        n = pier_stream_write(st, block, sizeof(block));
        if (n > 0)
            n = pier_stream_flush(st);
    } while (n == PIER_OK);
    return close_after(st, n);
}

long long run_stream_close(struct scene *scene)
{
    pier_err err;

    do {
        struct pier_stream *st;
        ptrdiff_t n;

        err = open_stream(&st, scene, "w", PIER_BUFFER_DEFAULT);
        if (err)
            return err;
        n = pier_stream_write(st, block, sizeof(block));
        err = pier_stream_close(st);
        if (n < 0)
            return n;
    } while (!err);
    return err;
}
