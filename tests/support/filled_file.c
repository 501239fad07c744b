/* SPDX-License-Identifier: MIT */
#include "file.h"

enum {
    BLOCK = 64 * 1024
};

unsigned char file_byte(int64_t offset)
{
    return (unsigned char)(offset * 31 + offset / 251);
}

pier_file file_make_filled(int64_t length)
{
    static unsigned char block[BLOCK];
    pier_file file = file_make();

    for (int64_t at = 0; at < length; at += BLOCK) {
        size_t n = length - at < BLOCK ? (size_t)(length - at) : BLOCK;

        for (size_t i = 0; i < n; i++)
            block[i] = file_byte(at + (int64_t)i);
        file_write(file, at, block, n);
    }
    return file;
}
