/* SPDX-License-Identifier: MIT */
/*
 * pier beside the raw calls, on TCP over loopback: how long a byte takes to go
 * and come back, and how fast a stream flows. The two take turns, so that
 * what else the machine does meets both; each figure is a median.
 */
#include "measure.h"

#include <pthread.h>
#include <sys/socket.h>

enum {
    ROUNDS = 15,
    PINGS = 4000,
    PIECE = 65536,
    PIECES = 4000
};

struct line {
    struct pier_socket *ends[2];
    int fds[2]; /* blocking copies for the raw calls */
    int raw;
};

static struct pier_socket *open_server(struct pier_address *where)
{
    struct pier_socket *server;

    require(!pier_address_inet(where, "127.0.0.1", 0) &&
                !pier_create_server(&server, where, NULL) &&
                !pier_getsockname(server, where),
            "server");
    return server;
}

/* A handle that blocks belongs to the raw calls alone. */
static void open_line(struct line *line, int raw)
{
    struct pier_address where;
    struct pier_socket *server = open_server(&where);

    line->raw = raw;
    require(!pier_open(&line->ends[0], PIER_AF_INET, PIER_SOCK_STREAM, 0) &&
                !pier_connect(line->ends[0], &where) &&
                !pier_accept(&line->ends[1], server, NULL),
            "line");
    pier_free(server);
    for (int i = 0; i < 2; i++) {
        int on = 1;

        require(!pier_setsockopt(line->ends[i], PIER_IPPROTO_TCP,
                                 PIER_TCP_NODELAY, &on, sizeof(on)),
                "no delay");
        if (raw)
            line->fds[i] = (int)pier_detach(line->ends[i]);
    }
}

static void close_line(struct line *line)
{
    for (int i = 0; i < 2; i++) {
        if (line->raw) {
            require(!pier_adopt(&line->ends[i], line->fds[i], -1, -1, -1),
                    "adopt");
        } else {
            line->fds[i] = -1;
        }
        pier_free(line->ends[i]);
    }
}

static ptrdiff_t move_in(struct line *line, int end, void *buffer, size_t size)
{
    return line->raw ? recv(line->fds[end], buffer, size, 0)
                     : pier_recv(line->ends[end], buffer, size, 0);
}

static ptrdiff_t move_out(struct line *line, int end, const void *buffer,
                          size_t size)
{
    return line->raw ? send(line->fds[end], buffer, size, MSG_NOSIGNAL)
                     : pier_send(line->ends[end], buffer, size, 0);
}

static void *echo(void *argument)
{
    struct line *line = argument;
    char byte;

    for (int i = 0; i < PINGS; i++) {
        require(move_in(line, 1, &byte, 1) == 1 &&
                    move_out(line, 1, &byte, 1) == 1,
                "echo");
    }
    return NULL;
}

static void ping(struct line *line)
{
    char byte = 'x';

    for (int i = 0; i < PINGS; i++) {
        require(move_out(line, 0, &byte, 1) == 1 &&
                    move_in(line, 0, &byte, 1) == 1,
                "ping");
    }
}

static void *drain(void *argument)
{
    static _Thread_local char buffer[PIECE];
    struct line *line = argument;
    int64_t left = (int64_t)PIECE * PIECES;

    while (left > 0) {
        ptrdiff_t n = move_in(line, 1, buffer, sizeof(buffer));

        require(n > 0, "drain");
        left -= n;
    }
    return NULL;
}

static void pour(struct line *line)
{
    static char buffer[PIECE];
    int64_t left = (int64_t)PIECE * PIECES;

    while (left > 0) {
        ptrdiff_t n =
            move_out(line, 0, buffer, left < PIECE ? (size_t)left : PIECE);

        require(n > 0, "pour");
        left -= n;
    }
}

static int64_t run(int raw, void *(*other)(void *), void (*own)(struct line *))
{
    struct line line;
    pthread_t thread;
    int64_t begin;

    open_line(&line, raw);
    begin = pier_monotonic();
    require(pthread_create(&thread, NULL, other, &line) == 0, "thread");
    own(&line);
    pthread_join(thread, NULL);
    begin = pier_monotonic() - begin;
    close_line(&line);
    return begin;
}

static void compare(const char *name, void *(*other)(void *),
                    void (*own)(struct line *), double scale, const char *unit)
{
    int64_t times[2][ROUNDS];
    double medians[2];

    for (int i = 0; i < ROUNDS; i++) {
        for (int raw = 0; raw < 2; raw++)
            times[raw][i] = run(raw, other, own);
    }
    for (int raw = 0; raw < 2; raw++) {
        qsort(times[raw], ROUNDS, sizeof(times[raw][0]), compare_times);
        medians[raw] = percentile(times[raw], ROUNDS, 50);
    }
    printf("%-10s pier %8.2f  raw %8.2f %s  time ratio %.3f\n", name,
           medians[0] / scale, medians[1] / scale, unit,
           medians[0] / medians[1]);
}

int main(void)
{
    compare("ping-pong", echo, ping, 1e3 * PINGS, "us each");
    compare("stream", drain, pour, 1e6 * PIECE / 1048576.0 * PIECES / 1e3,
            "ms per GiB");
    return 0;
}
