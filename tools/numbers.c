/* SPDX-License-Identifier: MIT */
#include "numbers.h"

#include <string.h>

#define SECONDS_MAX 1000000000

/* The digits at *text, which is moved behind them; false: none, too many. */
static bool take_digits(const char **text, int64_t limit, int64_t *out)
{
    const char *start = *text;
    int64_t value = 0;

    for (; **text >= '0' && **text <= '9'; (*text)++) {
        value = value * 10 + (**text - '0');
        if (value > limit)
            return false;
    }
    *out = value;
    return *text != start;
}

bool number_is_port(const char *text, int lowest)
{
    int64_t port;

    return take_digits(&text, 65535, &port) && *text == '\0' && port >= lowest;
}

bool number_is_service(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char others[] = "0123456789-_.+";
    const char *rest = text + strspn(text, letters);

    if (rest == text)
        return false;
    while (*rest && (strchr(letters, *rest) || strchr(others, *rest)))
        rest++;
    return *rest == '\0';
}

/* The digits after the point; from the tenth on they are below a nanosecond.
 */
static bool take_fraction(const char **text, int64_t *out)
{
    size_t digits = strspn(*text, "0123456789");
    int64_t value = 0;

    for (size_t i = 0; i < 9; i++)
        value = value * 10 + (i < digits ? (*text)[i] - '0' : 0);
    *text += digits;
    *out = value;
    return digits > 0;
}

bool number_seconds(const char *text, pier_timeout *out)
{
    int64_t seconds = 0;
    int64_t fraction = 0;

    if (*text != '.' && !take_digits(&text, SECONDS_MAX, &seconds))
        return false;
    if (*text == '.') {
        text++;
        if (!take_fraction(&text, &fraction))
            return false;
    }
    if (*text != '\0' || (seconds == 0 && fraction == 0))
        return false;
    *out = PIER_SECONDS(seconds) + fraction;
    return true;
}
