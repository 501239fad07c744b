/* SPDX-License-Identifier: MIT */
/* The kernel's crypto gives what OpenSSL gives for the same. */
#include "net.h"

#include <string.h>

static const unsigned char key[16] = { 0xfe, 0xff, 0xe9, 0x92, 0x86, 0x65,
                                       0x73, 0x1c, 0x6d, 0x6a, 0x8f, 0x94,
                                       0x67, 0x30, 0x83, 0x08 };
static unsigned char got[64];

static void read_hex(unsigned char *out, const char *text)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; text[2 * i]; i++) {
        size_t high = (size_t)(strchr(digits, text[2 * i]) - digits);
        size_t low = (size_t)(strchr(digits, text[2 * i + 1]) - digits);

        out[i] = (unsigned char)(high << 4 | low);
    }
}

static void check_got(ptrdiff_t n, const char *hex)
{
    unsigned char expected[64];

    read_hex(expected, hex);
    CHECK_INT(n, strlen(hex) / 2);
    CHECK(memcmp(got, expected, (size_t)n) == 0);
}

/* The socket of an algorithm, which the kernel may not have. */
static struct pier_socket *open_algorithm(const char *type, const char *name)
{
    struct pier_address a;
    struct pier_socket *s;
    pier_err err;

    if (!pier_has_family(PIER_AF_ALG))
        skip_because("this system has no AF_ALG");
    CHECK_OK(pier_open(&s, PIER_AF_ALG, PIER_SOCK_SEQPACKET, 0));
    keep(s);
    CHECK_OK(pier_address_alg(&a, type, name, 0, 0));
    err = pier_bind(s, &a);
    if (err == PIER_ENOENT)
        skip_because("this kernel lacks the algorithm");
    CHECK_OK(err);
    return s;
}

static void set_key(struct pier_socket *s, const void *bytes, size_t length)
{
    CHECK_OK(
        pier_setsockopt(s, PIER_SOL_ALG, PIER_ALG_SET_KEY, bytes, length));
}

static struct pier_socket *open_operation(struct pier_socket *algorithm)
{
    struct pier_socket *s;

    CHECK_OK(pier_accept(&s, algorithm, NULL));
    return keep(s);
}

static void a_hash_is_that_of_openssl(void **state)
{
    struct pier_socket *s = open_operation(open_algorithm("hash", "sha256"));

    (void)state;
    CHECK_INT(pier_send(s, "abc", 3, 0), 3);
    check_got(
        pier_recv(s, got, sizeof(got), 0),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void a_keyed_hash_is_that_of_openssl(void **state)
{
    struct pier_socket *s = open_algorithm("hash", "hmac(sha256)");

    (void)state;
    set_key(s, "key", 3);
    s = open_operation(s);
    CHECK_INT(pier_send(s, "what do ya want ", 16, PIER_MSG_MORE), 16);
    CHECK_INT(pier_send(s, "for nothing?", 12, 0), 12);
    check_got(
        pier_recv(s, got, sizeof(got), 0),
        "8f547faca905d8655cd4fea0f3627558e946959b94bf63d43edb148332ab50de");
}

static void a_cipher_is_that_of_openssl_both_ways(void **state)
{
    static const char plain[] =
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51";
    static const char secret[] =
        "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2";
    struct pier_socket *s = open_algorithm("skcipher", "cbc(aes)");
    unsigned char bytes[32], iv[16], cbc_key[16];
    struct pier_buffer halves[2] = { { bytes, 16 }, { bytes + 16, 16 } };

    (void)state;
    read_hex(cbc_key, "2b7e151628aed2a6abf7158809cf4f3c");
    read_hex(iv, "000102030405060708090a0b0c0d0e0f");
    set_key(s, cbc_key, sizeof(cbc_key));
    s = open_operation(s);
    read_hex(bytes, plain);
    CHECK_INT(pier_send_afalg(s, halves, 2, PIER_ALG_OP_ENCRYPT, iv,
                              sizeof(iv), -1, 0),
              32);
    check_got(pier_recv(s, got, 32, 0), secret);
    read_hex(bytes, secret);
    CHECK_INT(pier_send_afalg(s, halves, 2, PIER_ALG_OP_DECRYPT, iv,
                              sizeof(iv), -1, 0),
              32);
    check_got(pier_recv(s, got, 32, 0), plain);
}

/* What is only authenticated, the text, and after it the tag. */
static void an_authenticated_cipher_is_that_of_openssl(void **state)
{
    struct pier_socket *s = open_algorithm("aead", "gcm(aes)");
    unsigned char associated[8], plain[16], iv[12];
    struct pier_buffer both[2] = { { associated, 8 }, { plain, 16 } };

    (void)state;
    read_hex(associated, "feedfacedeadbeef");
    read_hex(plain, "d9313225f88406e5a55909c5aff5269a");
    read_hex(iv, "cafebabefacedbaddecaf888");
    set_key(s, key, sizeof(key));
    CHECK_OK(pier_setsockopt(s, PIER_SOL_ALG, PIER_ALG_SET_AEAD_AUTHSIZE, NULL,
                             16));
    s = open_operation(s);
    CHECK_INT(pier_send_afalg(s, both, 2, PIER_ALG_OP_ENCRYPT, iv, sizeof(iv),
                              sizeof(associated), 0),
              24);
    check_got(pier_recv(s, got, 40, 0),
              "feedfacedeadbeef42831ec2217774244b7221b784d0d49c"
              "e363fba551dfa93a595384bfdad5b98a");
}

static void random_bytes_come_and_differ(void **state)
{
    struct pier_socket *s = open_algorithm("rng", "stdrng");
    unsigned char more[16];

    (void)state;
    set_key(s, NULL, 0);
    s = open_operation(s);
    CHECK_INT(pier_recv(s, got, 16, 0), 16);
    CHECK_INT(pier_recv(s, more, 16, 0), 16);
    CHECK(memcmp(got, more, 16) != 0);
}

static void a_vector_of_a_wrong_length_is_refused(void **state)
{
    struct pier_socket *s = open_algorithm("skcipher", "cbc(aes)");
    struct pier_buffer piece = { got, 16 };

    (void)state;
    set_key(s, key, sizeof(key));
    s = open_operation(s);
    CHECK_ERR(
        pier_send_afalg(s, &piece, 1, PIER_ALG_OP_ENCRYPT, key, 15, -1, 0),
        PIER_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(a_hash_is_that_of_openssl),
        NET_TEST(a_keyed_hash_is_that_of_openssl),
        NET_TEST(a_cipher_is_that_of_openssl_both_ways),
        NET_TEST(an_authenticated_cipher_is_that_of_openssl),
        NET_TEST(random_bytes_come_and_differ),
        NET_TEST(a_vector_of_a_wrong_length_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
