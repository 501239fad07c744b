/* SPDX-License-Identifier: MIT */
/*
 * pier_sendfile() beside a loop of sendfile(2), on TCP over loopback, of a
 * file that is in memory. The two take turns, so that what else the machine
 * does meets both; each figure is a median. The receiver is the same.
 */
#include "measure.h"

#include <pthread.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    ROUNDS = 15,
    PIECE = 65536,
    FILE_BYTES = 256 << 20,
    SMALL_BYTES = 4096
};

static int file;
static size_t length; /* of what is sent at a time */
static int times;

static void make_file(void)
{
    static char block[1 << 20];
    char path[] = "pier-bench-XXXXXX";

    file = mkstemp(path);
    require(file >= 0 && unlink(path) == 0, "file");
    for (int i = 0; i < FILE_BYTES / (int)sizeof(block); i++) {
        require(write(file, block, sizeof(block)) == (ssize_t)sizeof(block),
                "write");
    }
}

static void open_line(struct pier_socket *ends[2])
{
    struct pier_address where;
    struct pier_socket *server;

    require(!pier_address_inet(&where, "127.0.0.1", 0) &&
                !pier_create_server(&server, &where, NULL) &&
                !pier_getsockname(server, &where) &&
                !pier_open(&ends[0], PIER_AF_INET, PIER_SOCK_STREAM, 0) &&
                !pier_connect(ends[0], &where) &&
                !pier_accept(&ends[1], server, NULL),
            "line");
    pier_free(server);
}

static void *drain(void *argument)
{
    static char buffer[PIECE];
    int64_t left = (int64_t)length * times;

    while (left > 0) {
        ptrdiff_t n = recv(*(int *)argument, buffer, sizeof(buffer), 0);

        require(n > 0, "drain");
        left -= n;
    }
    return NULL;
}

static void send_with_pier(struct pier_socket *s)
{
    int64_t sent;

    for (int i = 0; i < times; i++) {
        require(!pier_sendfile(s, file, 0, (int64_t)length, &sent) &&
                    sent == (int64_t)length,
                "pier_sendfile");
    }
}

static void send_raw(int fd)
{
    for (int i = 0; i < times; i++) {
        off_t at = 0;

        while (at < (off_t)length) {
            require(sendfile(fd, file, &at, length - (size_t)at) > 0,
                    "sendfile");
        }
    }
}

static int64_t run(int raw)
{
    struct pier_socket *ends[2];
    int64_t begin;
    pthread_t thread;
    int fds[2] = { -1, -1 };

    open_line(ends);
    fds[1] = (int)pier_detach(ends[1]);
    if (raw)
        fds[0] = (int)pier_detach(ends[0]);
    begin = pier_monotonic();
    require(pthread_create(&thread, NULL, drain, &fds[1]) == 0, "thread");
    if (raw) {
        send_raw(fds[0]);
    } else {
        send_with_pier(ends[0]);
    }
    pthread_join(thread, NULL);
    begin = pier_monotonic() - begin;
    for (int i = 0; i < 2; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
        pier_free(ends[i]);
    }
    return begin;
}

static void compare(const char *name, size_t bytes, int count, double scale,
                    const char *unit)
{
    int64_t taken[2][ROUNDS];
    double medians[2];

    length = bytes;
    times = count;
    for (int i = 0; i < ROUNDS; i++) {
        for (int raw = 0; raw < 2; raw++)
            taken[raw][i] = run(raw);
    }
    for (int raw = 0; raw < 2; raw++) {
        qsort(taken[raw], ROUNDS, sizeof(taken[raw][0]), compare_times);
        medians[raw] = percentile(taken[raw], ROUNDS, 50);
    }
    printf("%-16s pier %8.2f  raw %8.2f %s  time ratio %.3f\n", name,
           medians[0] / scale, medians[1] / scale, unit,
           medians[0] / medians[1]);
}

int main(void)
{
    make_file();
    compare("a file", FILE_BYTES, 4, 1e6, "ms per GiB");
    compare("4 KiB of a file", SMALL_BYTES, 20000, 1e3 * 20000, "us each");
    return 0;
}
