/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <pier/error.h>

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "error.h"

/* Every row of the table that has a text. */
static const struct {
    pier_err code;
    const char *code_name;
    const char *text;
} rows[] = {
#define BOTH(code, text, posix, winsock) OWN(code, text)
#define POSIX(code, text, posix)         OWN(code, text)
#define LINUX(code, text, posix)         OWN(code, text)
#define OWN(code, text)                  { code, #code, text },
#include "common/errors.def"
};

#define ROWS (sizeof rows / sizeof *rows)

static void every_code_has_its_own_name_and_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        assert_string_equal(pier_errname(rows[i].code),
                            rows[i].code_name + strlen("PIER_"));
        assert_string_equal(pier_strerror(rows[i].code), rows[i].text);
        CHECK(rows[i].code <= 0);
        for (size_t k = 0; k < i; k++) {
            CHECK(rows[k].code != rows[i].code);
            CHECK(strcmp(rows[k].text, rows[i].text) != 0);
        }
    }
}

static void texts_are_plain_lower_case(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        const char *text = rows[i].text;

        CHECK(text[0] >= 'a' || strncmp(text, "TLS", 3) == 0);
        CHECK(strlen(text) < 64);
        CHECK(text[strlen(text) - 1] != '.');
        CHECK(strchr(text, '\n') == NULL);
    }
}

/* What programs have compiled in: a sample of each range. */
static void numbers_are_those_of_the_contract(void **state)
{
    (void)state;
    CHECK_INT(PIER_EPERM, -1);
    CHECK_INT(PIER_EAGAIN, -11);
    CHECK_INT(PIER_EWOULDBLOCK, -11);
    CHECK_INT(PIER_EDEADLK, -35);
    CHECK_INT(PIER_ENOTSOCK, -88);
    CHECK_INT(PIER_ENOTSUP, -95);
    CHECK_INT(PIER_EOPNOTSUPP, -95);
    CHECK_INT(PIER_ECONNREFUSED, -111);
    CHECK_INT(PIER_ECANCELED, -125);
    CHECK_INT(PIER_EAI_BADFLAGS, -1001);
    CHECK_INT(PIER_EHOST_NOT_FOUND, -1101);
    CHECK_INT(PIER_ETLS_WANT_READ, -2001);
    CHECK_INT(PIER_ETLS_LIBRARY, -2021);
    CHECK_INT(PIER_EDEADLINE, -3001);
    CHECK_INT(PIER_EEOF, -3002);
    CHECK_INT(PIER_ETRUNCATED, -3003);
    CHECK_INT(PIER_EUNKNOWN, -3999);
}

static void what_is_no_code_has_a_name_and_text(void **state)
{
    static const int numbers[] = { 1, 11, -41, -1000, INT_MAX, INT_MIN };

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        assert_string_equal(pier_errname(numbers[i]), "EUNKNOWN");
        assert_string_equal(pier_strerror(numbers[i]), "unknown error");
    }
    assert_string_equal(pier_errname(PIER_OK), "OK");
}

static void timeouts_are_told(void **state)
{
    (void)state;
    CHECK(pier_is_timeout(PIER_EDEADLINE));
    CHECK(pier_is_timeout(PIER_ETIMEDOUT));
    CHECK(!pier_is_timeout(PIER_EAGAIN));
    CHECK(!pier_is_timeout(PIER_OK));
}

static void would_block_is_told(void **state)
{
    (void)state;
    CHECK(pier_would_block(PIER_EAGAIN));
    CHECK(pier_would_block(PIER_EINPROGRESS));
    CHECK(pier_would_block(PIER_EALREADY));
    CHECK(pier_would_block(PIER_ETLS_WANT_WRITE));
    CHECK(!pier_would_block(PIER_EDEADLINE));
    CHECK(!pier_would_block(PIER_OK));
}

static void errors_of_connections_are_told(void **state)
{
    (void)state;
    CHECK(pier_is_connection_error(PIER_ECONNREFUSED));
    CHECK(pier_is_connection_error(PIER_ECONNABORTED));
    CHECK(pier_is_connection_error(PIER_ECONNRESET));
    CHECK(pier_is_connection_error(PIER_EPIPE));
    CHECK(!pier_is_connection_error(PIER_ETIMEDOUT));
    CHECK(!pier_is_connection_error(PIER_OK));
}

static struct pier_address somewhere(void)
{
    struct pier_address a;

    CHECK_OK(pier_address_inet(&a, "192.0.2.1", 80));
    return a;
}

static void a_new_thread_has_no_failure(void **state)
{
    struct pier_detail detail;
    char text[32];

    (void)state;
    memset(&detail, 0xff, sizeof detail);
    pier_error_detail(&detail);
    CHECK_INT(detail.code, PIER_OK);
    CHECK_INT(detail.native_code, 0);
    CHECK(detail.operation == NULL);
    CHECK_INT(detail.address.length, 0);
    CHECK_INT(pier_native_error(), 0);
    CHECK_INT((long long)pier_error_text(text, sizeof text), 7);
    assert_string_equal(text, "success");
}

static void a_failure_is_kept_with_its_operation_and_address(void **state)
{
    struct pier_address a = somewhere();
    struct pier_detail detail;
    char text[64];

    (void)state;
    CHECK_ERR(pieri_fail("connect", PIER_ECONNREFUSED, &a), PIER_ECONNREFUSED);
    pier_error_detail(&detail);
    CHECK_INT(detail.code, PIER_ECONNREFUSED);
    CHECK_INT(detail.native_code, 0);
    assert_string_equal(detail.operation, "connect");
    CHECK(pier_address_equal(&detail.address, &a));
    CHECK_INT((long long)pier_error_text(text, sizeof text), 40);
    assert_string_equal(text, "connect 192.0.2.1:80: connection refused");
    pier_error_detail(NULL);
}

