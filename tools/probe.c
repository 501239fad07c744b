/* SPDX-License-Identifier: MIT */
#include "probe.h"

#include <pier/pier.h>

#include "command.h"
#include "facts.h"

/* What the parts below the library's interface are made of. */
static void probe_mechanisms(void)
{
    const uint16_t one = 1;

    facts_group("mechanisms");
    facts_text("library", pier_version());
    facts_text("backend", system_mechanism(SYSTEM_BACKEND));
    facts_text("system", system_mechanism(SYSTEM_NAME));
    facts_text("wait", system_mechanism(SYSTEM_WAIT));
    facts_text("wake object", system_mechanism(SYSTEM_WAKE));
    facts_text("atomic close-on-exec", system_mechanism(SYSTEM_CLOEXEC));
    facts_integer("pointer bits", (long long)sizeof(void *) * 8);
    facts_text("byte order", *(const unsigned char *)&one ? "little" : "big");
}

static enum outcome run_probe(const struct settings *settings)
{
    facts_begin(settings->json);
    probe_mechanisms();
    probe_families();
    probe_behaviour();
    probe_limits();
    probe_options();
    return facts_end();
}

static const struct option options[] = {
    OPTION_JSON,
};

const struct command command_probe = {
    .name = "probe",
    .operands = "",
    .summary = "Tell what works on this system",
    .about = "Families, mechanisms, behaviour, limits and the options with "
             "their defaults. All of it is tried, not read from headers, and "
             "only over loopback. What does not work is no failure of the "
             "program.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .operands_min = 0,
    .operands_max = 0,
    .run = run_probe,
};
