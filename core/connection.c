/* SPDX-License-Identifier: MIT */
/*
 * Connecting to a name. The addresses are tried one after the other, under
 * one deadline that began with the look-up.
 */
#include "error.h"
#include "options.h"
#include "trace.h"
#include "wait.h"
#include <pier/connection.h>
#include <pier/constants.h>

#define OPERATION "create_connection"

struct attempt_plan {
    struct pier_connect_options options;
    int64_t deadline;
};

static bool make_plan(struct attempt_plan *plan,
                      const struct pier_connect_options *options)
{
    const struct pier_connect_options usual = PIER_CONNECT_OPTIONS_INIT;

    plan->options = usual;
    if (options &&
        !pieri_options_copy(&plan->options, sizeof(plan->options), options))
        return false;
    plan->deadline = pieri_deadline(plan->options.timeout);
    return !plan->options.source || plan->options.source->length > 0;
}

static pier_err look_up(struct pier_addrinfo **out, const char *host,
                        const char *service, const struct attempt_plan *plan)
{
    const struct pier_connect_options *options = &plan->options;
    const struct pier_addrinfo_hints hints = { .family = options->family,
                                               .type = PIER_SOCK_STREAM };
    const struct pier_wait wait = {
        .size = sizeof(wait),
        .timeout = pieri_left(plan->deadline),
        .cancel = options->cancel,
    };

    if (options->resolve) {
        pier_err err = options->resolve(options->context, out, host, service,
                                        &hints, &wait);

        return err ? pieri_fail(OPERATION, err, NULL) : PIER_OK;
    }
    return pier_getaddrinfo(out, host, service, &hints, &wait);
}

/* Nobody listens where a connect meets its own socket: POSIX may choose the
 * very port that is asked for, and connects the two halves (Q49). */
static pier_err refuse_itself(struct pier_socket *s,
                              const struct pier_address *to)
{
    struct pier_address own, peer;
    pier_err err = pier_getsockname(s, &own);

    /* Not the address asked for: the wildcard stands for another. Whose peer
     * has gone already is connected to somebody else. */
    if (!err)
        err = pier_getpeername(s, &peer);
    if (err == PIER_ENOTCONN)
        return PIER_OK;
    if (!err && pier_address_equal(&own, &peer))
        err = pieri_fail("connect", PIER_ECONNREFUSED, to);
    return err;
}

/* Connects s within the plan; then s has only the defaults again. */
static pier_err connect_within(struct pier_socket *s,
                               const struct pier_address *a,
                               const struct attempt_plan *plan)
{
    const struct pier_connect_options *options = &plan->options;
    pier_timeout usual = pier_get_send_timeout(s);
    pier_err err = PIER_OK;

    if (options->source)
        err = pier_bind(s, options->source);
    if (!err)
        err = pier_set_send_timeout(s, pieri_left(plan->deadline));
    if (!err)
        err = pier_set_cancel(s, options->cancel);
    if (!err)
        err = pier_connect(s, a);
    /* With no time left at all the connect did not wait. */
    if (err == PIER_EINPROGRESS || err == PIER_EAGAIN)
        err = pieri_fail("connect", PIER_EDEADLINE, a);
    if (!err)
        err = refuse_itself(s, a);
    if (!err)
        err = pier_set_cancel(s, NULL);
    return err ? err : pier_set_send_timeout(s, usual);
}

static pier_err try_address(struct pier_socket **out,
                            const struct pier_addrinfo *candidate,
                            const struct attempt_plan *plan)
{
    struct pier_attempt attempt = { .size = sizeof(attempt),
                                    .address = candidate->address,
                                    .start = pierp_clock() };
    struct pier_socket *s;
    pier_err err =
        pier_open(&s, candidate->family, candidate->type, candidate->protocol);

    if (!err)
        err = connect_within(s, &candidate->address, plan);
    attempt.error = err;
    attempt.end = pierp_clock();
    if (plan->options.on_attempt)
        plan->options.on_attempt(plan->options.context, &attempt);
    if (err) {
        pier_free(s);
    } else {
        *out = s;
    }
    return err;
}

/* After these the other addresses would fare no better. */
static bool ends_all(pier_err err)
{
    return err == PIER_EDEADLINE || err == PIER_ECANCELED ||
           err == PIER_EINTR || err == PIER_ENOMEM || err == PIER_EMFILE;
}

static pier_err try_each(struct pier_socket **out,
                         const struct pier_addrinfo *list,
                         const struct attempt_plan *plan)
{
    pier_err err = PIER_EAI_NONAME;

    if (!list)
        return pieri_fail(OPERATION, err, NULL);
    for (; list; list = list->next) {
        err = try_address(out, list, plan);
        if (!err || ends_all(err))
            break;
    }
    return err;
}

static pier_err
create_connection_now(struct pier_socket **out, const char *host,
                      const char *service,
                      const struct pier_connect_options *options)
{
    const struct pier_detail detail = pieri_detail_save();
    struct attempt_plan plan;
    struct pier_addrinfo *list = NULL;
    pier_err err;

    if (!out)
        return pieri_fail(OPERATION, PIER_EINVAL, NULL);
    *out = NULL;
    if (!make_plan(&plan, options))
        return pieri_fail(OPERATION, PIER_EINVAL, NULL);
    err = look_up(&list, host, service, &plan);
    if (err)
        return err;
    err = try_each(out, list, &plan);
    pier_freeaddrinfo(list);
    /* That other addresses failed is no failure of the call. */
    if (!err)
        pieri_detail_restore(&detail);
    return err;
}

pier_err pier_create_connection(struct pier_socket **out, const char *host,
                                const char *service,
                                const struct pier_connect_options *options)
{
    int64_t start = pieri_trace_begin();
    pier_err err = create_connection_now(out, host, service, options);

    return (pier_err)pieri_trace_end("create_connection", out ? *out : NULL,
                                     err, start);
}
