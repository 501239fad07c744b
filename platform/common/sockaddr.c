/* SPDX-License-Identifier: MIT */
/*
 * The fields of the system's sockaddr. They are copied in and out: the bytes
 * of a struct pier_address are read as no type but their own.
 */
#include "common.h"
#include "priv.h"

#define ROOM        sizeof(((struct pier_address *)0)->storage.bytes)
#define PATH_OFFSET offsetof(struct sockaddr_un, sun_path)
#define PATH_ROOM   sizeof(((struct sockaddr_un *)0)->sun_path)

_Static_assert(sizeof(struct sockaddr_un) <= ROOM, "AF_UNIX must fit");
_Static_assert(sizeof(struct sockaddr_in6) <= ROOM, "AF_INET6 must fit");

int pierp_address_family(const struct pier_address *a)
{
    struct sockaddr sa;

    if (a->length < offsetof(struct sockaddr, sa_family) + sizeof sa.sa_family)
        return AF_UNSPEC;
    memcpy(&sa, a->storage.bytes, sizeof sa);
    return sa.sa_family;
}

static void pack_inet(struct pier_address *out, const struct pierp_endpoint *e)
{
    struct sockaddr_in in = { 0 };

    in.sin_port = htons(e->port);
    memcpy(&in.sin_addr, e->ip, sizeof in.sin_addr);
    memcpy(out->storage.bytes, &in, sizeof in);
    plat_set_family(out, AF_INET, sizeof in);
}

static void pack_inet6(struct pier_address *out,
                       const struct pierp_endpoint *e)
{
    struct sockaddr_in6 in6 = { 0 };

    in6.sin6_port = htons(e->port);
    in6.sin6_flowinfo = htonl(e->flowinfo);
    in6.sin6_scope_id = e->scope_id;
    memcpy(&in6.sin6_addr, e->ip, sizeof in6.sin6_addr);
    memcpy(out->storage.bytes, &in6, sizeof in6);
    plat_set_family(out, AF_INET6, sizeof in6);
}

pier_err pierp_address_pack(struct pier_address *out,
                            const struct pierp_endpoint *e)
{
    if (e->family != AF_INET && e->family != AF_INET6)
        return PIER_EAFNOSUPPORT;
    memset(out, 0, sizeof *out);
    if (e->family == AF_INET) {
        pack_inet(out, e);
    } else {
        pack_inet6(out, e);
    }
    return PIER_OK;
}

static pier_err unpack_inet(struct pierp_endpoint *out,
                            const struct pier_address *a)
{
    struct sockaddr_in in;

    if (a->length < sizeof in)
        return PIER_EINVAL;
    memcpy(&in, a->storage.bytes, sizeof in);
    memset(out, 0, sizeof *out);
    out->family = AF_INET;
    out->port = ntohs(in.sin_port);
    memcpy(out->ip, &in.sin_addr, sizeof in.sin_addr);
    return PIER_OK;
}

static pier_err unpack_inet6(struct pierp_endpoint *out,
                             const struct pier_address *a)
{
    struct sockaddr_in6 in6;

    if (a->length < sizeof in6)
        return PIER_EINVAL;
    memcpy(&in6, a->storage.bytes, sizeof in6);
    memset(out, 0, sizeof *out);
    out->family = AF_INET6;
    out->port = ntohs(in6.sin6_port);
    out->flowinfo = ntohl(in6.sin6_flowinfo);
    out->scope_id = (uint32_t)in6.sin6_scope_id;
    memcpy(out->ip, &in6.sin6_addr, sizeof in6.sin6_addr);
    return PIER_OK;
}

pier_err pierp_address_unpack(struct pierp_endpoint *out,
                              const struct pier_address *a)
{
    switch (pierp_address_family(a)) {
    case AF_INET:
        return unpack_inet(out, a);
    case AF_INET6:
        return unpack_inet6(out, a);
    default:
        return PIER_EAFNOSUPPORT;
    }
}

pier_err pierp_address_pack_unix(struct pier_address *out, const void *path,
                                 size_t length)
{
    bool abstract = length > 0 && *(const char *)path == '\0';
    size_t nul = length > 0 && !abstract; /* a path is stored with its own */

    if (abstract && !plat_has_abstract_names)
        return PIER_EAFNOSUPPORT;
    if (length > PATH_ROOM - nul)
        return PIER_ENAMETOOLONG;
    memset(out, 0, sizeof *out);
    if (length > 0)
        memcpy(out->storage.bytes + PATH_OFFSET, path, length);
    plat_set_family(out, AF_UNIX, PATH_OFFSET + length + nul);
    return PIER_OK;
}

const void *pierp_address_path(const struct pier_address *a, size_t *length)
{
    const unsigned char *path = a->storage.bytes + PATH_OFFSET;
    const unsigned char *end;
    size_t used;

    *length = 0;
    if (pierp_address_family(a) != AF_UNIX)
        return NULL;
    used = a->length > PATH_OFFSET ? a->length - PATH_OFFSET : 0;
    if (used > PATH_ROOM)
        used = PATH_ROOM;
    /* The unnamed address comes without a path, or with one of zeroes. */
    if (used == 0 || (path[0] == '\0' && !plat_has_abstract_names))
        return path;
    /* A path that the system gave may fill its room without a NUL. */
    end = path[0] == '\0' ? NULL : memchr(path, '\0', used);
    *length = end ? (size_t)(end - path) : used;
    return path;
}
