/* SPDX-License-Identifier: MIT */
/* A listening socket that is shared, exclusive and dual-stack alike on every
 * system. */
#include "error.h"
#include "object.h"
#include "options.h"
#include "trace.h"
#include <pier/connection.h>
#include <pier/constants.h>

#define OPERATION "create_server"

static pier_err check(const struct pier_address *a,
                      const struct pier_server_options *options)
{
    if (!a || a->length == 0)
        return PIER_EINVAL;
    if (options->dualstack && pier_address_family(a) != PIER_AF_INET6)
        return PIER_EINVAL;
    return PIER_OK;
}

/* The defaults of systems differ, so the choice is always made. */
static pier_err choose_stack(struct pier_socket *s,
                             const struct pier_server_options *options)
{
    if (s->family != PIER_AF_INET6)
        return PIER_OK;
    return pierp_set_v6only(s->handle, !options->dualstack);
}

/*
 * A datagram socket takes no place in a server's queue, and tells one that is
 * bound but does not listen yet (PIER_EPROTOTYPE) from one that is gone.
 * Windows has streams only, and no such difference.
 */
static pier_err open_probe(struct pier_socket **out)
{
    if (pier_open(out, PIER_AF_UNIX, PIER_SOCK_DGRAM, 0) == PIER_OK)
        return PIER_OK;
    return pier_open(out, PIER_AF_UNIX, PIER_SOCK_STREAM, 0);
}

/* A file that a server left behind is removed; one with a living server, or
 * that is no socket, stays. */
static void remove_stale(const struct pier_address *a)
{
    const struct pier_detail detail = pieri_detail_save();
    struct pier_socket *probe;
    pier_err err = open_probe(&probe);

    if (!err)
        err = pier_settimeout(probe, PIER_NONBLOCKING);
    if (!err)
        err = pier_connect(probe, a);
    pier_free(probe);
    if (err == PIER_ECONNREFUSED)
        (void)pierp_remove_socket_file(a);
    pieri_detail_restore(&detail);
}

static pier_err bind_address(struct pier_socket *s,
                             const struct pier_address *a,
                             const struct pier_server_options *options)
{
    pier_err err = pierp_bind_server(s->handle, a);

    if (err != PIER_EADDRINUSE || s->family != PIER_AF_UNIX ||
        !options->remove_stale_path)
        return err;
    remove_stale(a);
    return pierp_bind_server(s->handle, a);
}

static pier_err prepare(struct pier_socket *s, const struct pier_address *a,
                        const struct pier_server_options *options)
{
    pier_err err = choose_stack(s, options);

    if (!err && options->reuse_port)
        err = pierp_set_reuse_port(s->handle);
    if (!err)
        err = bind_address(s, a, options);
    return err ? err : pierp_listen(s->handle, options->backlog);
}

static pier_err create_server_now(struct pier_socket **out,
                                  const struct pier_address *a,
                                  const struct pier_server_options *options)
{
    struct pier_server_options chosen = PIER_SERVER_OPTIONS_INIT;
    struct pier_socket *s;
    pier_err err;

    if (!out)
        return pieri_fail(OPERATION, PIER_EINVAL, a);
    *out = NULL;
    if (options && !pieri_options_copy(&chosen, sizeof(chosen), options))
        return pieri_fail(OPERATION, PIER_EINVAL, NULL);
    err = check(a, &chosen);
    if (err)
        return pieri_fail(OPERATION, err, NULL);
    err = pier_open(&s, pier_address_family(a), PIER_SOCK_STREAM, 0);
    if (err)
        return err;
    err = prepare(s, a, &chosen);
    if (err) {
        pieri_os_fail(OPERATION, err, a);
        pier_free(s);
        return err;
    }
    *out = s;
    return PIER_OK;
}

static bool try_dualstack(struct pier_socket *s)
{
    struct pier_address wildcard;

    return pierp_set_v6only(s->handle, false) == PIER_OK &&
           pier_address_inet6(&wildcard, NULL, 0, 0, 0) == PIER_OK &&
           pierp_bind(s->handle, &wildcard) == PIER_OK;
}

bool pier_has_dualstack_ipv6(void)
{
    struct pier_socket *s;
    bool has;

    if (pier_open(&s, PIER_AF_INET6, PIER_SOCK_STREAM, 0))
        return false;
    has = try_dualstack(s);
    pier_free(s);
    return has;
}

pier_err pier_create_server(struct pier_socket **out,
                            const struct pier_address *a,
                            const struct pier_server_options *options)
{
    int64_t start = pieri_trace_begin();
    pier_err err = create_server_now(out, a, options);

    return (pier_err)pieri_trace_end("create_server", out ? *out : NULL, err,
                                     start);
}
