/* SPDX-License-Identifier: MIT */
/* Names that every machine knows without asking another. */
#include "loopback.h"
#include "thread.h"

#include <string.h>

static struct pierp_query ask(const char *host, const char *service)
{
    struct pierp_query q = { .host = host,
                             .service = service,
                             .family = PIER_AF_UNSPEC,
                             .type = PIER_SOCK_STREAM };

    return q;
}

static void release(struct pierp_answer *answer)
{
    pierp_free(answer->names);
    pierp_free(answer->canonname);
}

static void check_loopback(const struct pierp_name *name, uint16_t port)
{
    struct pier_address a = loopback(name->family, port);

    CHECK_INT(name->type, PIER_SOCK_STREAM);
    CHECK_INT(pierp_address_family(&name->address), name->family);
    CHECK_INT(name->address.length, a.length);
    CHECK(memcmp(name->address.storage.bytes, a.storage.bytes, a.length) == 0);
}

static void a_numeric_host_is_itself(void **state)
{
    static const char *const hosts[] = { "127.0.0.1", "::1" };

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct pierp_query q = ask(hosts[i], "8080");
        struct pierp_answer answer;

        q.flags = PIER_AI_NUMERICHOST;
        CHECK_OK(pierp_getaddrinfo(&answer, &q));
        CHECK_INT(answer.count, 1);
        CHECK_INT(answer.names[0].family, i ? PIER_AF_INET6 : PIER_AF_INET);
        CHECK(answer.canonname == NULL);
        check_loopback(&answer.names[0], 8080);
        release(&answer);
    }
}

static void localhost_is_loopback(void **state)
{
    struct pierp_query q = ask("localhost", "80");
    struct pierp_answer answer;

    (void)state;
    q.family = PIER_AF_INET;
    CHECK_OK(pierp_getaddrinfo(&answer, &q));
    CHECK(answer.count >= 1);
    for (size_t i = 0; i < answer.count; i++)
        check_loopback(&answer.names[i], 80);
    release(&answer);
}

struct asking {
    struct pierp_wake *done;
    struct test_thread *thread;
    pier_err err;
};

static void look_up(void *argument)
{
    struct asking *asking = argument;
    struct pierp_query q = ask("localhost", "80");
    struct pierp_answer answer;

    asking->thread = thread_self();
    asking->err = pierp_getaddrinfo(&answer, &q);
    if (asking->err == PIER_OK)
        release(&answer);
    pierp_wake_signal(asking->done);
}

/* Its stack is small, and look-ups are what it is for. */
static void a_started_thread_can_look_up_names(void **state)
{
    struct asking asking = { NULL, NULL, PIER_EUNKNOWN };
    unsigned got = 0;

    (void)state;
    CHECK_OK(pierp_wake_new(&asking.done));
    CHECK_OK(pierp_thread_start(look_up, &asking));
    CHECK_OK(pierp_wait(PIER_INVALID_HANDLE, 0, &asking.done, 1, 20 * SECONDS,
                        &got));
    CHECK_INT(got, PIERP_WOKEN);
    pierp_wake_drain(asking.done);
    thread_join(asking.thread);
    CHECK_OK(asking.err);
    pierp_wake_free(asking.done);
}

static void no_host_is_loopback_or_the_wildcard_for_a_server(void **state)
{
    struct pierp_query q = ask(NULL, "80");
    struct pierp_answer answer;
    struct pierp_endpoint e;

    (void)state;
    q.family = PIER_AF_INET;
    CHECK_OK(pierp_getaddrinfo(&answer, &q));
    CHECK_INT(answer.count, 1);
    check_loopback(&answer.names[0], 80);
    release(&answer);

    q.flags = PIER_AI_PASSIVE;
    CHECK_OK(pierp_getaddrinfo(&answer, &q));
    CHECK_INT(answer.count, 1);
    CHECK_OK(pierp_address_unpack(&e, &answer.names[0].address));
    CHECK(memcmp(e.ip, "\0\0\0\0", 4) == 0);
    CHECK_INT(e.port, 80);
    release(&answer);
}

static void the_canonical_name_comes_when_asked_for(void **state)
{
    struct pierp_query q = ask("127.0.0.1", NULL);
    struct pierp_answer answer;

    (void)state;
    q.flags = PIER_AI_NUMERICHOST | PIER_AI_CANONNAME;
    CHECK_OK(pierp_getaddrinfo(&answer, &q));
    CHECK(answer.canonname && strcmp(answer.canonname, "127.0.0.1") == 0);
    release(&answer);
}

