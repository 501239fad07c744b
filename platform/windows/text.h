/* SPDX-License-Identifier: MIT */
/* Between UTF-8, which pier's texts are, and UTF-16, which Windows' are. */
#ifndef WIN_TEXT_H
#define WIN_TEXT_H

#include "priv.h"

/* False for what is no UTF-8 or does not fit; capacity counts the NUL. */
static inline bool win_widen(wchar_t *out, int capacity, const char *text)
{
    return MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, out,
                               capacity) > 0;
}

/* False for what does not fit, which may be written in part. */
static inline bool win_narrow(char *out, size_t capacity, const wchar_t *text)
{
    return WideCharToMultiByte(CP_UTF8, 0, text, -1, out, win_clamp(capacity),
                               NULL, NULL) > 0;
}

/* The same, with the NUL, in bytes; 0: not at all. */
static inline size_t win_narrow_size(const wchar_t *text)
{
    return (size_t)WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL,
                                       NULL);
}

/* Writes all of it or nothing: PIER_ENOBUFS. */
static inline pier_err win_give(char *out, size_t capacity,
                                const wchar_t *text)
{
    size_t size = win_narrow_size(text);

    if (size == 0 || size > capacity)
        return win_fail_with(WSAENOBUFS);
    (void)win_narrow(out, capacity, text);
    return PIER_OK;
}

#endif
