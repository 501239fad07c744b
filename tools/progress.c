/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <pier/time.h>
#include <stdio.h>
#include <string.h>

#include "system.h"
#include "text.h"

#define REDRAW_NS    PIER_MILLISECONDS(100)
#define LINE_MAX_LEN 256
#define ETA_MAX      360000.0 /* seconds; a longer one says nothing */

/* One transfer at a time, hence one bar. */
static struct {
    char label[LINE_MAX_LEN];
    uint64_t total;
    int64_t started;
    int64_t drawn; /* when; 0: never */
    int columns;   /* 0: no bar */
    bool visible;
} bar;

void progress_start(const char *label, uint64_t total, bool quiet)
{
    (void)snprintf(bar.label, sizeof bar.label, "%s", label);
    text_clean(bar.label);
    bar.total = total;
    bar.started = pier_monotonic();
    bar.drawn = 0;
    bar.columns = quiet ? 0 : system_terminal_width();
    bar.visible = false;
    progress_update(0);
}

void progress_format_size(char *buffer, double bytes)
{
    static const char *const units[] = {
        "B", "KiB", "MiB", "GiB", "TiB", "PiB"
    };
    size_t unit = 0;

    while (bytes >= 1024 && unit < sizeof units / sizeof *units - 1) {
        bytes /= 1024;
        unit++;
    }
    (void)snprintf(buffer, PROGRESS_SIZE_TEXT, unit ? "%.1f %s" : "%.0f %s",
                   bytes, units[unit]);
}

static void format_eta(char *buffer, size_t capacity, double seconds)
{
    unsigned whole = (unsigned)seconds;

    if (whole >= 3600) {
        (void)snprintf(buffer, capacity, "ETA %u:%02u:%02u", whole / 3600,
                       whole / 60 % 60, whole % 60);
    } else {
        (void)snprintf(buffer, capacity, "ETA %u:%02u", whole / 60,
                       whole % 60);
    }
}

/* "  45%  28.8 MiB of 64.0 MiB  120.3 MiB/s  ETA 0:12" */
static void format_figures(char *buffer, size_t capacity, uint64_t bytes,
                           double seconds)
{
    char done[PROGRESS_SIZE_TEXT];
    char total[PROGRESS_SIZE_TEXT];
    char rate[PROGRESS_SIZE_TEXT];
    char eta[PROGRESS_SIZE_TEXT] = "";
    double share = bar.total ? (double)bytes / (double)bar.total : 1;
    double speed = seconds > 0 ? (double)bytes / seconds : 0;
    double left = speed > 0 ? (double)(bar.total - bytes) / speed : ETA_MAX;

    progress_format_size(done, (double)bytes);
    progress_format_size(total, (double)bar.total);
    progress_format_size(rate, speed);
    if (left < ETA_MAX)
        format_eta(eta, sizeof eta, left);
    (void)snprintf(buffer, capacity, "  %3.0f%%  %s of %s  %s/s  %s",
                   share * 100, done, total, rate, eta);
}

/* The label gives way when the line is too narrow for both. */
static void draw(uint64_t bytes, int64_t now)
{
    char figures[LINE_MAX_LEN];
    double seconds = (double)(now - bar.started) / 1e9;
    int room;

    format_figures(figures, sizeof figures, bytes, seconds);
    room = bar.columns - 1 - (int)strlen(figures);
    if (room < 0)
        room = 0;
    (void)fprintf(stderr, "\r%.*s%.*s", room, bar.label, bar.columns - 1,
                  figures);
    /* What a longer line before this one left. */
    (void)fputs("   \b\b\b", stderr);
    (void)fflush(stderr);
    bar.visible = true;
    bar.drawn = now;
}

void progress_update(uint64_t bytes)
{
    int64_t now;

    if (bar.columns == 0)
        return;
    now = pier_monotonic();
    if (bar.drawn && bytes < bar.total && now - bar.drawn < REDRAW_NS)
        return;
    draw(bytes, now);
}

void progress_clear(void)
{
    if (!bar.visible)
        return;
    (void)fprintf(stderr, "\r%*s\r", bar.columns - 1, "");
    bar.visible = false;
}

double progress_end(void)
{
    progress_clear();
    bar.columns = 0;
    return (double)(pier_monotonic() - bar.started) / 1e9;
}
