/* SPDX-License-Identifier: MIT */
#include "text.h"
#include "platform.h"
#include <string.h>

char *pieri_text_copy(const char *text)
{
    size_t size;
    char *copy;

    if (!text)
        return NULL;
    size = strlen(text) + 1;
    copy = pierp_alloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}
