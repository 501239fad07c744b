/* SPDX-License-Identifier: MIT */
/* A layer in place of the plain calls: here one that turns letters round. */
#include "layer.h"
#include "unit.h"

#include <pier/error.h>
#include <string.h>

static char buffer[64];

struct shift {
    unsigned want_other; /* attempts that want the other direction first */
    unsigned closed;
    size_t pending;
    pier_handle handle;
};

static ptrdiff_t layer_receive(void *state, pier_handle h, void *bytes,
                               size_t length, int flags, unsigned *want)
{
    struct shift *layer = state;
    ptrdiff_t n;

    layer->handle = h;
    if (layer->want_other) {
        layer->want_other--;
        *want = PIERP_WRITE;
        return PIER_EAGAIN;
    }
    n = pierp_recv(h, bytes, length, flags);
    for (ptrdiff_t i = 0; i < n; i++)
        ((char *)bytes)[i]--;
    return n;
}

static ptrdiff_t layer_send(void *state, pier_handle h, const void *bytes,
                            size_t length, int flags, unsigned *want)
{
    char shifted[64];

    (void)state;
    (void)want;
    if (length > sizeof(shifted))
        length = sizeof(shifted);
    for (size_t i = 0; i < length; i++)
        shifted[i] = (char)(((const char *)bytes)[i] + 1);
    return pierp_send(h, shifted, length, flags);
}

static pier_err layer_shutdown(void *state, pier_handle h, int how,
                               unsigned *want)
{
    struct shift *layer = state;

    if (layer->want_other) {
        layer->want_other--;
        *want = PIERP_READ;
        return PIER_EAGAIN;
    }
    return pierp_shutdown(h, how);
}

static size_t layer_pending(void *state)
{
    return ((struct shift *)state)->pending;
}

static void layer_close(void *state)
{
    struct shift *layer = state;

    layer->closed++;
}

static const struct pieri_layer layer = {
    layer_receive, layer_send, layer_shutdown, layer_pending, layer_close,
};

static struct pier_socket *open_layered(struct shift *state)
{
    struct pier_socket *s = open_connected();

    memset(state, 0, sizeof(*state));
    CHECK_OK(pieri_layer_set(s, &layer, state));
    return s;
}

static void data_goes_through_the_layer(void **state)
{
    struct shift shift;
    struct pier_socket *s = open_layered(&shift);
    size_t length;

    (void)state;
    fake_feed(pier_fileno(s), "ifmmp", 5, 10 * MS);
    CHECK_INT(pier_recv(s, buffer, sizeof(buffer), 0), 5);
    CHECK(memcmp(buffer, "hello", 5) == 0);
    CHECK_OK(pier_sendall(s, "hello", 5, 0, NULL));
    CHECK(memcmp(fake_sent(pier_fileno(s), &length), "ifmmp", 5) == 0);
    CHECK_INT(shift.handle, pier_fileno(s));
    pier_free(s);
    CHECK_INT(shift.closed, 1);
}

static void a_receive_may_have_to_wait_until_it_can_send(void **state)
{
    struct shift shift;
    struct pier_socket *s = open_layered(&shift);

    (void)state;
    fake_block_send(pier_fileno(s), 30 * MS);
    fake_feed(pier_fileno(s), "b", 1, 0);
    shift.want_other = 1;
    CHECK_INT(pier_recv(s, buffer, 8, 0), 1);
    CHECK_INT(fake_now(), 30 * MS);
    pier_free(s);
}

static void a_call_through_the_layer_obeys_its_timeout(void **state)
{
    struct shift shift;
    struct pier_socket *s = open_layered(&shift);

    (void)state;
    CHECK_OK(pier_settimeout(s, 50 * MS));
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 50 * MS);
    fake_at(10 * MS, do_close, s);
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EBADF);
    CHECK_INT(shift.closed, 1);
    fake_join();
    pier_free(s);
    CHECK_INT(shift.closed, 1);
}

static void a_shutdown_through_the_layer_may_wait(void **state)
{
    struct shift shift;
    struct pier_socket *s = open_layered(&shift);

    (void)state;
    CHECK_OK(pier_settimeout(s, 50 * MS));
    shift.want_other = 1;
    fake_feed(pier_fileno(s), "b", 1, 20 * MS);
    CHECK_OK(pier_shutdown(s, PIER_SHUT_WR));
    CHECK_INT(fake_now(), 20 * MS);
    shift.want_other = 1000;
    fake_limit_recv(pier_fileno(s), 1);
    CHECK_INT(pierp_recv(pier_fileno(s), buffer, 8, 0), 1);
    CHECK_ERR(pier_shutdown(s, PIER_SHUT_WR), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 70 * MS);
    pier_free(s);
}

