/* SPDX-License-Identifier: MIT */
#include "arguments.h"
#include "echo.h"
#include "interrupt.h"
#include "network.h"
#include "relay.h"

static enum outcome serve_datagrams(struct pier_socket *s,
                                    const struct settings *settings)
{
    enum outcome outcome;

    if (!settings->echo)
        return relay_datagrams(s, false);
    outcome = echo_datagrams(s, settings);
    pier_free(s);
    return outcome;
}

static enum outcome serve_stream(struct pier_socket *s,
                                 const struct settings *settings)
{
    enum outcome outcome;

    if (!settings->echo)
        return relay_stream(s);
    outcome = echo_stream(s, settings);
    pier_free(s);
    return outcome;
}

static enum outcome serve_one(struct pier_socket *listener,
                              const struct settings *settings)
{
    struct pier_socket *s = NULL;
    enum outcome outcome = network_accept(&s, listener, settings);

    pier_free(listener);
    return outcome ? outcome : serve_stream(s, settings);
}

/* One after the other, until there is no listening any more. */
static enum outcome serve_all(struct pier_socket *listener,
                              const struct settings *settings)
{
    enum outcome outcome = OUTCOME_OK;

    while (!outcome) {
        struct pier_socket *s = NULL;

        outcome = network_accept(&s, listener, settings);
        /* What goes wrong with one peer has been reported. */
        if (!outcome && serve_stream(s, settings) == OUTCOME_INTERRUPTED)
            outcome = OUTCOME_INTERRUPTED;
    }
    pier_free(listener);
    return outcome;
}

/* "[HOST] PORT", or --bind and --port as recv-file has them. */
static enum outcome read_place(const struct settings *settings,
                               const char **host, const char **port)
{
    size_t left = settings->operand_count;

    *host = settings->bind;
    *port = settings->port;
    if (!*port && left > 0)
        *port = settings->operands[--left];
    if (!*host && left > 0)
        *host = settings->operands[--left];
    if (!*port || left > 0) {
        return report(OUTCOME_USAGE,
                      "listen: one PORT and at most one HOST are needed (see "
                      "'pier listen --help')");
    }
    return arguments_check_port("listen", *port, 0);
}

static enum outcome run_listen(const struct settings *settings)
{
    struct pier_socket *s = NULL;
    const char *host;
    const char *port;
    enum outcome outcome = read_place(settings, &host, &port);

    if (!outcome)
        outcome = network_serve(&s, settings, host, port);
    if (!outcome && !settings->echo)
        outcome = relay_start(settings);
    if (outcome) {
        pier_free(s);
        return outcome;
    }
    if (settings->udp)
        return serve_datagrams(s, settings);
    return settings->keep_open ? serve_all(s, settings)
                               : serve_one(s, settings);
}

static const struct option options[] = {
    OPTION_IPV4,
    OPTION_IPV6,
    { '\0', OPTION_TEXT, "bind", "ADDRESS", "the same as HOST",
      offsetof(struct settings, bind) },
    { '\0', OPTION_PORT, "port", "PORT", "the same as the operand",
      offsetof(struct settings, port) },
    { 'u', OPTION_FLAG, "udp", NULL,
      "datagrams, each a line, to the latest sender",
      offsetof(struct settings, udp) },
    { 'e', OPTION_FLAG, "echo", NULL,
      "send everything back instead of relaying",
      offsetof(struct settings, echo) },
    { 'k', OPTION_FLAG, "keep-open", NULL, "serve peers one after the other",
      offsetof(struct settings, keep_open) },
    { '\0', OPTION_SECONDS, "timeout", "SECONDS",
      "limit for waiting for a peer", offsetof(struct settings, timeout) },
    { '\0', OPTION_SECONDS, "idle-timeout", "SECONDS",
      "end, code 5, when nothing moves for so long",
      offsetof(struct settings, idle_timeout) },
    { '\0', OPTION_SECONDS, "linger", "SECONDS",
      "silence that counts as the end (default 1)",
      offsetof(struct settings, linger) },
    OPTION_HELP,
};

const struct command command_listen = {
    .name = "listen",
    .operands = "[HOST] PORT",
    .summary = "Wait for a peer and relay standard input and output with it",
    .about =
        "HOST is the address to listen on: by default the loopback address, "
        "'*' for all.\nPORT 0 lets the system choose; the line \"listening "
        "on ADDRESS\" on standard\nerror tells. The end of standard input "
        "closes the sending direction; the\nprogram ends when the peer has "
        "closed too. When the peer closes first, standard\ninput is sent on "
        "until it ends or is silent for the linger time. With --udp the\n"
        "program ends by the idle timeout or an interruption.\n",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .operands_min = 0,
    .operands_max = 2,
    .run = run_listen,
};
