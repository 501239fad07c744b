/* SPDX-License-Identifier: MIT */
#include <pier/constants.h>
#include <stdio.h>
#include <string.h>

#include "arguments.h"
#include "interrupt.h"
#include "network.h"
#include "place.h"
#include "progress.h"
#include "sha256.h"
#include "system.h"
#include "transfer.h"

/* How long a reason is waited for after the connection broke. */
#define LAST_WORDS PIER_SECONDS(1)

static unsigned char chunk[TRANSFER_CHUNK];

/* One file on its way. */
struct sending {
    const struct settings *settings;
    const char *path;
    struct system_file file;
    struct transfer_header header;
    struct pier_socket *s;
    char peer[NETWORK_NAME];
    unsigned char digest[SHA256_BYTES];
};

static enum outcome report_sending(const struct sending *t, const char *cause)
{
    return report(OUTCOME_PEER, "send %s to %s: the receiver says: %s",
                  t->path, t->peer, cause);
}

/*
 * A receiver that gives up says why and then closes; the connection may break
 * before its reason has been read, and is then no longer the cause to name.
 */
static enum outcome report_broken(struct sending *t, pier_err error)
{
    char cause[TRANSFER_VERDICT];

    if (pier_is_connection_error(error) &&
        !pier_settimeout(t->s, LAST_WORDS) &&
        !transfer_receive_verdict(t->s, cause) && cause[0])
        return report_sending(t, cause);
    return report_call(OUTCOME_PEER, "send to", t->peer, error);
}

static enum outcome await_verdict(const struct sending *t)
{
    char cause[TRANSFER_VERDICT];
    pier_err error = transfer_receive_verdict(t->s, cause);

    if (error == PIER_EEOF) {
        return report(OUTCOME_PEER,
                      "send to %s: connection closed by the receiver",
                      t->peer);
    }
    if (error)
        return report_call(OUTCOME_PEER, "send to", t->peer, error);
    return cause[0] ? report_sending(t, cause) : OUTCOME_OK;
}

/* Before the end the receiver speaks only to say that it gives up. */
static bool receiver_speaks(const struct sending *t)
{
    char byte;

    return pier_recv(t->s, &byte, 1, PIER_MSG_PEEK | PIER_MSG_DONTWAIT) >= 0;
}

static enum outcome send_chunk(struct sending *t, size_t length)
{
    pier_err error = network_send(t->s, chunk, length);

    if (error)
        return report_broken(t, error);
    if (!receiver_speaks(t))
        return OUTCOME_OK;
    if (await_verdict(t) == OUTCOME_OK)
        return report_sending(t, "success, before the end");
    return OUTCOME_PEER;
}

/* Sends as many bytes as the header promised. */
static enum outcome send_bytes(struct sending *t)
{
    struct sha256 hash;
    uint64_t done = 0;
    enum outcome outcome = OUTCOME_OK;

    sha256_start(&hash);
    while (!outcome && done < t->header.size) {
        uint64_t left = t->header.size - done;
        size_t want = left < sizeof chunk ? (size_t)left : sizeof chunk;
        size_t got = 0;
        enum system_error error =
            system_file_read(&t->file, chunk, want, &got);

        if (error)
            return report_file("read", t->path, error);
        if (got == 0) {
            return report(OUTCOME_FILE,
                          "read %s: the file became shorter meanwhile",
                          t->path);
        }
        sha256_add(&hash, chunk, got);
        outcome = send_chunk(t, got);
        done += got;
        progress_update(done);
    }
    sha256_finish(&hash, t->digest);
    return outcome;
}

static enum outcome converse(struct sending *t)
{
    pier_err error = transfer_send_header(t->s, &t->header);
    enum outcome outcome;

    if (error)
        return report_broken(t, error);
    outcome = await_verdict(t);
    if (outcome)
        return outcome;
    outcome = send_bytes(t);
    if (outcome)
        return outcome;
    error = network_send(t->s, t->digest, sizeof t->digest);
    if (error)
        return report_broken(t, error);
    return await_verdict(t);
}

static enum outcome transfer(struct sending *t)
{
    enum outcome outcome;
    double seconds;

    network_peer_name(t->s, t->peer);
    progress_start(t->header.name, t->header.size, t->settings->quiet);
    outcome = converse(t);
    seconds = progress_end();
    if (!outcome && !t->settings->quiet) {
        char digest[2 * SHA256_BYTES + 1];

        sha256_text(t->digest, digest);
        report_note("sent %s: %llu bytes in %.2f s, sha256 %s", t->path,
                    (unsigned long long)t->header.size, seconds, digest);
    }
    return outcome;
}

static enum outcome open_source(struct sending *t)
{
    const char *base = system_path_base(t->path);
    enum system_error error;

    if (strcmp(t->path, "-") == 0) {
        return report(OUTCOME_USAGE,
                      "send-file: standard input has no size; './-' is a file "
                      "of that name");
    }
    error = system_file_open(&t->file, t->path, &t->header.size);
    if (error)
        return report_file("open", t->path, error);
    if (strlen(base) >= sizeof t->header.name)
        return report_file("send", t->path, SYSTEM_NAME_TOO_LONG);
    (void)snprintf(t->header.name, sizeof t->header.name, "%s", base);
    return OUTCOME_OK;
}

/* "HOST PORT" or "HOST:PORT", after the file. */
static enum outcome read_place(const struct settings *settings,
                               const char **host, const char **port)
{
    static struct place place;

    *host = settings->operands[1];
    *port = settings->operands[2];
    if (!*port && place_split(&place, *host)) {
        *host = place.host;
        *port = place.port;
    }
    if (!*port) {
        return report(OUTCOME_USAGE, "send-file: HOST and PORT are needed "
                                     "(see 'pier send-file --help')");
    }
    return arguments_check_port("send-file", *port, 1);
}

static enum outcome send_file(const struct settings *settings)
{
    struct sending t = { .settings = settings,
                         .path = settings->operands[0],
                         .file = SYSTEM_NO_FILE };
    const char *host;
    const char *port;
    enum outcome outcome = read_place(settings, &host, &port);

    if (!outcome)
        outcome = open_source(&t);
    if (!outcome)
        outcome = network_connect(&t.s, settings, host, port);
    if (!outcome)
        outcome = transfer(&t);
    pier_free(t.s);
    (void)system_file_close(&t.file);
    return outcome;
}

static const struct option options[] = {
    OPTION_IPV4,
    OPTION_IPV6,
    { '\0', OPTION_SECONDS, "timeout", "SECONDS",
      "give up when nothing moves for so long",
      offsetof(struct settings, timeout) },
    OPTION_QUIET,
};

static const struct example examples[] = {
    { "pier send-file film.mkv 192.0.2.7 7000",
      "sends to a waiting receiver" },
};

const struct command command_send_file = {
    .name = "send-file",
    .operands = "FILE HOST PORT | FILE HOST:PORT",
    .summary = "Send a file to a waiting 'pier recv-file'",
    .about = "Success means that the receiver has stored the file, on its "
             "disk unless it was told --no-sync, and its SHA-256 is right. "
             "The time limit holds for that wait too.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .examples = examples,
    .example_count = sizeof examples / sizeof *examples,
    .operands_min = 2,
    .operands_max = 3,
    .run = send_file,
};
