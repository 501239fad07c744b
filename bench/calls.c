/* SPDX-License-Identifier: MIT */
/*
 * Moves one byte a number of times, for instructions.sh to count:
 *
 *   calls OPERATION HOW COUNT
 *
 * OPERATION is recv, send, recvfrom or sendto, HOW is pier or raw. The other
 * half of each move is always the raw call.
 */
#include <pier/pier.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct subject {
    struct pier_socket *from;
    struct pier_socket *to;
    int from_fd;
    int to_fd;
    struct pier_address where;
    const struct sockaddr *name; /* of where */
    socklen_t name_length;
};

static int raw_send(struct subject *s)
{
    return send(s->from_fd, "x", 1, 0) == 1;
}

static int raw_recv(struct subject *s)
{
    char byte;

    return recv(s->to_fd, &byte, 1, 0) == 1;
}

static int raw_sendto(struct subject *s)
{
    return sendto(s->from_fd, "x", 1, 0, s->name, s->name_length) == 1;
}

static int raw_recvfrom(struct subject *s)
{
    struct sockaddr_storage from;
    socklen_t length = sizeof(from);
    char byte;

    return recvfrom(s->to_fd, &byte, 1, 0, (struct sockaddr *)&from,
                    &length) == 1;
}

static int own_send(struct subject *s)
{
    return pier_send(s->from, "x", 1, 0) == 1;
}

static int own_recv(struct subject *s)
{
    char byte;

    return pier_recv(s->to, &byte, 1, 0) == 1;
}

static int own_sendto(struct subject *s)
{
    return pier_sendto(s->from, "x", 1, 0, &s->where) == 1;
}

static int own_recvfrom(struct subject *s)
{
    struct pier_address from;
    char byte;

    return pier_recvfrom(s->to, &byte, 1, 0, &from) == 1;
}

static const struct {
    const char *name;
    int type;
    int (*raw[2])(struct subject *s);
    int (*own[2])(struct subject *s);
} operations[] = {
    { "recv", 1, { raw_send, raw_recv }, { raw_send, own_recv } },
    { "send", 1, { raw_send, raw_recv }, { own_send, raw_recv } },
    { "recvfrom",
      2,
      { raw_sendto, raw_recvfrom },
      { raw_sendto, own_recvfrom } },
    { "sendto",
      2,
      { raw_sendto, raw_recvfrom },
      { own_sendto, raw_recvfrom } },
};

static int open_subject(struct subject *s, int type)
{
    struct pier_socket *ends[2];

    if (pier_socketpair(ends, PIER_AF_INET,
                        type == 1 ? PIER_SOCK_STREAM : PIER_SOCK_DGRAM, 0) ||
        pier_getsockname(ends[1], &s->where))
        return 0;
    s->name = pier_address_sockaddr(&s->where);
    s->name_length = (socklen_t)s->where.length;
    s->from = ends[0];
    s->to = ends[1];
    s->from_fd = (int)pier_fileno(ends[0]);
    s->to_fd = (int)pier_fileno(ends[1]);
    return 1;
}

int main(int argc, char **argv)
{
    struct subject subject;
    size_t which = 0;
    long count = argc == 4 ? strtol(argv[3], NULL, 10) : 0;
    int (*const *calls)(struct subject * s);

    while (argc == 4 && which < 4 &&
           strcmp(operations[which].name, argv[1]) != 0)
        which++;
    if (argc != 4 || which == 4 || count <= 0) {
        (void)fprintf(stderr, "usage: calls OPERATION pier|raw COUNT\n");
        return 2;
    }
    if (!open_subject(&subject, operations[which].type))
        return 1;
    calls = strcmp(argv[2], "raw") != 0 ? operations[which].own
                                        : operations[which].raw;
    for (long i = 0; i < count; i++) {
        if (!calls[0](&subject) || !calls[1](&subject))
            return 1;
    }
    pier_free(subject.from);
    pier_free(subject.to);
    return 0;
}
