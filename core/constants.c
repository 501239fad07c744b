/* SPDX-License-Identifier: MIT */
#include <pier/constants.h>
#include <pier/error.h>

#include <string.h>

struct text_constant {
    const char *name;
    const char *text;
};

/* Both tables are generated for the target, in the order of strcmp(). */
#define NUMBER(name, group, value) { #name, #group, value },
static const struct pier_constant numbers[] = {
#include "constant_numbers.inc"
};
#undef NUMBER

/* The last row keeps the table valid on a system without texts. */
#define TEXT(name, text) { #name, text },
static const struct text_constant texts[] = {
#include "constant_texts.inc"
    { NULL, NULL }
};
#undef TEXT

pier_err pier_constant(const char *name, long long *value)
{
    size_t low = 0;
    size_t high = sizeof numbers / sizeof numbers[0];

    if (name == NULL || value == NULL)
        return PIER_EINVAL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, numbers[middle].name);

        if (order == 0) {
            *value = numbers[middle].value;
            return 0;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return PIER_ENOENT;
}

const char *pier_constant_text(const char *name)
{
    const struct text_constant *row = texts;

    if (name == NULL)
        return NULL;
    while (row->name != NULL && strcmp(name, row->name) != 0)
        row++;
    return row->text;
}

const struct pier_constant *pier_constants(size_t *count)
{
    if (count != NULL)
        *count = sizeof numbers / sizeof numbers[0];
    return numbers;
}
