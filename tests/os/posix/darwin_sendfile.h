/* SPDX-License-Identifier: MIT */
/* Forced into the variant for macOS: sendfile() as its headers declare it, by
 * a name that this system does not have. */
#ifndef DARWIN_SENDFILE_H
#define DARWIN_SENDFILE_H

#include <sys/types.h>

struct sf_hdtr;

#define sendfile darwin_sendfile
int darwin_sendfile(int fd, int s, off_t offset, off_t *length,
                    struct sf_hdtr *headers, int flags);

#endif
