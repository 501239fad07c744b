/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "file_name.h"
#include "interrupt.h"
#include "network.h"
#include "partial.h"
#include "progress.h"
#include "sha256.h"
#include "transfer.h"

/* How long a sender may take to notice that the transfer has ended. Whoever
 * interrupts wants an end before the program is ended by force. */
#define DRAIN_NS       PIER_SECONDS(5)
#define DRAIN_SHORT_NS PIER_SECONDS(1)

#define PATH_CAPACITY 4096

static unsigned char chunk[TRANSFER_CHUNK];

/* One file on its way. */
struct receiving {
    const struct settings *settings;
    struct pier_socket *s;
    char peer[NETWORK_NAME];
    struct transfer_header header;
    char path[PATH_CAPACITY]; /* where the file is to appear */
    struct partial partial;
    uint64_t done;
    unsigned char digest[SHA256_BYTES];
    const char *cause; /* what the sender is told of a failure */
};

static enum outcome fail_receive(struct receiving *t, pier_err error)
{
    enum outcome outcome = report_outcome(OUTCOME_PEER, error);

    t->cause = "the transfer was interrupted";
    if (outcome == OUTCOME_TIMEOUT)
        t->cause = "no data came in time";
    if (error == PIER_EPROTO) {
        t->cause = "not a transfer of this version of pier";
        return report(outcome, "receive from %s: %s", t->peer, t->cause);
    }
    if (error == PIER_EEOF) {
        return report(outcome,
                      "receive from %s: connection closed by the sender "
                      "after %llu of %llu bytes",
                      t->peer, (unsigned long long)t->done,
                      (unsigned long long)t->header.size);
    }
    return report_call(outcome, "receive from", t->peer, error);
}

/* The sender learns the cause, but no path of this machine. */
static enum outcome fail_file(struct receiving *t, const char *operation,
                              enum system_error error)
{
    t->cause = system_error_text(error);
    return report_file(operation, t->path, error);
}

static enum outcome check_path(struct receiving *t, int length)
{
    if (length >= 0 && (size_t)length < sizeof t->path)
        return OUTCOME_OK;
    return fail_file(t, "create", SYSTEM_NAME_TOO_LONG);
}

static enum outcome choose_path(struct receiving *t)
{
    const struct settings *settings = t->settings;
    const char *directory =
        settings->operand_count > 0 ? settings->operands[0] : NULL;
    int length;

    if (settings->output) {
        length = snprintf(t->path, sizeof t->path, "%s", settings->output);
        return check_path(t, length);
    }
    if (!file_name_sanitise(t->header.name)) {
        t->cause = "not a name for a file";
        return report(OUTCOME_PEER, "receive from %s: '%s' is %s", t->peer,
                      t->header.name, t->cause);
    }
    /* A directory that ends with a separator needs no other. */
    length = snprintf(
        t->path, sizeof t->path, "%s%s%s", directory ? directory : "",
        directory && *system_path_base(directory) ? "/" : "", t->header.name);
    return check_path(t, length);
}

static enum outcome open_target(struct receiving *t)
{
    enum outcome outcome = choose_path(t);
    enum system_error error;

    if (outcome)
        return outcome;
    if (system_path_is_directory(t->path))
        return fail_file(t, "create", SYSTEM_IS_DIRECTORY);
    if (!t->settings->force && system_path_exists(t->path))
        return fail_file(t, "create", SYSTEM_EXISTS);
    error = partial_open(&t->partial, t->path);
    return error ? fail_file(t, "create", error) : OUTCOME_OK;
}

static enum outcome receive_bytes(struct receiving *t)
{
    struct sha256 hash;

    sha256_start(&hash);
    while (t->done < t->header.size) {
        uint64_t left = t->header.size - t->done;
        size_t want = left < sizeof chunk ? (size_t)left : sizeof chunk;
        ptrdiff_t n = pier_recv(t->s, chunk, want, 0);
        enum system_error error;

        if (n <= 0)
            return fail_receive(t, n == 0 ? PIER_EEOF : (pier_err)n);
        error = partial_write(&t->partial, chunk, (size_t)n);
        if (error)
            return fail_file(t, "write", error);
        sha256_add(&hash, chunk, (size_t)n);
        t->done += (uint64_t)n;
        progress_update(t->done);
    }
    sha256_finish(&hash, t->digest);
    return OUTCOME_OK;
}

static enum outcome compare_checksum(struct receiving *t)
{
    unsigned char sent[SHA256_BYTES];
    pier_err error = network_receive(t->s, sent, sizeof sent);

    if (error)
        return fail_receive(t, error);
    if (memcmp(sent, t->digest, sizeof sent) == 0)
        return OUTCOME_OK;
    t->cause = "checksum mismatch";
    return report(OUTCOME_PEER, "receive %s from %s: %s", t->path, t->peer,
                  t->cause);
}

static enum outcome store_file(struct receiving *t)
{
    enum outcome outcome = receive_bytes(t);
    bool sync = !t->settings->no_sync;
    enum system_error error;

    if (!outcome)
        outcome = compare_checksum(t);
    if (outcome)
        return outcome;
    error = sync ? partial_sync(&t->partial) : SYSTEM_OK;
    if (error)
        return fail_file(t, "write", error);
    error = partial_commit(&t->partial, t->path, t->settings->force, sync);
    return error ? fail_file(t, "create", error) : OUTCOME_OK;
}

static enum outcome converse(struct receiving *t)
{
    pier_err error = transfer_receive_header(t->s, &t->header);
    enum outcome outcome;

