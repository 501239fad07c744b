/* SPDX-License-Identifier: MIT */
#include "messages.h"

#include <string.h>

enum {
    UNTOUCHED = 0x5a
};

static char memory[16];
static struct pier_buffer buffers[8];

struct pier_message room(size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffers[i] = (struct pier_buffer){ memory + 2 * i, 2 };
    return (struct pier_message){ .buffers = buffers,
                                  .buffer_count = count,
                                  .flags = UNTOUCHED };
}

void check_untouched(const struct pier_message *m)
{
    CHECK_INT(m->flags, UNTOUCHED);
    CHECK(m->buffers == buffers && m->control_length == 0 && !m->address);
}

intptr_t flags_of(const char *name)
{
    return script_call(name, 0)->arguments[FLAGS];
}

void look_at_the_buffer(struct script_call *call)
{
    const struct msghdr *header =
        (const struct msghdr *)call->arguments[HEADER];

    CHECK(header->msg_iov && header->msg_iov->iov_len == 0);
}

void bring_descriptors(struct script_call *call)
{
    struct msghdr *header = (struct msghdr *)call->arguments[HEADER];
    unsigned char *at = header->msg_control;
    const int numbers[] = { SOME_FD, SOME_FD + 1, SOME_FD + 2 };

    for (int i = 0; i < 3; i++) {
        struct cmsghdr *item = (struct cmsghdr *)(void *)at;

        item->cmsg_level = SOL_SOCKET;
        item->cmsg_type = i == 1 ? SCM_RIGHTS + 1 : SCM_RIGHTS;
        item->cmsg_len = CMSG_LEN(sizeof numbers);
        memcpy(CMSG_DATA(item), numbers, sizeof numbers);
        at += CMSG_SPACE(sizeof numbers);
    }
    header->msg_controllen =
        2 * CMSG_SPACE(sizeof numbers) + CMSG_LEN(sizeof(int) + 2);
    header->msg_flags = MSG_CTRUNC;
}