static void check_refused(const struct pierp_query *q, pier_err expected)
{
    struct pierp_answer answer = { NULL, 99, NULL };

    CHECK_ERR(pierp_getaddrinfo(&answer, q), expected);
    CHECK_INT(answer.count, 99);
    CHECK(pierp_native_error() != 0);
}

static void a_name_where_a_number_is_due_is_not_known(void **state)
{
    struct pierp_query q = ask("localhost", NULL);

    (void)state;
    q.flags = PIER_AI_NUMERICHOST;
    check_refused(&q, PIER_EAI_NONAME);
}

static void neither_host_nor_service_is_no_question(void **state)
{
    struct pierp_query q = ask(NULL, NULL);

    (void)state;
    check_refused(&q, PIER_EAI_NONAME);
}

static void a_family_that_nobody_knows_is_refused(void **state)
{
    struct pierp_query q = ask("127.0.0.1", "80");

    (void)state;
    q.family = 9999;
    check_refused(&q, PIER_EAI_FAMILY);
}

static void a_service_that_nobody_offers_is_refused(void **state)
{
    struct pierp_query q = ask("127.0.0.1", "no-such-service");

    (void)state;
    check_refused(&q, PIER_EAI_SERVICE);
}

enum {
    NUMERIC = PIER_NI_NUMERICHOST | PIER_NI_NUMERICSERV
};

static void an_address_is_written_in_numbers(void **state)
{
    struct pier_address a = loopback(PIER_AF_INET6, 8080);
    char host[64] = "", service[16] = "";

    (void)state;
    CHECK_OK(pierp_getnameinfo(&a, host, sizeof host, service, sizeof service,
                               NUMERIC));
    CHECK(strcmp(host, "::1") == 0);
    CHECK(strcmp(service, "8080") == 0);
}

static void a_part_without_room_is_left_out(void **state)
{
    struct pier_address a = loopback(PIER_AF_INET, 8080);
    char host[64] = "as it was", service[16] = "as it was";

    (void)state;
    CHECK_OK(pierp_getnameinfo(&a, host, 0, service, sizeof service, NUMERIC));
    CHECK(strcmp(host, "as it was") == 0);
    CHECK(strcmp(service, "8080") == 0);
    strcpy(service, "as it was");
    CHECK_OK(pierp_getnameinfo(&a, host, sizeof host, service, 0, NUMERIC));
    CHECK(strcmp(host, "127.0.0.1") == 0);
    CHECK(strcmp(service, "as it was") == 0);
}

static void nothing_is_written_when_a_part_does_not_fit(void **state)
{
    struct pier_address a = loopback(PIER_AF_INET, 8080);
    char host[64] = "as it was", service[16] = "as it was";

    (void)state;
    CHECK_ERR(pierp_getnameinfo(&a, host, sizeof host, service, 4, NUMERIC),
              PIER_EAI_OVERFLOW);
    CHECK_ERR(pierp_getnameinfo(&a, host, 9, service, sizeof service, NUMERIC),
              PIER_EAI_OVERFLOW);
    CHECK(strcmp(host, "as it was") == 0);
    CHECK(strcmp(service, "as it was") == 0);
    CHECK_OK(pierp_getnameinfo(&a, host, 10, service, 5, NUMERIC));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_numeric_host_is_itself),
        cmocka_unit_test(localhost_is_loopback),
        cmocka_unit_test(a_started_thread_can_look_up_names),
        cmocka_unit_test(no_host_is_loopback_or_the_wildcard_for_a_server),
        cmocka_unit_test(the_canonical_name_comes_when_asked_for),
        cmocka_unit_test(a_name_where_a_number_is_due_is_not_known),
        cmocka_unit_test(neither_host_nor_service_is_no_question),
        cmocka_unit_test(a_family_that_nobody_knows_is_refused),
        cmocka_unit_test(a_service_that_nobody_offers_is_refused),
        cmocka_unit_test(an_address_is_written_in_numbers),
        cmocka_unit_test(a_part_without_room_is_left_out),
        cmocka_unit_test(nothing_is_written_when_a_part_does_not_fit),
    };

    return cmocka_run_group_tests(tests, start_seam, NULL);
}
