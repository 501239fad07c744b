/* SPDX-License-Identifier: MIT */
/* Lists of struct pier_addrinfo, built the same way for every system. */
#ifndef PIERI_ADDRINFO_H
#define PIERI_ADDRINFO_H

#include "platform.h"
#include <pier/resolver.h>

struct pieri_addrinfo_list {
    struct pier_addrinfo *first;
    struct pier_addrinfo **end;
};

void pieri_addrinfo_begin(struct pieri_addrinfo_list *list);

/*
 * Adds a name; an open type becomes one entry for each type that fits the
 * protocol, an open protocol that of its type, and what is there already is
 * not added again. PIER_ENOMEM.
 */
pier_err pieri_addrinfo_add(struct pieri_addrinfo_list *list,
                            const struct pierp_name *name);

/* The first entry carries the canonical name; NULL is fine. */
pier_err pieri_addrinfo_set_canonname(struct pieri_addrinfo_list *list,
                                      const char *name);

/* Whether type and protocol go together. */
bool pieri_addrinfo_fits(int type, int protocol);

#endif
