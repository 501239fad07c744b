/* SPDX-License-Identifier: MIT */
#ifndef PIERI_MODE_H
#define PIERI_MODE_H

#include "object.h"

/* Gives a new object the process's defaults, or those of another. */
void pieri_mode_inherit(struct pier_socket *s);
void pieri_mode_copy(struct pier_socket *s, const struct pier_socket *from);

/* s gets a duplicate: from now on its handle stays non-blocking. */
pier_err pieri_mode_share(struct pier_socket *s);

/* Gives a new object the timeout 0. */
void pieri_mode_never_block(struct pier_socket *s);

#endif
