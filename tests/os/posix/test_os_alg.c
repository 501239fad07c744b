/* SPDX-License-Identifier: MIT */
/* The bytes of control data that the kernel's crypto is given, through the
 * public function. */
#include "messages.h"

#include <pier/socket.h>
#include <string.h>

/* The kernel's numbers, which not every libc comes with. */
enum {
    LEVEL = 279,
    SET_IV = 2,
    SET_OP = 3,
    SET_ASSOCLEN = 4,
    DECRYPT = 0,
    ENCRYPT = 1
};

static struct pier_buffer piece = { "plain text", 10 };
static unsigned char expected[SCRIPT_BYTES_KEPT];
static size_t expected_length;

/* As the kernel's own headers would have it. */
static void expect_item(int type, const void *data, size_t length)
{
    struct cmsghdr header;

    memset(&header, 0, sizeof header);
    header.cmsg_len = (socklen_t)CMSG_LEN(length);
    header.cmsg_level = LEVEL;
    header.cmsg_type = type;
    memcpy(expected + expected_length, &header, sizeof header);
    memcpy(expected + expected_length + CMSG_LEN(0), data, length);
    expected_length += CMSG_SPACE(length);
}

static void expect_number(int type, uint32_t number)
{
    expect_item(type, &number, sizeof number);
}

static void expect_vector(const char *bytes, uint32_t length)
{
    unsigned char data[sizeof(length) + 32];

    memcpy(data, &length, sizeof length);
    memcpy(data + sizeof(length), bytes, length);
    expect_item(SET_IV, data, sizeof(length) + length);
}

static void check_sent(void)
{
    const struct script_call *call = script_call("sendmsg", 0);

    CHECK_INT(call->arguments[0], SOME_FD);
    CHECK_INT(call->arguments[CONTROL_LENGTH], expected_length);
    CHECK(memcmp(call->kept, expected, expected_length) == 0);
    CHECK_INT(call->arguments[IOV_COUNT], 1);
    CHECK_INT(call->arguments[NAME_LENGTH], 0);
    CHECK_INT(CALLS(sendmsg), 1);
}

static int begin(void **state)
{
    memset(expected, 0, sizeof expected);
    expected_length = 0;
    return script_begin(state);
}

static struct pier_socket *open_operation(void)
{
    struct pier_socket *s;

    if (!PIER_HAVE_ALG_SET_OP)
        skip_because("the headers lack the commands of AF_ALG");
    ALWAYS(fcntl, .result = O_RDWR | O_NONBLOCK);
    ALWAYS(ioctl, .result = 0);
    ALWAYS(close, .result = 0);
    ALWAYS(getsockopt, .result = 0);
    ALWAYS(getsockname, .result = 0);
    CHECK_OK(pier_adopt(&s, SOME_FD, PIER_AF_ALG, PIER_SOCK_SEQPACKET, 0));
    return s;
}

static void send_command(int op, const char *iv, size_t iv_length,
                         int64_t assoclen, int flags)
{
    struct pier_socket *s = open_operation();

    NEXT(sendmsg, .result = 10);
    CHECK_INT(
        pier_send_afalg(s, &piece, 1, op, iv, iv_length, assoclen, flags), 10);
    check_sent();
    pier_free(s);
}

static void an_operation_alone_is_one_item(void **state)
{
    (void)state;
    expect_number(SET_OP, DECRYPT);
    send_command(PIER_ALG_OP_DECRYPT, NULL, 0, -1, 0);
}

static void a_vector_has_its_own_length_before_it(void **state)
{
    (void)state;
    expect_number(SET_OP, ENCRYPT);
    expect_vector("0123456789abcdef", 16);
    send_command(PIER_ALG_OP_ENCRYPT, "0123456789abcdef", 16, -1, 0);
}

/* Its length is that of what it has, without the padding. */
static void a_vector_of_twelve_bytes_ends_before_its_padding(void **state)
{
    (void)state;
    expect_number(SET_OP, ENCRYPT);
    expect_vector("0123456789ab", 12);
    expect_number(SET_ASSOCLEN, 20);
    send_command(PIER_ALG_OP_ENCRYPT, "0123456789ab", 12, 20, MSG_MORE);
    CHECK(flags_of("sendmsg") & MSG_MORE);
}

static void an_empty_vector_and_a_length_of_0_are_told(void **state)
{
    (void)state;
    expect_number(SET_OP, ENCRYPT);
    expect_vector("", 0);
    expect_number(SET_ASSOCLEN, 0);
    send_command(PIER_ALG_OP_ENCRYPT, "", 0, 0, 0);
}

static void the_longest_length_is_told(void **state)
{
    (void)state;
    expect_number(SET_OP, ENCRYPT);
    expect_number(SET_ASSOCLEN, UINT32_MAX);
    send_command(PIER_ALG_OP_ENCRYPT, NULL, 0, UINT32_MAX, 0);
}

static void a_vector_longer_than_any_is_refused(void **state)
{
    static const char much[513];
    struct pier_socket *s = open_operation();

    (void)state;
    NEXT(sendmsg, .result = 10);
    CHECK_INT(pier_send_afalg(s, &piece, 1, 1, much, 512, -1, 0), 10);
    CHECK_INT(script_call("sendmsg", 0)->arguments[CONTROL_LENGTH],
              CMSG_SPACE(4) + CMSG_SPACE(4 + 512));
    CHECK_ERR(pier_send_afalg(s, &piece, 1, 1, much, 513, -1, 0), PIER_EINVAL);
    CHECK_ERR(pier_send_afalg(s, &piece, 1, 1, much, SIZE_MAX, -1, 0),
              PIER_EINVAL);
    CHECK_INT(CALLS(sendmsg), 1);
    pier_free(s);
}

static void what_the_kernel_says_is_told(void **state)
{
    struct pier_socket *s = open_operation();

    (void)state;
    NEXT(sendmsg, .result = -1, .error = ENOKEY);
    CHECK_ERR(pier_send_afalg(s, &piece, 1, 1, NULL, 0, -1, 0), PIER_ENOKEY);
    pier_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_operation_alone_is_one_item, begin,
                                        script_end),
        cmocka_unit_test_setup_teardown(a_vector_has_its_own_length_before_it,
                                        begin, script_end),
        cmocka_unit_test_setup_teardown(
            a_vector_of_twelve_bytes_ends_before_its_padding, begin,
            script_end),
        cmocka_unit_test_setup_teardown(
            an_empty_vector_and_a_length_of_0_are_told, begin, script_end),
        cmocka_unit_test_setup_teardown(the_longest_length_is_told, begin,
                                        script_end),
        cmocka_unit_test_setup_teardown(a_vector_longer_than_any_is_refused,
                                        begin, script_end),
        cmocka_unit_test_setup_teardown(what_the_kernel_says_is_told, begin,
                                        script_end),
    };

    return cmocka_run_group_tests_name("os.alg", tests, script_start, NULL);
}
