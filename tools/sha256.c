/* SPDX-License-Identifier: MIT */
#include "sha256.h"

#include <string.h>

/* clang-format off */
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
    0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
    0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
    0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};
/* clang-format on */

static uint32_t rotate(uint32_t value, int bits)
{
    return value >> bits | value << (32 - bits);
}

static uint32_t load(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           p[3];
}

static void store(unsigned char *p, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)(value >> (24 - 8 * i));
}

static void expand(uint32_t w[64], const unsigned char *block)
{
    for (size_t i = 0; i < 16; i++)
        w[i] = load(block + 4 * i);
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15];
        uint32_t b = w[i - 2];

        w[i] = w[i - 16] + w[i - 7] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) +
               (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
}

/*
 * One round. The letters a to h of the standard are s[-i] to s[7 - i], modulo
 * 8: the names move, so that the values need not.
 */
static inline void mix(uint32_t s[8], unsigned i, uint32_t input)
{
    uint32_t a = s[(0 - i) & 7];
    uint32_t b = s[(1 - i) & 7];
    uint32_t c = s[(2 - i) & 7];
    uint32_t e = s[(4 - i) & 7];
    uint32_t f = s[(5 - i) & 7];
    uint32_t g = s[(6 - i) & 7];
    uint32_t t1 = s[(7 - i) & 7] + input + (g ^ (e & (f ^ g))) +
                  (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25));
    uint32_t t2 = ((a & b) ^ (c & (a ^ b))) +
                  (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22));

    s[(3 - i) & 7] += t1;
    s[(7 - i) & 7] = t1 + t2;
}

static void compress(uint32_t state[8], const unsigned char *block)
{
    uint32_t w[64];
    uint32_t s[8];

    expand(w, block);
    memcpy(s, state, sizeof s);
    /* Written out, the places are known and s stays in registers. */
    for (int i = 0; i < 64; i += 8) {
        mix(s, 0, constants[i] + w[i]);
        mix(s, 1, constants[i + 1] + w[i + 1]);
        mix(s, 2, constants[i + 2] + w[i + 2]);
        mix(s, 3, constants[i + 3] + w[i + 3]);
        mix(s, 4, constants[i + 4] + w[i + 4]);
        mix(s, 5, constants[i + 5] + w[i + 5]);
        mix(s, 6, constants[i + 6] + w[i + 6]);
        mix(s, 7, constants[i + 7] + w[i + 7]);
    }
    for (int i = 0; i < 8; i++)
        state[i] += s[i];
}

void sha256_start(struct sha256 *hash)
{
    static const uint32_t initial[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                         0xa54ff53a, 0x510e527f, 0x9b05688c,
                                         0x1f83d9ab, 0x5be0cd19 };

    memcpy(hash->state, initial, sizeof initial);
    hash->total = 0;
}

void sha256_add(struct sha256 *hash, const void *data, size_t length)
{
    const unsigned char *next = data;
    size_t held = hash->total % SHA256_BLOCK;

    hash->total += length;
    if (held + length >= SHA256_BLOCK && held > 0) {
        size_t missing = SHA256_BLOCK - held;

        memcpy(hash->block + held, next, missing);
        compress(hash->state, hash->block);
        next += missing;
        length -= missing;
        held = 0;
    }
    for (; length >= SHA256_BLOCK; length -= SHA256_BLOCK) {
        compress(hash->state, next);
        next += SHA256_BLOCK;
    }
    if (length > 0)
        memcpy(hash->block + held, next, length);
}

void sha256_finish(struct sha256 *hash, unsigned char out[SHA256_BYTES])
{
    static const unsigned char padding[SHA256_BLOCK] = { 0x80 };
    uint64_t bits = hash->total * 8;
    size_t held = hash->total % SHA256_BLOCK;
    unsigned char length[8];

    /* One bit, zeros up to 8 bytes before a block's end, the bit count. */
    sha256_add(hash, padding, (held < 56 ? 56 : 120) - held);
    store(length, (uint32_t)(bits >> 32));
    store(length + 4, (uint32_t)bits);
    sha256_add(hash, length, sizeof length);
    for (size_t i = 0; i < 8; i++)
        store(out + 4 * i, hash->state[i]);
}

void sha256_text(const unsigned char digest[SHA256_BYTES],
                 char text[2 * SHA256_BYTES + 1])
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < SHA256_BYTES; i++) {
        text[2 * i] = digits[digest[i] >> 4];
        text[2 * i + 1] = digits[digest[i] & 15];
    }
    text[(size_t)2 * SHA256_BYTES] = '\0';
}
