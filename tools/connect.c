/* SPDX-License-Identifier: MIT */
#include "arguments.h"
#include "network.h"
#include "relay.h"

static enum outcome run_connect(const struct settings *settings)
{
    struct pier_socket *s = NULL;
    const char *host = settings->operands[0];
    const char *port = settings->operands[1];
    enum outcome outcome = arguments_check_port("connect", port, 1);

    if (!outcome)
        outcome = network_connect(&s, settings, host, port);
    if (!outcome)
        outcome = relay_start(settings);
    if (outcome) {
        pier_free(s);
        return outcome;
    }
    return settings->udp ? relay_datagrams(s, true) : relay_stream(s);
}

static const struct option options[] = {
    OPTION_IPV4,
    OPTION_IPV6,
    { 'u', OPTION_FLAG, "udp", NULL, "datagrams: each line is one",
      offsetof(struct settings, udp) },
    { '\0', OPTION_SECONDS, "timeout", "SECONDS", "limit for connecting",
      offsetof(struct settings, timeout) },
    { '\0', OPTION_SECONDS, "idle-timeout", "SECONDS",
      "end, code 5, when nothing moves for so long",
      offsetof(struct settings, idle_timeout) },
    { '\0', OPTION_SECONDS, "linger", "SECONDS",
      "silence that counts as the end (default 1)",
      offsetof(struct settings, linger) },
    OPTION_HELP,
};

const struct command command_connect = {
    .name = "connect",
    .operands = "HOST PORT",
    .summary = "Relay standard input and output with a server",
    .about =
        "The end of standard input closes the sending direction; the program "
        "ends when\nthe peer has closed too. When the peer closes first, "
        "standard input is sent on\nuntil it ends or is silent for the "
        "linger time. With --udp the program ends\nwhen standard input has "
        "ended and nothing came for the linger time.\n",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .operands_min = 2,
    .operands_max = 2,
    .run = run_connect,
};
