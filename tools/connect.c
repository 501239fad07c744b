/* SPDX-License-Identifier: MIT */
#include "arguments.h"
#include "network.h"
#include "place.h"
#include "relay.h"

/* "HOST PORT", "HOST:PORT" or "unix:PATH"; *port is NULL for the last. */
static enum outcome read_place(const struct settings *settings,
                               const char **host, const char **port)
{
    static struct place place;

    *host = settings->operands[0];
    *port = settings->operands[1];
    if (settings->operand_count == 1 && network_is_unix(*host))
        return OUTCOME_OK;
    if (settings->operand_count == 1 && place_split(&place, *host)) {
        *host = place.host;
        *port = place.port;
    }
    if (!*port) {
        return report(OUTCOME_USAGE,
                      "connect: HOST and PORT are needed, or one unix:PATH "
                      "(see 'pier connect --help')");
    }
    return arguments_check_port("connect", *port, 1);
}

static enum outcome run_connect(const struct settings *settings)
{
    struct pier_socket *s = NULL;
    const char *host;
    const char *port;
    enum outcome outcome = read_place(settings, &host, &port);

    if (!outcome)
        outcome = network_connect(&s, settings, host, port);
    if (!outcome)
        outcome = relay_start(settings);
    if (outcome) {
        network_remove_path(s);
        pier_free(s);
        return outcome;
    }
    outcome = settings->udp ? relay_datagrams(s, true) : relay_stream(s);
    relay_stop();
    return outcome;
}

static const struct option options[] = {
    OPTION_IPV4,
    OPTION_IPV6,
    { 'u', OPTION_FLAG, "udp", NULL, "datagrams: each line is one",
      offsetof(struct settings, udp) },
    { 's', OPTION_TEXT, "source", "ADDRESS",
      "come from this address, with or without a port",
      offsetof(struct settings, source) },
    { '\0', OPTION_SECONDS, "timeout", "SECONDS", "limit for connecting",
      offsetof(struct settings, timeout) },
    { '\0', OPTION_SECONDS, "idle-timeout", "SECONDS",
      "end, code 5, when nothing moves for so long",
      offsetof(struct settings, idle_timeout) },
    { '\0', OPTION_SECONDS, "linger", "SECONDS",
      "silence that counts as the end: with --udp (default 1), and of "
      "standard input once the peer has closed (default: 1 at a terminal, "
      "else none)",
      offsetof(struct settings, linger) },
};

static const struct example examples[] = {
    { "echo hello | pier connect localhost 7000",
      "sends a line and prints the answer" },
    { "pier connect --source 192.0.2.7 example.org 80",
      "comes from one of several addresses of this machine" },
    { "pier connect unix:/run/user/1000/talk",
      "talks with a server on this machine" },
};

const struct command command_connect = {
    .name = "connect",
    .operands = "HOST PORT | HOST:PORT | unix:PATH",
    .summary = "Relay standard input and output with a server",
    .about =
        "PORT is a number or the name of a service. An IPv6 address may "
        "stand in brackets, and must before :PORT.\n\n"
        "The end of standard input closes the sending direction; the program "
        "ends when the peer has closed too. When the peer closes first, "
        "standard input is sent on until it ends. With --udp the program "
        "ends when standard input has ended and nothing came for the linger "
        "time; an answer over AF_UNIX needs --source unix:PATH.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .examples = examples,
    .example_count = sizeof examples / sizeof *examples,
    .operands_min = 1,
    .operands_max = 2,
    .run = run_connect,
};
