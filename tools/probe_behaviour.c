/* SPDX-License-Identifier: MIT */
#include "probe.h"

#include <pier/cancel.h>
#include <pier/connection.h>
#include <pier/constants.h>
#include <pier/socket.h>

#include "facts.h"
#include "partner.h"

#define WAITS    9
#define PATIENCE PIER_SECONDS(30) /* for one call; nothing comes near it */

static pier_err open_pair(struct pier_socket *out[2], int type)
{
    pier_err error = pier_socketpair(out, PIER_AF_INET, type, 0);

    for (size_t i = 0; i < 2 && !error; i++)
        error = pier_settimeout(out[i], PATIENCE);
    return error;
}

static void free_pair(struct pier_socket *pair[2])
{
    pier_free(pair[0]);
    pier_free(pair[1]);
}

/* Says that it waits by one byte, and waits. */
static void wait_for_nothing(struct partner *partner)
{
    char byte = 0;
    ptrdiff_t n = pier_send(partner->s, &byte, 1, 0);

    if (n == 1)
        n = pier_recv(partner->s, &byte, 1, 0);
    partner->error = n < 0 ? (pier_err)n : PIER_OK;
}

/* How a receive in another thread ends by what end() does. */
static pier_err end_receive(void (*end)(struct pier_socket *s,
                                        struct pier_cancel *token),
                            struct pier_cancel *token, pier_err expected)
{
    struct pier_socket *pair[2];
    struct partner partner;
    char byte;
    pier_err error = open_pair(pair, PIER_SOCK_STREAM);

    if (error)
        return error;
    partner = (struct partner){ .s = pair[1], .run = wait_for_nothing };
    error = pier_set_cancel(pair[1], token);
    if (!error && !partner_start(&partner))
        error = PIER_EAGAIN;
    if (!error) {
        (void)!pier_recv(pair[0], &byte, 1, 0);
        end(pair[1], token);
        partner_join(&partner);
        error = partner.error == expected ? PIER_OK : partner.error;
    }
    free_pair(pair);
    return error;
}

static void by_closing(struct pier_socket *s, struct pier_cancel *token)
{
    (void)token;
    (void)pier_close(s);
}

static void by_token(struct pier_socket *s, struct pier_cancel *token)
{
    (void)s;
    pier_cancel_fire(token);
}

static void probe_endings(void)
{
    struct pier_cancel *token = NULL;
    pier_err error = pier_cancel_new(&token);

    facts_works("closing ends a receive",
                end_receive(by_closing, NULL, PIER_EBADF));
    if (!error)
        error = end_receive(by_token, token, PIER_ECANCELED);
    facts_works("a token ends a receive", error);
    pier_cancel_free(token);
}

/* A connected datagram socket learns that nobody is at the other end. */
static pier_err refuse_datagram(void)
{
    struct pier_socket *pair[2];
    char byte = 0;
    ptrdiff_t n;
    pier_err error = open_pair(pair, PIER_SOCK_DGRAM);

    if (error)
        return error;
    error = pier_close(pair[1]);
    if (!error)
        error = pier_settimeout(pair[0], PIER_MILLISECONDS(200));
    n = pier_send(pair[0], &byte, 1, 0);
    if (n >= 0)
        n = pier_recv(pair[0], &byte, 1, 0);
    free_pair(pair);
    if (n == PIER_ECONNREFUSED || n == PIER_ECONNRESET)
        return error;
    return n < 0 ? (pier_err)n : PIER_ENOTSUP;
}

static pier_err share_port(void)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address address;
    struct pier_socket *s = NULL;
    pier_err error = pier_address_inet(&address, "127.0.0.1", 0);

    options.reuse_port = true;
    if (!error)
        error = pier_create_server(&s, &address, &options);
    pier_free(s);
    return error;
}

/* How much later than asked for a wait of 1 ms ends, in the middle case. */
static pier_err measure_wait(double *late_us)
{
    double late[WAITS];
    struct pier_socket *pair[2];
    char byte;
    pier_err error = open_pair(pair, PIER_SOCK_STREAM);

    if (!error)
        error = pier_settimeout(pair[0], PIER_MILLISECONDS(1));
    for (size_t i = 0; i < WAITS && !error; i++) {
        int64_t start = pier_monotonic();
        ptrdiff_t n = pier_recv(pair[0], &byte, 1, 0);
        double value = (double)(pier_monotonic() - start - 1000000) / 1e3;
        size_t place = i;

        if (n != PIER_EDEADLINE)
            error = n < 0 ? (pier_err)n : PIER_EPROTO;
        for (; place > 0 && late[place - 1] > value; place--)
            late[place] = late[place - 1];
        late[place] = value;
    }
    free_pair(pair);
    if (!error)
        *late_us = late[WAITS / 2];
    return error;
}

void probe_behaviour(void)
{
    double late_us = 0;

    facts_group("behaviour");
    probe_endings();
    facts_works("a refused datagram is told", refuse_datagram());
    facts_works("several servers share a port", share_port());
    if (!measure_wait(&late_us))
        facts_real("a wait of 1 ms ends late by", late_us, "us");
}
