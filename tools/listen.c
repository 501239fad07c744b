/* SPDX-License-Identifier: MIT */
#include "arguments.h"
#include "echo.h"
#include "interrupt.h"
#include "network.h"
#include "place.h"
#include "relay.h"

static enum outcome serve_datagrams(struct pier_socket *s,
                                    const struct settings *settings)
{
    enum outcome outcome;

    if (!settings->echo)
        return relay_datagrams(s, false);
    outcome = echo_datagrams(s, settings);
    network_remove_path(s);
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

/* The file of an AF_UNIX socket is free for the next from here on. */
static void stop(struct pier_socket *listener)
{
    network_remove_path(listener);
    pier_free(listener);
}

static enum outcome serve_one(struct pier_socket *listener,
                              const struct settings *settings)
{
    struct pier_socket *s = NULL;
    enum outcome outcome = network_accept(&s, listener, settings);

    stop(listener);
    return outcome ? outcome : serve_stream(s, settings);
}

/* What goes wrong with one peer has been reported; a standard stream that
 * fails would take the next one's data as well. */
static enum outcome serve_one_of_many(struct pier_socket *s,
                                      const struct settings *settings)
{
    enum outcome outcome = serve_stream(s, settings);
    bool over = outcome == OUTCOME_INTERRUPTED || outcome == OUTCOME_FILE;

    return over ? outcome : OUTCOME_OK;
}

/* One after the other, until there is no listening any more. */
static enum outcome serve_each(struct pier_socket *listener,
                               const struct settings *settings)
{
    enum outcome outcome = OUTCOME_OK;

    while (!outcome) {
        struct pier_socket *s = NULL;

        outcome = network_accept(&s, listener, settings);
        if (!outcome)
            outcome = serve_one_of_many(s, settings);
    }
    return outcome;
}

static enum outcome serve_all(struct pier_socket *listener,
                              const struct settings *settings)
{
    enum outcome outcome = settings->echo ? echo_crowd(listener, settings)
                                          : serve_each(listener, settings);

    stop(listener);
    if (settings->echo)
        echo_see_off();
    return outcome;
}

static enum outcome serve(struct pier_socket *s,
                          const struct settings *settings)
{
    if (settings->udp)
        return serve_datagrams(s, settings);
    return settings->keep_open ? serve_all(s, settings)
                               : serve_one(s, settings);
}

/* "[HOST] PORT", "HOST:PORT" or "unix:PATH", or --bind and --port as recv-file
 * has them. */
static enum outcome read_place(const struct settings *settings,
                               const char **host, const char **port)
{
    static struct place place;
    size_t left = settings->operand_count;

    *host = settings->bind;
    *port = settings->port;
    if (left == 1 && !*host && !*port &&
        !network_is_unix(settings->operands[0]) &&
        place_split(&place, settings->operands[0])) {
        *host = place.host;
        *port = place.port;
        left = 0;
    }
    if (left == 1 && !*host && network_is_unix(settings->operands[0]))
        *host = settings->operands[--left];
    if (*host && !*port && left == 0 && network_is_unix(*host))
        return OUTCOME_OK;
    if (!*port && left > 0)
        *port = settings->operands[--left];
    if (!*host && left > 0)
        *host = settings->operands[--left];
    if (!*port || left > 0) {
        return report(OUTCOME_USAGE,
                      "listen: one PORT and at most one HOST are needed, or "
                      "one unix:PATH (see 'pier listen --help')");
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
        stop(s);
        return outcome;
    }
    outcome = serve(s, settings);
    if (!settings->echo)
        relay_stop();
    return outcome;
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
    { 'k', OPTION_FLAG, "keep-open", NULL,
      "serve peers one after the other; with --echo several at once",
      offsetof(struct settings, keep_open) },
    { '\0', OPTION_SECONDS, "timeout", "SECONDS",
      "limit for waiting for a peer, with --udp for a first datagram",
      offsetof(struct settings, timeout) },
    { '\0', OPTION_SECONDS, "idle-timeout", "SECONDS",
      "end, code 5, when nothing moves for so long",
      offsetof(struct settings, idle_timeout) },
    { '\0', OPTION_SECONDS, "linger", "SECONDS",
      "silence of standard input that counts as its end once the peer has "
      "closed (default: 1 at a terminal and with --keep-open, else none)",
      offsetof(struct settings, linger) },
};

static const struct example examples[] = {
    { "pier listen 7000 >received",
      "takes what one peer sends and stores it" },
    { "pier listen --echo --keep-open '*' 7000",
      "an echo service on every address" },
    { "pier listen unix:/run/user/1000/talk",
      "talks with a peer on this machine" },
};

const struct command command_listen = {
    .name = "listen",
    .operands = "[HOST] PORT | HOST:PORT | unix:PATH",
    .summary = "Wait for a peer and relay standard input and output with it",
    .about =
        "HOST is the address to listen on: by default the loopback address, "
        "'*' for all. PORT 0 lets the system choose; the line \"listening on "
        "ADDRESS\" on standard error tells. unix:PATH is a socket of this "
        "machine; its file is removed at the end.\n\n"
        "The end of standard input closes the sending direction; the program "
        "ends when the peer has closed too. When the peer closes first, "
        "standard input is sent on until it ends. With --udp each line is a "
        "datagram to the latest sender, and the program ends by a timeout or "
        "an interruption.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .examples = examples,
    .example_count = sizeof examples / sizeof *examples,
    .operands_min = 0,
    .operands_max = 2,
    .run = run_listen,
};
