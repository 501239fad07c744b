/* SPDX-License-Identifier: MIT */
#ifndef PIERI_TEXT_H
#define PIERI_TEXT_H

/* A copy from pierp_alloc(); NULL for NULL, or when memory lacks. */
char *pieri_text_copy(const char *text);

#endif