    if (error)
        return fail_receive(t, error);
    outcome = open_target(t);
    if (outcome)
        return outcome;
    error = transfer_send_verdict(t->s, NULL);
    if (error)
        return fail_receive(t, error);
    progress_start(t->header.name, t->header.size, t->settings->quiet);
    return store_file(t);
}

/*
 * Says why and then takes what the sender has under way: closing with unread
 * data would reset the connection, and the reason would be lost with it.
 */
static void refuse(struct receiving *t)
{
    pier_timeout limit = interrupt_came() ? DRAIN_SHORT_NS : DRAIN_NS;
    int64_t end = pier_monotonic() + limit;
    pier_timeout left;

    if (pier_set_cancel(t->s, NULL) || pier_settimeout(t->s, limit) ||
        transfer_send_verdict(t->s, t->cause))
        return;
    while ((left = end - pier_monotonic()) > 0 &&
           !pier_set_recv_timeout(t->s, left) &&
           pier_recv(t->s, chunk, sizeof chunk, 0) > 0)
        continue;
}

static void summarise(const struct receiving *t, double seconds)
{
    char digest[2 * SHA256_BYTES + 1];

    sha256_text(t->digest, digest);
    report_note("received %s: %llu bytes in %.2f s, sha256 %s", t->path,
                (unsigned long long)t->header.size, seconds, digest);
}

static enum outcome transfer(struct receiving *t)
{
    enum outcome outcome;
    double seconds;

    network_peer_name(t->s, t->peer);
    outcome = converse(t);
    seconds = progress_end();
    partial_discard(&t->partial);
    /* The file is right, whether or not the sender still hears of it. */
    if (outcome) {
        refuse(t);
    } else {
        (void)!transfer_send_verdict(t->s, NULL);
    }
    if (!outcome && !t->settings->quiet)
        summarise(t, seconds);
    return outcome;
}

/* What can be known before a sender has come. */
static enum outcome check_target(const struct settings *settings)
{
    const char *output = settings->output;

    if (settings->operand_count > 0 && output) {
        return report(OUTCOME_USAGE,
                      "recv-file: options exclude each other: -o DIRECTORY");
    }
    /* Nothing may be shown of a file before its end is there and right. */
    if (output && strcmp(output, "-") == 0) {
        return report(OUTCOME_USAGE,
                      "recv-file: standard output takes no file; './-' is a "
                      "file of that name");
    }
    if (settings->operand_count > 0 &&
        !system_path_is_directory(settings->operands[0])) {
        return report_file("receive into", settings->operands[0],
                           system_path_exists(settings->operands[0])
                               ? SYSTEM_NOT_DIRECTORY
                               : SYSTEM_NOT_FOUND);
    }
    if (output && system_path_is_directory(output))
        return report_file("create", output, SYSTEM_IS_DIRECTORY);
    if (output && !settings->force && system_path_exists(output))
        return report_file("create", output, SYSTEM_EXISTS);
    return OUTCOME_OK;
}

static enum outcome recv_file(const struct settings *settings)
{
    struct receiving t = { .settings = settings, .partial = PARTIAL_NONE };
    struct pier_socket *listener = NULL;
    const char *port = settings->port ? settings->port : "0";
    enum outcome outcome = check_target(settings);

    if (!outcome)
        outcome = network_serve(&listener, settings, settings->bind, port);
    if (!outcome)
        outcome = network_accept(&t.s, listener, settings);
    pier_free(listener);
    if (!outcome)
        outcome = transfer(&t);
    pier_free(t.s);
    return outcome;
}

static const struct option options[] = {
    OPTION_IPV4,
    OPTION_IPV6,
    { '\0', OPTION_TEXT, "bind", "ADDRESS",
      "where to listen, '*': all (default: loopback)",
      offsetof(struct settings, bind) },
    { '\0', OPTION_PORT, "port", "PORT",
      "listen on this port (default 0: any)",
      offsetof(struct settings, port) },
    { 'o', OPTION_TEXT, "output", "NAME", "store as NAME",
      offsetof(struct settings, output) },
    { '\0', OPTION_FLAG, "force", NULL, "replace an existing file",
      offsetof(struct settings, force) },
    { '\0', OPTION_FLAG, "no-sync", NULL,
      "do not wait for the disk, neither for the content nor for the name",
      offsetof(struct settings, no_sync) },
    { '\0', OPTION_SECONDS, "timeout", "SECONDS",
      "give up when nothing moves for so long",
      offsetof(struct settings, timeout) },
    OPTION_QUIET,
};

static const struct example examples[] = {
    { "pier recv-file --bind 192.0.2.7 --port 7000 incoming",
      "waits for one file and stores it in the directory incoming" },
};

const struct command command_recv_file = {
    .name = "recv-file",
    .operands = "[DIRECTORY]",
    .summary = "Receive one file from 'pier send-file'",
    .about = "The file is stored under the sender's name in DIRECTORY, by "
             "default the current one, or as -o says. It appears there "
             "complete and checked, or not at all. Because the sender may "
             "delete its copy when told of success, the content is on the "
             "disk before the file gets its name, and the name before "
             "success is told, so that a loss of power leaves all of it or, "
             "before that, nothing under that name; this waits once, at the "
             "end. --no-sync leaves it to the system, as cp, scp and "
             "curl do. Anybody who reaches the port can send: nothing is "
             "encrypted or authenticated.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .examples = examples,
    .example_count = sizeof examples / sizeof *examples,
    .operands_min = 0,
    .operands_max = 1,
    .run = recv_file,
};
