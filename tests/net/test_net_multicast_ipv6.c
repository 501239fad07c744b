/* SPDX-License-Identifier: MIT */
/* Groups of IPv6 really deliver, chosen by the number of an interface. */
#include "net.h"
#include "network.h"
#include "system.h"

#include <string.h>

static bool has_network;

static void need_network(void)
{
    if (!has_network)
        skip_because("no network of its own for this user");
}

static struct pier_address address_of(const char *host, int port)
{
    struct pier_address a;

    CHECK_OK(pier_address_inet6(&a, host, port, 0, own_interface()));
    return a;
}

/* Where it cannot be chosen, the group's scope does it. */
static unsigned chosen_interface(void)
{
    return has_option(PIER_AF_INET6, PIER_IPPROTO_IPV6, PIER_IPV6_MULTICAST_IF)
               ? own_interface()
               : 0;
}

/* At this address, or at every one. */
static struct pier_socket *open_at(const char *host)
{
    struct pier_socket *s = open_socket(PIER_AF_INET6, PIER_SOCK_DGRAM);
    struct pier_address a;

    CHECK_OK(
        pier_address_inet6(&a, host, ANY_PORT, 0, host ? own_interface() : 0));
    CHECK_OK(pier_bind(s, &a));
    CHECK_OK(pier_settimeout(s, SOON));
    CHECK_OK(pier_set_multicast(s, 1, true, chosen_interface()));
    return s;
}

static void send_text(struct pier_socket *s, const struct pier_address *to,
                      const char *text)
{
    CHECK_INT(pier_sendto(s, text, strlen(text), 0, to),
              (long long)strlen(text));
}

static void check_next(struct pier_socket *s, const char *text)
{
    struct pier_address from;
    char room[64] = "";

    CHECK_INT(pier_recvfrom(s, room, sizeof(room), 0, &from),
              (long long)strlen(text));
    assert_string_equal(room, text);
    if (tells_scopes())
        CHECK_INT(pier_address_scope_id(&from), own_interface());
}

/* What comes next was sent to the socket itself: nothing came before. */
static void nothing_came(struct pier_socket *s, struct pier_socket *sender)
{
    struct pier_address name = name_of(s);
    struct pier_address self =
        address_of(OWN_ADDRESS, pier_address_port(&name));

    send_text(sender, &self, "mark");
    check_next(s, "mark");
}

static void check_member(const char *group_host)
{
    struct pier_socket *s = open_at(NULL);
    struct pier_socket *sender = open_at(OWN_ADDRESS);
    struct pier_address name = name_of(s);
    struct pier_address group =
        address_of(group_host, pier_address_port(&name));

    send_text(sender, &group, "before");
    nothing_came(s, sender);
    CHECK_OK(pier_join_group(s, &group, NULL, own_interface()));
    send_text(sender, &group, "during");
    check_next(s, "during");
    CHECK_OK(pier_leave_group(s, &group, NULL, own_interface()));
    send_text(sender, &group, "after");
    nothing_came(s, sender);
}

static void a_member_hears_a_group_of_each_scope(void **state)
{
    (void)state;
    need_network();
    check_member("ff01::7:77");
    check_member("ff02::7:77");
    check_member("ff05::7:77");
}

static void the_scope_of_the_group_chooses_as_well(void **state)
{
    struct pier_socket *s, *sender;
    struct pier_address name, group;

    (void)state;
    need_network();
    s = open_at(NULL);
    sender = open_at(OWN_ADDRESS);
    name = name_of(s);
    group = address_of("ff02::7:78", pier_address_port(&name));
    CHECK_OK(pier_join_group(s, &group, NULL, 0));
    send_text(sender, &group, "by scope");
    check_next(s, "by scope");
}

static void a_sender_s_scope_is_told(void **state)
{
    struct pier_socket *s, *sender;

    (void)state;
    need_network();
    if (!tells_scopes())
        skip_because("this system garbles the scope of an address");
    s = open_at(NULL);
    sender = open_at(OWN_ADDRESS);
    nothing_came(s, sender);
}

static void only_the_chosen_source_is_heard(void **state)
{
    struct pier_address name, group, here, elsewhere;
    struct pier_socket *s, *sender;
    unsigned index;

    (void)state;
    need_network();
    if (!has_option(PIER_AF_INET6, PIER_IPPROTO_IPV6, option_of_sources))
        skip_because("this system has no sources of IPv6");
    index = own_interface();
    s = open_at(NULL);
    sender = open_at(OWN_ADDRESS);
    name = name_of(s);
    group = address_of("ff32::7:77", pier_address_port(&name));
    here = address_of(OWN_ADDRESS, 0);
    elsewhere = address_of(OTHER_ADDRESS, 0);
    CHECK_OK(pier_join_group(s, &group, &elsewhere, index));
    send_text(sender, &group, "not from there");
    nothing_came(s, sender);
    CHECK_OK(pier_join_group(s, &group, &here, index));
    send_text(sender, &group, "from here");
    check_next(s, "from here");
    CHECK_OK(pier_leave_group(s, &group, &here, index));
    send_text(sender, &group, "no more");
    nothing_came(s, sender);
}

static void who_wants_no_loop_hears_nothing_of_its_own(void **state)
{
    struct pier_socket *s, *sender;
    struct pier_address name, group;

    (void)state;
    need_network();
    s = open_at(NULL);
    sender = open_at(OWN_ADDRESS);
    name = name_of(s);
    group = address_of("ff02::7:79", pier_address_port(&name));
    CHECK_OK(pier_join_group(s, &group, NULL, own_interface()));
    CHECK_OK(pier_set_multicast(sender, 1, false, chosen_interface()));
    send_text(sender, &group, "to others");
    nothing_came(s, sender);
}

static int enter(void **state)
{
    (void)state;
    has_network = enter_own_network();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(a_member_hears_a_group_of_each_scope),
        NET_TEST(the_scope_of_the_group_chooses_as_well),
        NET_TEST(a_sender_s_scope_is_told),
        NET_TEST(only_the_chosen_source_is_heard),
        NET_TEST(who_wants_no_loop_hears_nothing_of_its_own),
    };

    return cmocka_run_group_tests(tests, enter, NULL);
}
