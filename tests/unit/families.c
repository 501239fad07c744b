/* SPDX-License-Identifier: MIT */
#include "families.h"

#include <string.h>

struct pier_address untouched(void)
{
    struct pier_address a;

    memset(&a, 0x5a, sizeof a);
    return a;
}

bool is_untouched(const struct pier_address *a)
{
    struct pier_address expected = untouched();

    return a->length == expected.length && a->reserved == expected.reserved &&
           memcmp(a->storage.bytes, expected.storage.bytes,
                  sizeof expected.storage.bytes) == 0;
}

bool made(pier_err err, bool has_family, const struct pier_address *a)
{
    if (has_family) {
        CHECK_OK(err);
        CHECK_INT(a->reserved, 0);
        return true;
    }
    CHECK_ERR(err, PIER_EAFNOSUPPORT);
    CHECK(is_untouched(a));
    return false;
}

void check_refused(pier_err err, pier_err expected, bool has_family,
                   const struct pier_address *a)
{
    CHECK(is_untouched(a));
    if (has_family || err != PIER_EAFNOSUPPORT)
        CHECK_ERR(err, expected);
}

void check_passes_through(const struct pier_address *a)
{
    struct pier_address b = untouched();

    CHECK_OK(
        pier_address_from_sockaddr(&b, pier_address_sockaddr(a), a->length));
    CHECK(pier_address_equal(a, &b));
    CHECK_INT(pier_address_family(a), pier_address_family(&b));
    b.storage.bytes[b.length - 1] ^= 1;
    CHECK(!pier_address_equal(a, &b));
    CHECK_INT(pier_address_port(a), -1);
    CHECK_ERR(pier_address_set_port(&b, 1), PIER_EAFNOSUPPORT);
    CHECK(pier_address_path(a, NULL) == NULL);
    CHECK(!pier_address_is_loopback(a));
    CHECK(!pier_address_is_multicast(a));
}
