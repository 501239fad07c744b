/* SPDX-License-Identifier: MIT */
#include "common.h"
#include "priv.h"

#define HERROR(code, number)                                                  \
    case number:                                                              \
        return code;

pier_err plat_error_from_herror(int number)
{
    switch (number) {
#include "errors.def"
    default:
        return PIER_EUNKNOWN;
    }
}

int plat_number_of(pier_err code, const struct plat_number *numbers,
                   size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (numbers[i].code == code)
            return numbers[i].native;
    }
    return 0;
}
