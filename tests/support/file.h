/* SPDX-License-Identifier: MIT */
/* Real files and pipes for tests; a call that fails ends the test. */
#ifndef TEST_FILE_H
#define TEST_FILE_H

#include <pier/types.h>

/* An empty file in the directory of the test, for reading and writing, which
 * is gone once it is closed. */
pier_file file_make(void);
void file_close(pier_file file);

/* Bytes that are never written are 0 and take no room where the system has
 * sparse files. The position is left at 0. */
void file_resize(pier_file file, int64_t length);
void file_write(pier_file file, int64_t offset, const void *bytes,
                size_t length);

/* A file of so many bytes, which differ from place to place. */
pier_file file_make_filled(int64_t length);
unsigned char file_byte(int64_t offset);

int64_t file_position(pier_file file);
void file_seek(pier_file file, int64_t position);

/* The same, but it cannot be read. */
pier_file file_make_unreadable(void);

/* ends[0] is read, ends[1] written; nobody inherits them. */
void file_pipe(pier_file ends[2]);
void file_feed(pier_file pipe, const void *bytes, size_t length);

#endif
