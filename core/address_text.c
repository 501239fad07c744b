/* SPDX-License-Identifier: MIT */
#include "address_text.h"

#include <pier/constants.h>

#include "error.h"
#include "ip_text.h"

#include <stdio.h>
#include <string.h>

#define UNIX_PREFIX  "unix:"
#define VSOCK_PREFIX "vsock:"
#define PORT_DIGITS  5

/* Room for a name of an interface in any system's manner. */
#define ZONE_ROOM 260

/* A host is longest in AF_UNIX; "unix:", or brackets and a port, add less
 * than 24 bytes. */
#define HOST_ROOM PIERI_UNIX_TEXT
#define TEXT_ROOM (HOST_ROOM + 24)

static pier_err parse_zone_number(uint32_t *out, const char *text,
                                  const char *end)
{
    uint64_t value = 0;

    for (; text < end; text++) {
        value = value * 10 + (uint64_t)(*text - '0');
        if (value > UINT32_MAX)
            return PIER_ERANGE;
    }
    *out = (uint32_t)value;
    return PIER_OK;
}

static pier_err parse_zone(uint32_t *out, const char *text, const char *end)
{
    char name[ZONE_ROOM];
    size_t length = (size_t)(end - text);
    unsigned index = 0;
    pier_err err;

    if (length == 0)
        return PIER_EINVAL;
    if (strspn(text, "0123456789") >= length)
        return parse_zone_number(out, text, end);
    if (length >= sizeof name)
        return PIER_ENXIO;
    memcpy(name, text, length);
    name[length] = '\0';
    err = pierp_if_nametoindex(&index, name);
    if (err == PIER_OK)
        *out = index;
    return err;
}

pier_err pieri_inet6_scoped_parse(struct pierp_endpoint *out, const char *text,
                                  const char *end)
{
    const char *percent = memchr(text, '%', (size_t)(end - text));
    uint32_t zone = 0;
    pier_err err;

    if (pieri_inet6_parse(out->ip, text, percent ? percent : end))
        return PIER_EINVAL;
    if (!percent)
        return PIER_OK;
    err = parse_zone(&zone, percent + 1, end);
    if (err)
        return err;
    if (out->scope_id != 0 && out->scope_id != zone)
        return PIER_EINVAL;
    out->scope_id = zone;
    return PIER_OK;
}

/* The rest of a text: digits without leading zeros. */
static pier_err parse_port(uint16_t *out, const char *text)
{
    size_t digits = strspn(text, "0123456789");
    unsigned value = 0;

    if (digits == 0 || text[digits] || (*text == '0' && digits > 1))
        return PIER_EINVAL;
    if (digits > PORT_DIGITS)
        return PIER_ERANGE;
    while (*text)
        value = value * 10 + (unsigned)(*text++ - '0');
    if (value > UINT16_MAX)
        return PIER_ERANGE;
    *out = (uint16_t)value;
    return PIER_OK;
}

static pier_err parse_inet(struct pierp_endpoint *e, const char *text)
{
    const char *colon = strchr(text, ':');

    e->family = PIER_AF_INET;
    if (!colon || pieri_inet_parse(e->ip, text, colon))
        return PIER_EINVAL;
    return parse_port(&e->port, colon + 1);
}

/* text is what follows the bracket. */
static pier_err parse_inet6(struct pierp_endpoint *e, const char *text)
{
    const char *bracket = strchr(text, ']');
    pier_err err;

    e->family = PIER_AF_INET6;
    if (!bracket || bracket[1] != ':')
        return PIER_EINVAL;
    err = pieri_inet6_scoped_parse(e, text, bracket);
    return err ? err : parse_port(&e->port, bracket + 2);
}

static pier_err parse(struct pier_address *out, const char *text)
{
    struct pierp_endpoint e = { 0 };
    pier_err err;

    if (strncmp(text, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0)
        return pieri_unix_parse(out, text + strlen(UNIX_PREFIX));
    if (strncmp(text, VSOCK_PREFIX, strlen(VSOCK_PREFIX)) == 0)
        return pieri_vsock_parse(out, text + strlen(VSOCK_PREFIX));
    err = *text == '[' ? parse_inet6(&e, text + 1) : parse_inet(&e, text);
    return err ? err : pierp_address_pack(out, &e);
}

pier_err pier_address_parse(struct pier_address *out, const char *text)
{
    pier_err err = out && text ? parse(out, text) : PIER_EINVAL;

    return err ? pieri_fail("address_parse", err, NULL) : PIER_OK;
}

static void format_inet6(char *text, const struct pierp_endpoint *e)
{
    size_t used = pieri_inet6_format(text, e->ip);

    if (e->scope_id != 0) {
        (void)snprintf(text + used, HOST_ROOM - used, "%%%lu",
                       (unsigned long)e->scope_id);
    }
}

/* The host part of any address that has a text. */
static pier_err format_host(char text[HOST_ROOM], const struct pier_address *a)
{
    struct pierp_endpoint e;
    pier_err err;

    if (pierp_address_family(a) == PIER_AF_UNIX) {
        (void)pieri_unix_format(text, a);
        return PIER_OK;
    }
    err = pierp_address_unpack(&e, a);
    if (err == PIER_EAFNOSUPPORT)
        return pieri_vsock_format(text, a, false);
    if (err)
        return err;
    if (e.family == PIER_AF_INET6) {
        format_inet6(text, &e);
    } else {
        (void)pieri_inet_format(text, e.ip);
    }
    return PIER_OK;
}

static pier_err format_whole(char text[TEXT_ROOM],
                             const struct pier_address *a)
{
    char host[HOST_ROOM];
    pier_err err = format_host(host, a);

    if (err)
        return err;
    switch (pierp_address_family(a)) {
    case PIER_AF_UNIX:
        (void)snprintf(text, TEXT_ROOM, UNIX_PREFIX "%s", host);
        break;
    case PIER_AF_INET6:
        (void)snprintf(text, TEXT_ROOM, "[%s]:%d", host, pier_address_port(a));
        break;
    case PIER_AF_INET:
        (void)snprintf(text, TEXT_ROOM, "%s:%d", host, pier_address_port(a));
        break;
    default:
        return pieri_vsock_format(text, a, true);
    }
    return PIER_OK;
}

/* Runs one of the two and hands the text over when it fits. */
static pier_err
hand_over(pier_err (*format)(char *, const struct pier_address *),
          const struct pier_address *a, char *buffer, size_t capacity)
{
    char text[TEXT_ROOM];
    pier_err err;

    if (!a || a->length == 0 || !buffer)
        return PIER_EINVAL;
    err = format(text, a);
    if (err)
        return err;
    if (strlen(text) >= capacity)
        return PIER_ENOBUFS;
    memcpy(buffer, text, strlen(text) + 1);
    return PIER_OK;
}

pier_err pieri_address_format(const struct pier_address *a, char *buffer,
                              size_t capacity)
{
    return hand_over(format_whole, a, buffer, capacity);
}

pier_err pier_address_host(const struct pier_address *a, char *buffer,
                           size_t capacity)
{
    pier_err err = hand_over(format_host, a, buffer, capacity);

    return err ? pieri_fail("address_host", err, NULL) : PIER_OK;
}

pier_err pier_address_format(const struct pier_address *a, char *buffer,
                             size_t capacity)
{
    pier_err err = hand_over(format_whole, a, buffer, capacity);

    return err ? pieri_fail("address_format", err, NULL) : PIER_OK;
}
