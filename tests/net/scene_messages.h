/* SPDX-License-Identifier: MIT */
/* The calls of messages for the table of scenes.c. */
#ifndef NET_SCENE_MESSAGES_H
#define NET_SCENE_MESSAGES_H

#include "scenes.h"

long long run_recvmsg(struct scene *scene);
long long run_recvmsg_whole(struct scene *scene);
long long run_sendmsg(struct scene *scene);
long long run_sendmsg_to(struct scene *scene);
long long run_recvmmsg(struct scene *scene);
long long run_recvmmsg_whole(struct scene *scene);
long long run_sendmmsg(struct scene *scene);
long long run_sendmmsg_to(struct scene *scene);
long long run_recv_fds(struct scene *scene);
long long run_send_fds(struct scene *scene);

#endif