/* Whatever is shut down, bytes of the layer are never given or sent as they
 * are. */
static void a_shutdown_leaves_the_layer_on(void **state)
{
    struct shift shift;
    struct pier_socket *s = open_layered(&shift);
    size_t length;

    (void)state;
    CHECK_OK(pier_shutdown(s, PIER_SHUT_WR));
    fake_feed(pier_fileno(s), "ifmmp", 5, 10 * MS);
    CHECK_INT(pier_recv(s, buffer, sizeof(buffer), 0), 5);
    CHECK(memcmp(buffer, "hello", 5) == 0);
    CHECK_ERR(pier_send(s, "hello", 5, 0), PIER_EPIPE);
    CHECK_ERR(pier_sendall(s, "hello", 5, 0, NULL), PIER_EPIPE);
    CHECK_OK(pier_shutdown(s, PIER_SHUT_RDWR));
    fake_feed(pier_fileno(s), "xpsme", 5, 0);
    CHECK_INT(pier_recv(s, buffer, sizeof(buffer), 0), 5);
    CHECK(memcmp(buffer, "world", 5) == 0);
    (void)fake_sent(pier_fileno(s), &length);
    CHECK_INT(length, 0);
    CHECK_ERR(pier_recvfrom(s, buffer, 8, 0, NULL), PIER_EOPNOTSUPP);
    pier_free(s);
    CHECK_INT(shift.closed, 1);
}

/* The layer could go on at the very moment at which the time is up. */
static void no_time_left_is_a_deadline_and_no_would_block(void **state)
{
    struct shift shift;
    struct pier_socket *s = open_layered(&shift);

    (void)state;
    CHECK_OK(pier_settimeout(s, 50 * MS));
    fake_block_send(pier_fileno(s), 50 * MS);
    shift.want_other = 1000;
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 50 * MS);
    CHECK_OK(pier_settimeout(s, 0));
    CHECK_ERR(pier_recv(s, buffer, 8, 0), PIER_EAGAIN);
    CHECK_INT(fake_now(), 50 * MS);
    pier_free(s);
}

static void one_deadline_covers_a_sendall_through_the_layer(void **state)
{
    struct shift shift;
    struct pier_socket *s = open_layered(&shift);
    size_t sent = 0;

    (void)state;
    CHECK_OK(pier_settimeout(s, 50 * MS));
    fake_send_room(pier_fileno(s), 1);
    fake_drain(pier_fileno(s), 1, 20 * MS);
    CHECK_ERR(pier_sendall(s, "hello", 5, 0, &sent), PIER_EDEADLINE);
    CHECK_INT(fake_now(), 50 * MS);
    CHECK_INT(sent, 3);
    pier_free(s);
}

static void addresses_make_no_sense_on_a_layer(void **state)
{
    struct shift shift;
    struct pier_socket *s = open_layered(&shift);
    struct pier_address to = fake_inet(1, 1);

    (void)state;
    CHECK_ERR(pier_recvfrom(s, buffer, 8, 0, NULL), PIER_EOPNOTSUPP);
    CHECK_ERR(pier_sendto(s, buffer, 8, 0, &to), PIER_EOPNOTSUPP);
    pier_free(s);
}

static void a_socket_has_one_layer(void **state)
{
    struct shift shift, other = { 0 };
    struct pier_socket *s = open_layered(&shift);

    (void)state;
    CHECK_ERR(pieri_layer_set(s, &layer, &other), PIER_EISCONN);
    shift.pending = 5;
    CHECK(pieri_layer_pending(s) == 5);
    pier_free(s);
    CHECK_INT(other.closed, 0);
    s = open_connected();
    CHECK(pieri_layer_pending(s) == 0);
    CHECK_OK(pier_close(s));
    CHECK_ERR(pieri_layer_set(s, &layer, &other), PIER_EBADF);
    pier_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FAKE(data_goes_through_the_layer),
        ON_FAKE(a_receive_may_have_to_wait_until_it_can_send),
        ON_FAKE(a_call_through_the_layer_obeys_its_timeout),
        ON_FAKE(a_shutdown_through_the_layer_may_wait),
        ON_FAKE(a_shutdown_leaves_the_layer_on),
        ON_FAKE(no_time_left_is_a_deadline_and_no_would_block),
        ON_FAKE(one_deadline_covers_a_sendall_through_the_layer),
        ON_FAKE(addresses_make_no_sense_on_a_layer),
        ON_FAKE(a_socket_has_one_layer),
    };

    return cmocka_run_group_tests_name("layer", tests, NULL, NULL);
}
