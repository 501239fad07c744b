/* SPDX-License-Identifier: MIT */
/* The calls of streams for the table of scenes.c; each makes its own one. */
#ifndef NET_SCENE_STREAMS_H
#define NET_SCENE_STREAMS_H

#include "scenes.h"

long long run_stream_read(struct scene *scene);
long long run_stream_read1(struct scene *scene);
long long run_stream_peek(struct scene *scene);
long long run_stream_readline(struct scene *scene);
long long run_stream_readuntil(struct scene *scene);
long long run_stream_write(struct scene *scene);
long long run_stream_printf(struct scene *scene);
long long run_stream_flush(struct scene *scene);
long long run_stream_close(struct scene *scene);

#endif
