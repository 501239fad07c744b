/* SPDX-License-Identifier: MIT */
/* The name of the fake machine, and its lists of services and protocols. */
#include "inside.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX_LENGTH 255

static char host_name[NAME_MAX_LENGTH + 1] = FAKE_HOST_NAME;

static const struct {
    const char *name, *protocol;
    int port;
} services[] = {
    { "http", "tcp", 80 },
    { "domain", "udp", 53 },
};

static const struct {
    const char *name;
    int number;
} protocols[] = {
    { "tcp", 6 },
    { "udp", 17 },
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static pier_err give(char *buffer, size_t capacity, const char *text)
{
    if (strlen(text) >= capacity)
        return sim_fail(PIER_ENOBUFS);
    memcpy(buffer, text, strlen(text) + 1);
    return PIER_OK;
}

pier_err pierp_gethostname(char *buffer, size_t capacity)
{
    pier_err err = sim_enter(FAKE_GETHOSTNAME);

    return err ? err : give(buffer, capacity, host_name);
}

pier_err pierp_sethostname(const char *name)
{
    pier_err err = sim_enter(FAKE_SETHOSTNAME);

    if (err)
        return err;
    if (strlen(name) > NAME_MAX_LENGTH)
        return sim_fail(PIER_EINVAL);
    memcpy(host_name, name, strlen(name) + 1);
    return PIER_OK;
}

static bool fits(const char *wanted, const char *protocol)
{
    return !wanted || strcmp(wanted, protocol) == 0;
}

pier_err pierp_getservbyname(int *port, const char *name, const char *protocol)
{
    pier_err err = sim_enter(FAKE_GETSERVBYNAME);

    if (err)
        return err;
    for (size_t i = 0; i < COUNT_OF(services); i++) {
        if (strcmp(services[i].name, name) == 0 &&
            fits(protocol, services[i].protocol)) {
            *port = services[i].port;
            return PIER_OK;
        }
    }
    return sim_fail(PIER_EAI_SERVICE);
}

pier_err pierp_getservbyport(char *buffer, size_t capacity, uint16_t port,
                             const char *protocol)
{
    pier_err err = sim_enter(FAKE_GETSERVBYPORT);

    if (err)
        return err;
    for (size_t i = 0; i < COUNT_OF(services); i++) {
        if (services[i].port == port && fits(protocol, services[i].protocol))
            return give(buffer, capacity, services[i].name);
    }
    return sim_fail(PIER_EAI_SERVICE);
}

pier_err pierp_getprotobyname(int *number, const char *name)
{
    pier_err err = sim_enter(FAKE_GETPROTOBYNAME);

    if (err)
        return err;
    for (size_t i = 0; i < COUNT_OF(protocols); i++) {
        if (strcmp(protocols[i].name, name) == 0) {
            *number = protocols[i].number;
            return PIER_OK;
        }
    }
    return sim_fail(PIER_ENOENT);
}

void sim_machine_reset(void)
{
    (void)snprintf(host_name, sizeof(host_name), "%s", FAKE_HOST_NAME);
}
