/* SPDX-License-Identifier: MIT */
/* Chooses how to wait, and waits where there is no socket to ask. */
#include "wait.h"

#define NS_PER_MS 1000000

/* The build says which; see sources.cmake. */
#ifndef WIN_WAIT_DEFAULT
#define WIN_WAIT_DEFAULT L"auto"
#endif

static enum win_way parse(const wchar_t *name)
{
    if (wcscmp(name, L"auto") == 0)
        return WIN_WAY_AUTO;
    if (wcscmp(name, L"afd") == 0)
        return WIN_WAY_AFD;
    return wcscmp(name, L"wsapoll") == 0 ? WIN_WAY_WSAPOLL : WIN_WAY_UNKNOWN;
}

static enum win_way find_way(void)
{
    wchar_t name[16];
    DWORD capacity = sizeof(name) / sizeof(name[0]);
    DWORD length =
        GetEnvironmentVariableW(L"PIER_WINDOWS_WAIT", name, capacity);
    enum win_way found = WIN_WAY_UNKNOWN;

    if (length > 0 && length < capacity)
        found = parse(name);
    return found == WIN_WAY_UNKNOWN ? parse(WIN_WAIT_DEFAULT) : found;
}

/* Threads that find it at the same time find the same. */
enum win_way win_wait_way(void)
{
    static _Atomic int known;
    int way = atomic_load_explicit(&known, memory_order_relaxed);

    if (way == WIN_WAY_UNKNOWN) {
        way = find_way();
        atomic_store_explicit(&known, way, memory_order_relaxed);
    }
    return (enum win_way)way;
}

bool win_is_set(HANDLE event)
{
    return WaitForSingleObject(event, 0) == WAIT_OBJECT_0;
}

unsigned win_woken(const struct win_wait *w)
{
    size_t i;

    for (i = 0; i < w->wake_count; i++) {
        if (win_is_set(w->wakes[i]->event))
            return PIERP_WOKEN;
    }
    return 0;
}

DWORD win_wait_ms(int64_t timeout)
{
    int64_t ms = timeout / NS_PER_MS + (timeout % NS_PER_MS > 0);

    if (timeout < 0)
        return INFINITE;
    return ms > INT32_MAX ? INT32_MAX : (DWORD)ms;
}

/* What ended the wait is known without asking again: the lowest index. */
static unsigned what_happened(DWORD index, size_t wake_count, HANDLE also)
{
    if (index < wake_count)
        return PIERP_WOKEN;
    return index == wake_count && also ? PIERP_READY : 0;
}

pier_err win_wait_events(const struct win_wait *w, HANDLE also, unsigned *got)
{
    HANDLE objects[PIERP_WAKES_MAX + 2];
    HANDLE timer = win_short_timer(w->own, w->timeout);
    DWORD ms = win_wait_ms(w->timeout);
    DWORD count, ended;

    for (count = 0; count < w->wake_count; count++)
        objects[count] = w->wakes[count]->event;
    if (also)
        objects[count++] = also;
    if (timer)
        objects[count++] = timer;
    if (count == 0) {
        Sleep(ms);
        *got = 0;
        return PIER_OK;
    }
    ended = WaitForMultipleObjects(count, objects, FALSE, ms);
    if (ended == WAIT_FAILED)
        return win_fail();
    *got = what_happened(ended - WAIT_OBJECT_0, w->wake_count, also);
    return PIER_OK;
}

static pier_err wait_for_socket(const struct win_wait *w, unsigned *got)
{
    enum win_way way = win_wait_way();
    pier_err err = PIER_ENOTSUP;

    if (way != WIN_WAY_WSAPOLL)
        err = win_wait_afd(w, got);
    if (way == WIN_WAY_WSAPOLL || (way == WIN_WAY_AUTO && err == PIER_ENOTSUP))
        err = win_wait_wsapoll(w, got);
    return err;
}

pier_err win_wait_begin(struct win_wait *w)
{
    if (w->wake_count == 0)
        return pierp_thread_wake(&w->own);
    w->own = w->wakes[0];
    return PIER_OK;
}

pier_err pierp_wait(pier_handle h, unsigned want,
                    struct pierp_wake *const *wakes, size_t wake_count,
                    int64_t timeout, unsigned *got)
{
    struct win_wait w = { (SOCKET)h, want, wakes, wake_count, NULL, timeout };
    pier_err err = win_wait_begin(&w);

    if (err)
        return err;
    if (h == PIER_INVALID_HANDLE)
        return win_wait_events(&w, NULL, got);
    if (want == PIERP_EVENT)
        return win_wait_events(&w, (HANDLE)h, got);
    return wait_for_socket(&w, got);
}
