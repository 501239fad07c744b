/* SPDX-License-Identifier: MIT */
/* The detail of the last failure: what calls that succeed leave of it. */
#include "unit.h"

#include <pier/connection.h>
#include <pier/error.h>
#include <pier/resolver.h>

static char buffer[64];

static struct pier_detail noted;

/* Leaves the detail of a failure that the next calls must not touch. */
static void note_failure(void)
{
    struct pier_socket *s = open_connected();

    fake_fail(FAKE_RECV, 1, PIER_ECONNRESET);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_ECONNRESET);
    pier_free(s);
    pier_error_detail(&noted);
    CHECK_INT(noted.native_code, -PIER_ECONNRESET);
}

static void check_still_noted(void)
{
    struct pier_detail detail;

    pier_error_detail(&detail);
    CHECK_INT(detail.code, noted.code);
    CHECK_INT(detail.native_code, noted.native_code);
    assert_string_equal(detail.operation, noted.operation);
    CHECK_INT(detail.address.length, noted.address.length);
}

static void a_lookup_that_succeeds_leaves_the_detail(void **state)
{
    static const char *const hosts[] = { "host.test", "192.0.2.7",
                                         "2001:db8::7" };
    struct pier_address a = fake_inet(7, 0);

    (void)state;
    fake_name_set("host.test", &a, 1, 10 * MS, PIER_OK);
    for (int i = 0; i < 3; i++) {
        struct pier_addrinfo *list;

        note_failure();
        CHECK_OK(pier_getaddrinfo(&list, hosts[i], "80", NULL, NULL));
        pier_freeaddrinfo(list);
        check_still_noted();
    }
}

static void a_connection_to_the_second_address_leaves_the_detail(void **state)
{
    struct pier_address a[2] = { fake_inet(7, 0), fake_inet(8, 0) };
    struct pier_address refusing = fake_inet(7, 80), good = fake_inet(8, 80);
    struct pier_socket *s;

    (void)state;
    fake_name_set("host.test", a, 2, 0, PIER_OK);
    fake_remote_set(&refusing, FAKE_REFUSES, 0);
    fake_remote_set(&good, FAKE_ACCEPTS, 0);
    note_failure();
    CHECK_OK(pier_create_connection(&s, "host.test", "80", NULL));
    check_still_noted();
    pier_free(s);
}

static void a_server_in_place_of_a_stale_one_leaves_the_detail(void **state)
{
    struct pier_server_options options = PIER_SERVER_OPTIONS_INIT;
    struct pier_address path = fake_path("/stale");
    struct pier_socket *s = open_path();

    (void)state;
    CHECK_OK(pier_bind(s, &path));
    pier_free(s);
    options.remove_stale_path = true;
    note_failure();
    fake_clear_calls();
    CHECK_OK(pier_create_server(&s, &path, &options));
    CHECK_INT(fake_calls_of(FAKE_REMOVE_SOCKET_FILE), 1);
    check_still_noted();
    pier_free(s);
}

static void the_end_of_a_stream_has_no_code_of_the_system(void **state)
{
    struct pier_socket *s = open_connected();
    struct pier_detail detail;

    (void)state;
    note_failure();
    fake_feed(pier_fileno(s), "x", 1, 10 * MS);
    fake_feed_eof(pier_fileno(s), 20 * MS);
    CHECK_ERR(pier_recvall(s, buffer, 8, 0, NULL), PIER_EEOF);
    pier_error_detail(&detail);
    CHECK_INT(detail.code, PIER_EEOF);
    CHECK_INT(detail.native_code, 0);
    pier_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(a_lookup_that_succeeds_leaves_the_detail),
        ON_FAKE(a_connection_to_the_second_address_leaves_the_detail),
        ON_FAKE(a_server_in_place_of_a_stale_one_leaves_the_detail),
        ON_FAKE(the_end_of_a_stream_has_no_code_of_the_system),
    };

    return cmocka_run_group_tests_name("detail", tests, NULL, NULL);
}
