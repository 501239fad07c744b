/* SPDX-License-Identifier: MIT */
/* The part of the seam that has to do with names; see platform.h. */
#ifndef PIERP_PLATFORM_NAMES_H
#define PIERP_PLATFORM_NAMES_H

#include <pier/address.h>
#include <pier/error.h>

/* ------------------------------------------------------------ names --- */

struct pierp_query {
    const char *host;    /* NULL: none */
    const char *service; /* NULL: none */
    int flags, family, type, protocol;
};

struct pierp_name {
    int family, type, protocol;
    struct pier_address address;
};

struct pierp_answer {
    struct pierp_name *names; /* in the system's order */
    size_t count;
    char *canonname; /* NULL: not asked for or not known */
};

/*
 * The system's resolver, blocking. Errors are PIER_EAI_*, or a system code
 * where it gives one. names and canonname are from pierp_alloc(); the caller
 * frees them.
 */
pier_err pierp_getaddrinfo(struct pierp_answer *out,
                           const struct pierp_query *query);

/* A capacity of 0 leaves that part out. */
pier_err pierp_getnameinfo(const struct pier_address *a, char *host,
                           size_t host_capacity, char *service,
                           size_t service_capacity, int flags);

/* A host as the older look-ups tell of it. */
struct pierp_host {
    char *names; /* the official one, then its aliases, each with its NUL */
    size_t name_count;
    struct pier_address *addresses; /* ports 0 */
    size_t address_count;
};

/*
 * The same resolver by its older questions, blocking: the IPv4 addresses of a
 * name, the names of an address. Errors are PIER_EHOST_*, PIER_EAI_*, or a
 * system code. names and addresses are from pierp_alloc(); the caller frees
 * them. No alias is the official name once more.
 */
pier_err pierp_gethostbyname(struct pierp_host *out, const char *host);
pier_err pierp_gethostbyaddr(struct pierp_host *out,
                             const struct pier_address *a);

/* The name of this machine, whole or not at all: PIER_ENOBUFS. */
pier_err pierp_gethostname(char *buffer, size_t capacity);

/* PIER_EINVAL: the name is too long; PIER_ENOTSUP: only a restart can. */
pier_err pierp_sethostname(const char *name);

/*
 * The system's lists of services and protocols, which may be more than files.
 * A port is in host order; protocol NULL is any. PIER_EAI_SERVICE, PIER_ENOENT
 * for a protocol: there is none such. PIER_ENOBUFS: the name does not fit.
 */
pier_err pierp_getservbyname(int *port, const char *name,
                             const char *protocol);
pier_err pierp_getservbyport(char *buffer, size_t capacity, uint16_t port,
                             const char *protocol);
pier_err pierp_getprotobyname(int *number, const char *name);

/* ------------------------------------------------------- interfaces --- */

#define PIERP_INTERFACE_NAME 257 /* the longest name, with its NUL */

/* A line of the list of interfaces: an interface, or an address of one, or
 * both. Lines come in any order, several of one interface. */
struct pierp_interface {
    unsigned index;                  /* never 0 */
    unsigned flags;                  /* IFF_* as far as this line knows them */
    char name[PIERP_INTERFACE_NAME]; /* empty: another line has it */
    struct pier_address address;     /* of IPv4 or IPv6; length 0: none */
};

/* All interfaces, those that are down included; *out is from pierp_alloc(),
 * NULL where there are none. */
pier_err pierp_if_list(struct pierp_interface **out, size_t *count);

/* The index of a network interface, and its name as the system writes it in
 * a scoped IPv6 address. PIER_ENXIO: there is none such. */
pier_err pierp_if_nametoindex(unsigned *out, const char *name);
pier_err pierp_if_indextoname(char name[PIERP_INTERFACE_NAME], unsigned index);

#endif
