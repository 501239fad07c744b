/* SPDX-License-Identifier: MIT */
/* Ctrl-C and its like end every call that may block, through one token. */
#ifndef TOOLS_INTERRUPT_H
#define TOOLS_INTERRUPT_H

#include <pier/cancel.h>

/* False: not possible, nothing was reported. */
bool interrupt_start(void);

/* To be attached to sockets and look-ups; lives as long as the program. */
struct pier_cancel *interrupt_token(void);
bool interrupt_came(void);

#endif
