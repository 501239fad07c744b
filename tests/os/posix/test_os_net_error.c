/* SPDX-License-Identifier: MIT */
/* The queue of errors of Linux, entry by entry, and entries that are not what
 * they should be. */
#include "wrapped.h"

#include <pier/option.h>
#include <string.h>

/* What the kernel's headers call struct sock_extended_err. */
struct entry {
    uint32_t number;
    uint8_t origin, type, code, pad;
    uint32_t info, data;
};

/* The next answer: an item of control data, and whose datagram it was. */
static struct {
    int level, type;
    unsigned char data[64];
    size_t length;
    struct sockaddr_in destination;
} coming;

static void fill(struct script_call *call)
{
    struct msghdr *m = (struct msghdr *)call->arguments[1];
    struct cmsghdr *item = CMSG_FIRSTHDR(m);

    memcpy(m->msg_name, &coming.destination, sizeof coming.destination);
    m->msg_namelen = sizeof coming.destination;
    CHECK(m->msg_controllen >= CMSG_SPACE(coming.length));
    m->msg_controllen =
        coming.length > 0 ? (socklen_t)CMSG_SPACE(coming.length) : 0;
    if (coming.length == 0)
        return;
    item->cmsg_level = coming.level;
    item->cmsg_type = coming.type;
    item->cmsg_len = (socklen_t)CMSG_LEN(coming.length);
    memcpy(CMSG_DATA(item), coming.data, coming.length);
}

static void prepare(const struct entry *e, const struct sockaddr_in *offender)
{
    memset(&coming, 0, sizeof coming);
    coming.level = IPPROTO_IP;
    coming.type = IP_RECVERR;
    coming.destination.sin_family = AF_INET;
    coming.destination.sin_port = htons(4711);
    memcpy(coming.data, e, sizeof *e);
    memcpy(coming.data + sizeof *e, offender, sizeof *offender);
    coming.length = sizeof *e + sizeof *offender;
}

static struct pier_net_error take_by(void (*act)(struct script_call *))
{
    struct pier_net_error e;

    memset(&e, 0x55, sizeof e);
    e.size = 5;
    NEXT(recvmsg, .result = 0, .act = act,
         .when = { ARGUMENT(1, SOME_FD),
                   ARGUMENT(3, MSG_ERRQUEUE | MSG_DONTWAIT) });
    CHECK_OK(pierp_recv_error(SOME_FD, &e));
    CHECK_INT(e.size, 5);
    CHECK_INT(pierp_address_family(&e.destination), AF_INET);
    return e;
}

static struct pier_net_error take(void)
{
    return take_by(fill);
}

/* The same with items of every kind before it, which the socket asked for. */
static void fill_last(struct script_call *call)
{
    struct msghdr *m = (struct msghdr *)call->arguments[1];
    const struct msghdr whole = *m;
    const size_t others = 12 * CMSG_SPACE(20);

    CHECK(m->msg_controllen >= others + CMSG_SPACE(coming.length));
    memset(m->msg_control, 0, others);
    for (size_t at = 0; at < others; at += CMSG_SPACE(20)) {
        const struct cmsghdr other = {
            .cmsg_len = CMSG_LEN(20),
            .cmsg_level = IPPROTO_IPV6,
            .cmsg_type = IPV6_PKTINFO,
        };

        memcpy((char *)m->msg_control + at, &other, sizeof other);
    }
    m->msg_control = (char *)m->msg_control + others;
    m->msg_controllen -= (socklen_t)others;
    fill(call);
    m->msg_control = whole.msg_control;
    m->msg_controllen += (socklen_t)others;
}

static const struct sockaddr_in some_router = { .sin_family = AF_INET };

static void an_entry_is_read_in_all_its_parts(void **state)
{
    const struct entry e = { EMSGSIZE, 2, 3, 4, 0, 1400, 0 };
    struct pier_net_error told;

    (void)state;
    prepare(&e, &some_router);
    told = take();
    CHECK_ERR(told.code, PIER_EMSGSIZE);
    CHECK_INT(told.native_code, EMSGSIZE);
    CHECK_INT(told.origin, PIER_ORIGIN_ICMP);
    CHECK(told.icmp_type == 3 && told.icmp_code == 4);
    CHECK_INT(told.info, 1400);
    CHECK_INT(told.offender.length, sizeof some_router);
    coming.level = IPPROTO_IPV6;
    coming.type = IPV6_RECVERR;
    told = take();
    CHECK_ERR(told.code, PIER_EMSGSIZE);
}

static void an_entry_is_found_behind_other_items(void **state)
{
    const struct entry e = { ECONNREFUSED, 2, 3, 3, 0, 0, 0 };
    struct pier_net_error told;

    (void)state;
    prepare(&e, &some_router);
    told = take_by(fill_last);
    CHECK_ERR(told.code, PIER_ECONNREFUSED);
    CHECK_INT(told.offender.length, sizeof some_router);
}

static void an_entry_of_this_machine_has_no_message(void **state)
{
    const struct sockaddr_in nobody = { .sin_family = AF_UNSPEC };
    const struct entry e = { ENETUNREACH, 1, 7, 7, 0, 0, 0 };
    struct pier_net_error told;

    (void)state;
    prepare(&e, &nobody);
    told = take();
    CHECK_ERR(told.code, PIER_ENETUNREACH);
    CHECK_INT(told.origin, PIER_ORIGIN_LOCAL);
    CHECK(told.icmp_type == -1 && told.icmp_code == -1);
    CHECK_INT(told.offender.length, 0);
}

static void an_entry_without_an_address_has_none(void **state)
{
    const struct entry e = { ECONNREFUSED, 2, 3, 3, 0, 0, 0 };
    struct pier_net_error told;

    (void)state;
    prepare(&e, &some_router);
    for (size_t n = 0; n < sizeof some_router; n++) {
        coming.length = sizeof e + n;
        told = take();
        CHECK_ERR(told.code, PIER_ECONNREFUSED);
        CHECK_INT(told.offender.length, 0);
    }
}

/* It is taken all the same; what it was nobody knows. */
static void an_entry_that_says_nothing_is_unknown(void **state)
{
    const struct entry e = { ECONNREFUSED, 2, 3, 3, 0, 0, 0 };

    (void)state;
    prepare(&e, &some_router);
    coming.length = sizeof e - 1;
    CHECK_ERR(take().code, PIER_EUNKNOWN);
    coming.length = 0;
    CHECK_ERR(take().code, PIER_EUNKNOWN);
    prepare(&e, &some_router);
    coming.type = IP_TTL;
    CHECK_ERR(take().code, PIER_EUNKNOWN);
    CHECK_INT(take().icmp_type, -1);
}

static void an_empty_queue_is_not_waited_for(void **state)
{
    struct pier_net_error e = { .code = 77 };

    (void)state;
    NEXT(recvmsg, .result = -1, .error = EAGAIN);
    CHECK_ERR(pierp_recv_error(SOME_FD, &e), PIER_EAGAIN);
    NEXT(recvmsg, .result = -1, .error = EBADF);
    CHECK_ERR(pierp_recv_error(SOME_FD, &e), PIER_EBADF);
    CHECK_INT(e.code, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(an_entry_is_read_in_all_its_parts),
        OS_TEST(an_entry_is_found_behind_other_items),
        OS_TEST(an_entry_of_this_machine_has_no_message),
        OS_TEST(an_entry_without_an_address_has_none),
        OS_TEST(an_entry_that_says_nothing_is_unknown),
        OS_TEST(an_empty_queue_is_not_waited_for),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
