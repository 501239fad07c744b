/* SPDX-License-Identifier: MIT */
#include "private.h"

#include <fcntl.h>
#include <io.h>
#include <shellapi.h>
#include <stdio.h>
#include <stdlib.h>

wchar_t *win_wide(const char *text)
{
    int length =
        MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, NULL, 0);
    wchar_t *wide = length ? calloc((size_t)length, sizeof *wide) : NULL;

    if (wide)
        (void)MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, length);
    return wide;
}

char *win_utf8(const wchar_t *text)
{
    int length =
        WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *utf8 = length ? calloc((size_t)length, 1) : NULL;

    if (utf8) {
        (void)WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, length, NULL,
                                  NULL);
    }
    return utf8;
}

/* The narrow argv of the C library is in the local code page, with losses. */
static char **read_arguments(int *count)
{
    wchar_t **wide = CommandLineToArgvW(GetCommandLineW(), count);
    char **list = NULL;
    bool complete = true;

    if (wide)
        list = calloc((size_t)*count + 1, sizeof *list);
    for (int i = 0; list && i < *count; i++) {
        list[i] = win_utf8(wide[i]);
        complete = complete && list[i];
    }
    LocalFree(wide);
    if (!complete) {
        /* The program ends; what the list holds ends with it. */
        free(list);
        return NULL;
    }
    return list;
}

static UINT console_page;

static void restore_console(void)
{
    (void)SetConsoleOutputCP(console_page);
}

bool system_start(int *argc, char ***argv)
{
    char **list = read_arguments(argc);

    if (!list)
        return false;
    *argv = list;
    (void)_setmode(_fileno(stdin), _O_BINARY);
    (void)_setmode(_fileno(stdout), _O_BINARY);
    (void)_setmode(_fileno(stderr), _O_BINARY);
    console_page = GetConsoleOutputCP();
    if (console_page && SetConsoleOutputCP(CP_UTF8))
        (void)atexit(restore_console);
    return true;
}

unsigned long system_process_id(void)
{
    return GetCurrentProcessId();
}

int system_terminal_width(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info;

    if (!GetConsoleScreenBufferInfo(GetStdHandle(STD_ERROR_HANDLE), &info))
        return 0;
    return info.srWindow.Right - info.srWindow.Left + 1;
}
