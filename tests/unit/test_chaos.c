/* SPDX-License-Identifier: MIT */
/*
 * Some threads do anything to the same few sockets while threads change at
 * random and signals come. Every seed is one run that can be had again. What
 * must hold: results are among those that the calls promise, nothing is
 * misused, nothing hangs, nothing is left over.
 */
#include "unit.h"

#include <pier/error.h>
#include <pier/resolver.h>

#define THREADS 4
#define STEPS   12
#define SOCKETS 3

static struct {
    struct pier_socket *sockets[SOCKETS];
    struct pier_cancel *token;
    struct pier_address server;
    pier_err wrong; /* the first result that no call promises */
} shared;

struct actor {
    unsigned seed;
};

static unsigned draw(struct actor *a, unsigned below)
{
    a->seed = a->seed * 1103515245u + 12345u;
    return (a->seed >> 16) % below;
}

static void judge(ptrdiff_t result)
{
    switch (result) {
    case PIER_EAGAIN:
    case PIER_EDEADLINE:
    case PIER_ECANCELED:
    case PIER_EBADF:
    case PIER_EINVAL:
    case PIER_EPIPE:
    case PIER_ENOTCONN:
    case PIER_EISCONN:
    case PIER_EALREADY:
    case PIER_EINPROGRESS:
    case PIER_ECONNREFUSED:
    case PIER_ECONNRESET:
    case PIER_EEOF:
        return;
    default:
        if (result < 0)
            shared.wrong = (pier_err)result;
    }
}

static void do_accept(struct pier_socket *s)
{
    struct pier_socket *accepted;

    judge(pier_accept(&accepted, s, NULL));
    pier_free(accepted);
}

static void do_look_up(struct actor *a)
{
    struct pier_wait wait = PIER_WAIT_INIT;
    struct pier_addrinfo *list;

    wait.timeout = draw(a, 30) * MS;
    wait.cancel = draw(a, 2) ? shared.token : NULL;
    judge(pier_getaddrinfo(&list, draw(a, 2) ? "a.test" : "b.test", "80", NULL,
                           &wait));
    pier_freeaddrinfo(list);
}

static void do_data(struct actor *a, struct pier_socket *s)
{
    char buffer[40];
    size_t length = 1 + draw(a, sizeof(buffer));

    for (size_t i = 0; i < length; i++)
        buffer[i] = 'x';
    switch (draw(a, 4)) {
    case 0:
        judge(pier_recv(s, buffer, length, 0));
        break;
    case 1:
        judge(pier_recvall(s, buffer, length, 0, NULL));
        break;
    case 2:
        judge(pier_send(s, buffer, length, 0));
        break;
    default:
        judge(pier_sendall(s, buffer, length, 0, NULL));
        break;
    }
}

static void do_rare(struct actor *a, struct pier_socket *s)
{
    switch (draw(a, 6)) {
    case 0:
        judge(pier_close(s));
        break;
    case 1:
        judge(pier_close_wait(s, draw(a, 20) * MS));
        break;
    case 2:
        judge(pier_shutdown(s, (int)draw(a, 3)));
        break;
    case 3:
        pier_cancel_fire(shared.token);
        break;
    case 4:
        pier_cancel_reset(shared.token);
        break;
    default:
        judge(pier_set_descriptor_mode(
            s, draw(a, 2) ? PIER_DESCRIPTOR_NONBLOCKING
                          : PIER_DESCRIPTOR_FOLLOWS_TIMEOUT));
        break;
    }
}

static void step(struct actor *a)
{
    struct pier_socket *s = shared.sockets[draw(a, SOCKETS)];

    switch (draw(a, 9)) {
    case 0:
        do_rare(a, s);
        break;
    case 1:
        do_look_up(a);
        break;
    case 2:
        do_accept(s);
        break;
    case 3:
        judge(pier_connect(s, &shared.server));
        break;
    case 4:
        judge(pier_settimeout(s, draw(a, 20) * MS));
        break;
    default:
        do_data(a, s);
        break;
    }
}

static void act(void *argument)
{
    for (int i = 0; i < STEPS; i++)
        step(argument);
}

/* A connection, a server, and a socket that may connect to it. */
static void begin(unsigned seed)
{
    struct pier_address host = fake_inet(7, 0);

    fake_preempt(seed);
    fake_interrupt_every((int64_t)(3 + seed % 5) * MS);
    fake_name_set("a.test", &host, 1, 10 * MS, PIER_OK);
    fake_name_set("b.test", &host, 1, 20 * MS, PIER_OK);
    CHECK_OK(pier_cancel_new(&shared.token));
    shared.sockets[0] = open_connected();
    shared.sockets[1] = open_server(4000, 1);
    shared.sockets[2] = open_tcp();
    shared.server = name_of(shared.sockets[1]);
    shared.wrong = PIER_OK;
    for (int i = 0; i < SOCKETS; i++) {
        CHECK_OK(pier_settimeout(shared.sockets[i], 15 * MS));
        CHECK_OK(pier_set_cancel(shared.sockets[i], shared.token));
    }
    fake_send_room(pier_fileno(shared.sockets[0]), 50);
    fake_drain(pier_fileno(shared.sockets[0]), 7, 2 * MS);
    for (int i = 0; i < 10; i++) {
        fake_feed(pier_fileno(shared.sockets[0]), "0123456789", 10,
                  (int64_t)(3 * i) * MS);
    }
}

static void act_all(unsigned seed)
{
    struct actor actors[THREADS];

    for (unsigned i = 0; i < THREADS; i++) {
        actors[i].seed = seed * THREADS + i;
        fake_thread_start(act, &actors[i]);
    }
    fake_join();
}

static void end(void)
{
    for (int i = 0; i < SOCKETS; i++)
        pier_free(shared.sockets[i]);
    CHECK_INT(fake_handles(), 0);
    pier_cancel_free(shared.token);
}

static void anything_may_happen_in_any_order(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 40; seed++) {
        begin(seed);
        act_all(seed);
        CHECK_OK(shared.wrong);
        end();
        fake_reset();
    }
}

static bool is_of_the_failure(pier_err err)
{
    return err == PIER_ENOBUFS || err == PIER_ENOMEM || err == PIER_EAI_MEMORY;
}

/* The same while calls of the seam fail, each run another one. */
static void anything_may_fail_besides(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 40; seed++) {
        begin(seed);
        fake_fail_call(1 + seed % 150, PIER_ENOBUFS);
        act_all(seed);
        if (!is_of_the_failure(shared.wrong))
            CHECK_INT(shared.wrong, PIER_OK);
        end();
        fake_reset();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(anything_may_happen_in_any_order),
        ON_FAKE(anything_may_fail_besides),
    };

    return cmocka_run_group_tests_name("chaos", tests, NULL, NULL);
}
