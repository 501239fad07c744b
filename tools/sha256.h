/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4), for checksums of files. */
#ifndef TOOLS_SHA256_H
#define TOOLS_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32
#define SHA256_BLOCK 64

struct sha256 {
    uint32_t state[8];
    uint64_t total; /* bytes taken in */
    unsigned char block[SHA256_BLOCK];
};

void sha256_start(struct sha256 *hash);
void sha256_add(struct sha256 *hash, const void *data, size_t length);
void sha256_finish(struct sha256 *hash, unsigned char out[SHA256_BYTES]);

/* Lower-case digits and a NUL. */
void sha256_text(const unsigned char digest[SHA256_BYTES],
                 char text[2 * SHA256_BYTES + 1]);

#endif
