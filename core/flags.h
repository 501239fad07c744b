/* SPDX-License-Identifier: MIT */
#ifndef PIERI_FLAGS_H
#define PIERI_FLAGS_H

#include "call.h"

/*
 * Takes PIER_MSG_DONTWAIT, _NOSIGNAL and _WAITALL out of the flags, which
 * pier answers itself on every system. PIER_EOPNOTSUPP: a flag that this
 * system lacks.
 */
pier_err pieri_flags_take(struct pieri_io *io, const char *operation);

#endif
