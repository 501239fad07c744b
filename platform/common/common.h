/* SPDX-License-Identifier: MIT */
/* What both real backends share; each file in this folder is compiled into
 * them with the backend's own priv.h. */
#ifndef PLAT_COMMON_H
#define PLAT_COMMON_H

#include "platform.h"

/* The PIER_E* code of a result of getaddrinfo() or getnameinfo(). */
pier_err plat_error_from_eai(int eai);

/* The PIER_E* code of an h_errno. */
pier_err plat_error_from_herror(int number);

/* The native number of the first row of a code; 0 where there is none. */
struct plat_number {
    pier_err code;
    int native;
};

int plat_number_of(pier_err code, const struct plat_number *numbers,
                   size_t count);

/* pierp_recvmmsg() and pierp_sendmmsg(), one message after the other. */
ptrdiff_t plat_each_recvmsg(pier_handle h, struct pier_datagram *d,
                            size_t count, int flags);
ptrdiff_t plat_each_sendmsg(pier_handle h, struct pier_datagram *d,
                            size_t count, int flags);

/* The failure of pierp_alloc(), with the code that the system has for it. */
pier_err plat_no_memory(void);

/*
 * What a host look-up gave the backend, and its copy as the caller gets it.
 * aliases ends in NULL, or is NULL; what is no more than the official name is
 * left out.
 */
struct plat_host {
    const char *name;
    char *const *aliases;
    const struct pier_address *addresses;
    size_t address_count;
};

pier_err plat_host_copy(struct pierp_host *out, const struct plat_host *from);

/*
 * What sockaddr.c asks of the backend (address.c): to write the family, and
 * the length where the system's sockaddr has one, of an address of which
 * length bytes are used; and whether AF_UNIX has an abstract namespace.
 */
void plat_set_family(struct pier_address *a, int family, size_t length);
extern const bool plat_has_abstract_names;

/*
 * How a field lies in the system's sockaddr: PLAT_HOST, PLAT_BIG and
 * PLAT_LITTLE are numbers of width bytes in that order, source being which of
 * the numbers; PLAT_FIXED is source itself, in host order. PLAT_BYTES are
 * width bytes, PLAT_GUID 16 of which the first three parts are numbers in
 * host order. PLAT_TAIL is as long as the number source says, at most width
 * bytes, and always from bytes[0].
 */
enum plat_kind {
    PLAT_HOST,
    PLAT_BIG,
    PLAT_LITTLE,
    PLAT_FIXED,
    PLAT_BYTES,
    PLAT_GUID,
    PLAT_TAIL,
};

struct plat_field {
    unsigned char kind, offset, width, source;
};

#define PLAT_FIELDS 6

/*
 * One form of address. length is what an address that is made has; a shorter
 * one of at least least bytes is read too, as kernels give some of them. A
 * field of width 0 ends the list.
 */
struct plat_layout {
    enum pierp_form form;
    int family;
    unsigned char length, least;
    struct plat_field fields[PLAT_FIELDS];
};

/* What this system has; the first row that has the form counts. It is the
 * backend's (families*.c). */
extern const struct plat_layout plat_layouts[];
extern const size_t plat_layout_count;

/*
 * An option as this system names it for each family: what a switch is there
 * where it is off and where it is on, both 0 for a number. A name of 0: the
 * system has none.
 */
struct plat_name {
    int level, name;
};

struct plat_option {
    struct plat_name ipv4, ipv6;
    int off, on;
    struct plat_name also; /* set together with the one of IPv4 */
};

/* By enum pierp_option; the backend's (option_names.c). */
extern const struct plat_option plat_options[];

/*
 * An item of control data that tells something of a message. length is what it
 * has at least; at says where in it is what, by its kind.
 */
enum plat_item_kind {
    PLAT_ITEM_IPV4,        /* address; index; address to send from */
    PLAT_ITEM_IPV6,        /* the same */
    PLAT_ITEM_INTERFACE,   /* index; its width */
    PLAT_ITEM_HOPS,        /* one number */
    PLAT_ITEM_CLASS,       /* one number */
    PLAT_ITEM_NS,          /* width of seconds; nanoseconds; their width */
    PLAT_ITEM_US,          /* the same with microseconds */
    PLAT_ITEM_CREDENTIALS, /* process; user; group */
};

#define PLAT_NOWHERE 255
#define PLAT_INT     4 /* bytes of what has no width here */

struct plat_item {
    enum plat_item_kind kind;
    int level, type;
    unsigned char length, at[3];
    bool is_sent; /* whether it can be sent, too */
};

/* What this system has; it is the backend's (message_items*.c). */
extern const struct plat_item plat_items[];
extern const size_t plat_item_count;

/* PIER_ENOTSUP, with the system's own code for it. */
pier_err plat_lack(void);

#endif
