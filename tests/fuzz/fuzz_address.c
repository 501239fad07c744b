/* SPDX-License-Identifier: MIT */
/*
 * Addresses as text. An input is text; a line feed in it separates a host
 * from a service.
 */
#include "fuzz.h"

#include <pier/address.h>
#include <pier/address_families.h>
#include <pier/constants.h>
#include <pier/error.h>
#include <pier/resolver.h>

#include <string.h>

#define TEXT_ROOM 512

#define MARK 0x5a

/* What an address holds that no function may have touched. */
static struct pier_address untouched(void)
{
    struct pier_address a;

    memset(&a, MARK, sizeof(a));
    return a;
}

static bool is_untouched(const struct pier_address *a)
{
    const unsigned char *bytes = (const void *)a;
    size_t i = 0;

    while (i < sizeof(*a) && bytes[i] == MARK)
        i++;
    return i == sizeof(*a);
}

static bool is_documented(pier_err err)
{
    return err == PIER_EINVAL || err == PIER_ERANGE || err == PIER_ENXIO ||
           err == PIER_ENAMETOOLONG || err == PIER_EAFNOSUPPORT;
}

/* A text has just the room that it needs, and is not cut without it. */
static void format_within(const struct pier_address *a, const char *text)
{
    size_t length = strlen(text);
    char *exact = room(length + 1);

    memset(exact, 'x', length + 1);
    PROMISE(pier_address_format(a, exact, length) == PIER_ENOBUFS);
    PROMISE(length == 0 || *exact == 'x');
    PROMISE(pier_address_format(a, exact, length + 1) == PIER_OK);
    PROMISE(strcmp(exact, text) == 0);
    free(exact);
}

/* The text of an address is read as the same address and written alike. */
static void goes_round(const struct pier_address *a)
{
    struct pier_address again;
    char text[TEXT_ROOM], twice[TEXT_ROOM];

    PROMISE(pier_address_format(a, text, sizeof(text)) == PIER_OK);
    PROMISE(pier_address_parse(&again, text) == PIER_OK);
    PROMISE(pier_address_equal(a, &again));
    PROMISE(pier_address_format(&again, twice, sizeof(twice)) == PIER_OK);
    PROMISE(strcmp(text, twice) == 0);
    format_within(a, text);
}

static void read_whole(const char *text)
{
    struct pier_address a = untouched();
    pier_err err = pier_address_parse(&a, text);

    if (err == PIER_OK) {
        goes_round(&a);
    } else {
        PROMISE(is_documented(err) && is_untouched(&a));
    }
}

/* The functions that read the same text agree. */
static void agree(int family, const char *text, const void *bytes)
{
    struct pier_address a;
    unsigned char historical[4];

    if (family == PIER_AF_INET) {
        PROMISE((pier_address_inet(&a, text, 80) == PIER_OK) == !!bytes);
        if (bytes) {
            PROMISE(pier_inet_aton(text, historical) == PIER_OK);
            PROMISE(memcmp(bytes, historical, 4) == 0);
        }
    } else if (!strchr(text, '%')) {
        PROMISE((pier_address_inet6(&a, text, 80, 0, 0) == PIER_OK) ==
                !!bytes);
    }
}

/* What is read here is written in one way, which is read here too. */
static void read_bytes(int family, const char *text, size_t width)
{
    unsigned char *bytes = room(width), *again = room(width);
    pier_err err = pier_inet_pton(family, text, bytes);
    char written[TEXT_ROOM];

    PROMISE(err == PIER_OK || err == PIER_EINVAL);
    if (err == PIER_OK) {
        PROMISE(pier_inet_ntop(family, bytes, written, 46) == PIER_OK);
        PROMISE(pier_inet_pton(family, written, again) == PIER_OK);
        PROMISE(memcmp(bytes, again, width) == 0);
    }
    agree(family, text, err ? NULL : bytes);
    free(again);
    free(bytes);
}

