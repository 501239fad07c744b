/* SPDX-License-Identifier: MIT */
#include <pier/constants.h>
#include <stdio.h>

#include "help.h"
#include "interrupt.h"
#include "json.h"
#include "network.h"
#include "place.h"

#define HOST_TEXT    1025
#define SERVICE_TEXT 32

/* What is known of one address; name is empty without --reverse. */
struct answer {
    const struct pier_address *address;
    const char *service; /* as asked for; NULL: none */
    char name[HOST_TEXT];
    char port_name[SERVICE_TEXT];
};

static const char *family_name(int family)
{
    return family == PIER_AF_INET6 ? "inet6" : "inet";
}

static void print_json(const struct answer *answer, const char *host,
                       const char *whole)
{
    json_object(NULL);
    json_text("family", family_name(pier_address_family(answer->address)));
    json_text("address", host);
    if (answer->service) {
        json_integer("port", pier_address_port(answer->address));
        json_text("text", whole);
    }
    if (answer->name[0]) {
        json_text("name", answer->name);
        if (answer->service)
            json_text("service", answer->port_name);
    }
    json_end();
}

static pier_err print_answer(const struct answer *answer, bool json)
{
    char host[NETWORK_NAME];
    char whole[NETWORK_NAME];
    pier_err error = pier_address_host(answer->address, host, sizeof host);

    if (!error)
        error = pier_address_format(answer->address, whole, sizeof whole);
    if (error)
        return error;
    if (json) {
        print_json(answer, host, whole);
        return PIER_OK;
    }
    (void)printf("%s", answer->service ? whole : host);
    if (answer->name[0])
        (void)printf(" %s", answer->name);
    if (answer->name[0] && answer->service)
        (void)printf(" %s", answer->port_name);
    (void)putchar('\n');
    return PIER_OK;
}

static pier_err find_name(struct answer *answer,
                          const struct settings *settings)
{
    struct pier_wait wait = PIER_WAIT_INIT;
    int flags = PIER_NI_NAMEREQD | (settings->udp ? PIER_NI_DGRAM : 0);

    wait.timeout = settings->timeout;
    wait.cancel = interrupt_token();
    return pier_getnameinfo(answer->address, answer->name, HOST_TEXT,
                            answer->port_name, SERVICE_TEXT, flags, &wait);
}

static pier_err print_list(const struct pier_addrinfo *list,
                           const struct settings *settings)
{
    pier_err error = PIER_OK;

    for (; list && !error; list = list->next) {
        struct answer answer = { .address = &list->address,
                                 .service = settings->operands[1] };

        if (settings->reverse)
            error = find_name(&answer, settings);
        if (!error)
            error = print_answer(&answer, settings->json);
    }
    return error;
}

static enum outcome run_resolve(const struct settings *settings)
{
    char bare[PLACE_CAPACITY];
    const char *host = place_host(bare, settings->operands[0]);
    struct pier_addrinfo *list;
    pier_err error =
        network_resolve(&list, settings, host, settings->operands[1]);

    if (!error) {
        if (settings->json)
            json_array(NULL);
        error = print_list(list, settings);
        if (settings->json)
            json_end();
        pier_freeaddrinfo(list);
    }
    if (help_finish())
        return OUTCOME_FILE;
    return error ? network_report_lookup(host, settings->operands[1], error)
                 : OUTCOME_OK;
}

static const struct option options[] = {
    OPTION_IPV4,
    OPTION_IPV6,
    { 'u', OPTION_FLAG, "udp", NULL, "the service is one of UDP",
      offsetof(struct settings, udp) },
    { 'r', OPTION_FLAG, "reverse", NULL,
      "the name of each address too, and of the service",
      offsetof(struct settings, reverse) },
    { '\0', OPTION_SECONDS, "timeout", "SECONDS", "limit for each look-up",
      offsetof(struct settings, timeout) },
    OPTION_JSON,
};

static const struct example examples[] = {
    { "pier resolve localhost", "all addresses of a name" },
    { "pier resolve --reverse 127.0.0.1 80",
      "the names of an address and of a port" },
};

const struct command command_resolve = {
    .name = "resolve",
    .operands = "HOST [SERVICE]",
    .summary = "Look up the addresses of a name, or the names of an address",
    .about = "One line for each address, in the order in which they should "
             "be tried. SERVICE, a name or a port, adds the port. A name "
             "that does not exist is code 3.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .examples = examples,
    .example_count = sizeof examples / sizeof *examples,
    .operands_min = 1,
    .operands_max = 2,
    .run = run_resolve,
};
