/* SPDX-License-Identifier: MIT */
/* Forced into the variant for FreeBSD: sendfile() as its headers declare it,
 * by a name that this system does not have. */
#ifndef FREEBSD_SENDFILE_H
#define FREEBSD_SENDFILE_H

#include <sys/types.h>

struct sf_hdtr;

#define sendfile freebsd_sendfile
int freebsd_sendfile(int fd, int s, off_t offset, size_t length,
                     struct sf_hdtr *headers, off_t *sent, int flags);

#endif
