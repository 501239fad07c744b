/* SPDX-License-Identifier: MIT */
/* Gives the files of its arguments to the target, where libFuzzer is not. */
#include "fuzz.h"

#define LONGEST 65536

static uint8_t bytes[LONGEST];

static int run(const char *name)
{
    FILE *file = fopen(name, "rb");
    uint8_t *input;
    size_t size;

    if (!file) {
        perror(name);
        return EXIT_FAILURE;
    }
    size = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    input = room(size);
    for (size_t i = 0; i < size; i++)
        input[i] = bytes[i];
    (void)printf("%s, %lu bytes\n", name, (unsigned long)size);
    (void)fflush(stdout);
    (void)LLVMFuzzerTestOneInput(input, size);
    free(input);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    int status = argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;

    for (int i = 1; i < argc && status == EXIT_SUCCESS; i++)
        status = run(argv[i]);
    return status;
}