static void the_next_failure_replaces_the_address_too(void **state)
{
    struct pier_address a = somewhere();
    struct pier_detail detail;
    char text[64];

    (void)state;
    (void)pieri_fail("connect", PIER_ECONNREFUSED, &a);
    (void)pieri_fail("recv", PIER_ECONNRESET, NULL);
    pier_error_detail(&detail);
    CHECK_INT(detail.address.length, 0);
    (void)pier_error_text(text, sizeof text);
    assert_string_equal(text, "recv: connection reset by peer");
}

static void
the_native_code_is_kept_only_for_failures_of_the_system(void **state)
{
    pier_handle h;

    (void)state;
    CHECK_ERR(pierp_open(&h, -99, 1, 0), PIER_EAFNOSUPPORT);
    CHECK(pierp_native_error() != 0);
    (void)pieri_os_fail("socket", PIER_EAFNOSUPPORT, NULL);
    CHECK_INT(pier_native_error(), pierp_native_error());
    (void)pieri_fail("recv", PIER_EDEADLINE, NULL);
    CHECK_INT(pier_native_error(), 0);
}

static void an_unknown_error_shows_its_number(void **state)
{
    pier_handle h;
    char text[64];
    char expected[64];

    (void)state;
    CHECK_ERR(pierp_open(&h, -99, 1, 0), PIER_EAFNOSUPPORT);
    (void)pieri_os_fail("socket", PIER_EUNKNOWN, NULL);
    (void)pier_error_text(text, sizeof text);
    (void)snprintf(expected, sizeof expected, "socket: unknown error %d",
                   pierp_native_error());
    assert_string_equal(text, expected);
}

static void a_text_is_cut_at_every_capacity_and_terminated(void **state)
{
    static const char whole[] = "connect 192.0.2.1:80: connection refused";
    struct pier_address a = somewhere();
    size_t capacity;

    (void)state;
    (void)pieri_fail("connect", PIER_ECONNREFUSED, &a);
    CHECK_INT((long long)pier_error_text(NULL, 0), sizeof whole - 1);
    for (capacity = 0; capacity <= sizeof whole; capacity++) {
        char text[sizeof whole + 1];
        size_t kept = capacity < sizeof whole ? capacity : sizeof whole;

        memset(text, '#', sizeof text);
        CHECK_INT((long long)pier_error_text(text, capacity),
                  sizeof whole - 1);
        if (capacity > 0) {
            CHECK(memcmp(text, whole, kept - 1) == 0);
            CHECK(text[kept - 1] == '\0');
        }
        CHECK(text[capacity] == '#');
    }
}

static void an_address_of_an_unknown_family_is_left_out(void **state)
{
    struct pier_address a = { 0 };
    char text[64];

    (void)state;
    memset(a.storage.bytes, 0x7f, 16);
    a.length = 16;
    (void)pieri_fail("bind", PIER_EINVAL, &a);
    (void)pier_error_text(text, sizeof text);
    assert_string_equal(text, "bind: invalid argument");
}

static void a_failing_address_function_is_noted(void **state)
{
    struct pier_address a;
    char text[64];

    (void)state;
    CHECK_ERR(pier_address_parse(&a, "nonsense"), PIER_EINVAL);
    (void)pier_error_text(text, sizeof text);
    assert_string_equal(text, "address_parse: invalid argument");
}

static void without_memory_the_code_still_comes_back(void **state)
{
    struct pier_detail detail;

    (void)state;
    fake_fail_from(1, PIER_ENOMEM);
    CHECK_ERR(pieri_fail("recv", PIER_ECONNRESET, NULL), PIER_ECONNRESET);
    pier_error_detail(&detail);
    CHECK_INT(detail.code, PIER_ENOMEM);
    CHECK(detail.operation == NULL);
    CHECK_INT(pier_native_error(), 0);
}

static void native_codes_are_mapped_by_the_seam(void **state)
{
    (void)state;
    CHECK_INT(pier_error_from_native(0), PIER_OK);
    CHECK_INT(pier_error_from_native(INT_MIN), PIER_EUNKNOWN);
    CHECK_INT(pier_error_to_native(PIER_EINVAL),
              pierp_error_to_native(PIER_EINVAL));
    CHECK_INT(pier_error_to_native(PIER_OK), 0);
    CHECK_INT(pier_error_from_native(-PIER_EINVAL),
              pierp_error_from_native(-PIER_EINVAL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(every_code_has_its_own_name_and_text),
        ON_FAKE(texts_are_plain_lower_case),
        ON_FAKE(numbers_are_those_of_the_contract),
        ON_FAKE(what_is_no_code_has_a_name_and_text),
        ON_FAKE(timeouts_are_told),
        ON_FAKE(would_block_is_told),
        ON_FAKE(errors_of_connections_are_told),
        ON_FAKE(a_new_thread_has_no_failure),
        ON_FAKE(a_failure_is_kept_with_its_operation_and_address),
        ON_FAKE(the_next_failure_replaces_the_address_too),
        ON_FAKE(the_native_code_is_kept_only_for_failures_of_the_system),
        ON_FAKE(an_unknown_error_shows_its_number),
        ON_FAKE(a_text_is_cut_at_every_capacity_and_terminated),
        ON_FAKE(an_address_of_an_unknown_family_is_left_out),
        ON_FAKE(a_failing_address_function_is_noted),
        ON_FAKE(without_memory_the_code_still_comes_back),
        ON_FAKE(native_codes_are_mapped_by_the_seam),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
