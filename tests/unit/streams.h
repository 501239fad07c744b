/* SPDX-License-Identifier: MIT */
/* A stream over a socket to a scripted remote, for the suites of streams. */
#ifndef UNIT_STREAMS_H
#define UNIT_STREAMS_H

#include "unit.h"

#include <pier/error.h>
#include <pier/stream.h>
#include <string.h>

/* The socket of the stream that was opened last. */
extern struct pier_socket *under;

struct pier_stream *open_stream(const char *mode, ptrdiff_t buffering);

/* The same for reading, with a way to end lines. */
struct pier_stream *open_reader(ptrdiff_t buffering,
                                enum pier_newline newline);

/* Closes it, which has nothing to send, and frees the socket. */
void end_stream(struct pier_stream *st);

/* The remote sends this after delay. */
void feed(const char *text, int64_t delay);

/* The next call gives exactly text. */
void check_line(struct pier_stream *st, const char *text);
void check_read(struct pier_stream *st, const char *text);

/* All that has been sent is text. */
void check_sent(const char *text);

/* Sends take nothing, or all again. */
void stop_sends(void);
void let_sends(void);

#endif
