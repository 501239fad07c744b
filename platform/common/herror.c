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