static void read_scoped(const char *text)
{
    struct pier_address a = untouched(), again;
    pier_err err = pier_address_inet6(&a, text, 65535, 0xfffff, 0);
    char host[TEXT_ROOM];

    PROMISE(err == PIER_OK ? pier_address_port(&a) == 65535
                           : is_documented(err) && is_untouched(&a));
    if (err == PIER_OK) {
        PROMISE(pier_address_host(&a, host, 65) == PIER_OK);
        PROMISE(pier_address_inet6(&again, host, 65535, 0, 0) == PIER_OK);
        PROMISE(pier_address_equal(&a, &again));
        PROMISE(pier_address_flowinfo(&a) == 0xfffff);
        goes_round(&a);
    }
}

/* A path of any bytes. */
static void read_path(const uint8_t *data, size_t size)
{
    struct pier_address a = untouched();
    pier_err err = pier_address_unix(&a, data, size);
    size_t length = 0;
    const void *path;

    if (err) {
        PROMISE(is_documented(err) && is_untouched(&a));
        return;
    }
    path = pier_address_path(&a, &length);
    PROMISE(path && length == size && memcmp(path, data, size) == 0);
    goes_round(&a);
}

/* The texts of other families. */
static void read_others(const char *text)
{
    struct pier_address a = untouched();
    char device[PIER_BDADDR_ROOM], uuid[PIER_UUID_ROOM];
    pier_err err = pier_address_sco(&a, text);

    if (err == PIER_OK) {
        PROMISE(pier_address_get_sco(&a, device) == PIER_OK);
        PROMISE(strlen(device) == strlen(text));
    } else {
        PROMISE(is_documented(err) && is_untouched(&a));
    }
    a = untouched();
    err = pier_address_hyperv(&a, text, text);
    if (err == PIER_OK) {
        PROMISE(pier_address_get_hyperv(&a, uuid, NULL) == PIER_OK);
        PROMISE(strlen(uuid) == strlen(text));
    } else {
        PROMISE(is_documented(err) && is_untouched(&a));
    }
    a = untouched();
    err = pier_address_alg(&a, text, text, 0, 0);
    PROMISE(err == PIER_OK || (is_documented(err) && is_untouched(&a)));
}

/* What the numbers of a look-up are, said with its functions once more. */
static void ask_back(const struct pier_addrinfo *entry)
{
    const int numeric = PIER_NI_NUMERICHOST | PIER_NI_NUMERICSERV;
    const struct pier_addrinfo_hints hints = { PIER_AI_NUMERICHOST |
                                                   PIER_AI_NUMERICSERV,
                                               entry->family, entry->type,
                                               entry->protocol };
    struct pier_addrinfo *again;
    char host[TEXT_ROOM], service[TEXT_ROOM];

    PROMISE(pier_getnameinfo(&entry->address, host, sizeof(host), service,
                             sizeof(service), numeric, NULL) == PIER_OK);
    PROMISE(pier_getaddrinfo(&again, host, service, &hints, NULL) == PIER_OK);
    PROMISE(pier_address_equal(&again->address, &entry->address));
    PROMISE(!again->next);
    pier_freeaddrinfo(again);
}

static void ask(const char *host, const char *service)
{
    const struct pier_addrinfo_hints hints = {
        PIER_AI_NUMERICHOST | PIER_AI_NUMERICSERV, 0, 0, 0
    };
    struct pier_addrinfo *list;
    pier_err err = pier_getaddrinfo(&list, host, service, &hints, NULL);

    PROMISE(err == PIER_OK ? list != NULL : list == NULL);
    PROMISE(err == PIER_OK || err == PIER_EAI_NONAME ||
            err == PIER_EAI_SERVICE);
    for (const struct pier_addrinfo *each = list; each; each = each->next)
        ask_back(each);
    pier_freeaddrinfo(list);
}

static void ask_numbers(char *text)
{
    char *feed = strchr(text, '\n');

    if (!feed) {
        ask(text, NULL);
        return;
    }
    *feed = '\0';
    ask(text, feed + 1);
    *feed = '\n';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = room(size + 1);

    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    read_whole(text);
    read_bytes(PIER_AF_INET, text, 4);
    read_bytes(PIER_AF_INET6, text, 16);
    read_scoped(text);
    read_path(data, size);
    read_others(text);
    ask_numbers(text);
    free(text);
    return 0;
}
