# SPDX-License-Identifier: MIT
"""Names of systems that the library does not use; see check-calls.sh."""

import re

import tree

# C names and, in strings, what would be looked up at run time. docs/quirks.md
# has the quirk.
NEVER = {
    # Fast, once: both ends have to ask, and it is gone from Windows 11.
    "Q70": "SIO_LOOPBACK_FAST_PATH 0x98000010",
    # Loses datagrams.
    "Q76": "SetFileCompletionNotificationModes",
    # Takes the mode of a socket away, and tells each event once only.
    "Q89": "WSAEventSelect WSAAsyncSelect WSAEnumNetworkEvents"
    " WSACreateEvent WSAWaitForMultipleEvents",
    # Leaves a socket that nobody can trust; too coarse besides (Q93, Q94).
    "Q95": "SO_RCVTIMEO SO_SNDTIMEO",
    # Clocks that somebody sets, and waits that end by them.
    "Q98": "CLOCK_REALTIME gettimeofday ftime time timespec_get"
    " GetSystemTime GetSystemTimeAsFileTime"
    " GetSystemTimePreciseAsFileTime NtQuerySystemTime"
    " pthread_cond_timedwait pthread_mutex_timedlock sem_timedwait",
    # Wakes nobody under Wine, and whom it pleases elsewhere.
    "Q101": "CancelSynchronousIo QueueUserAPC",
    # Ends a resolver in the middle of its locks and lists.
    "Q107": "pthread_cancel pthread_kill TerminateThread getaddrinfo_a"
    " gai_cancel gai_suspend GetAddrInfoExW GetAddrInfoExCancel",
}
SOURCES = ("core/*.[ch]", "platform/*.[ch]", "platform/*.def")
# A field or a local of that name is none of the system's.
PLAIN = {"time"}

found = tree.Findings("check-calls")


def patterns():
    for quirk, names in NEVER.items():
        for name in names.split():
            tail = r"\s*\(" if name in PLAIN else r"\b"
            yield quirk, name, re.compile(rf"\b{name}{tail}")


def main():
    avoided = list(patterns())
    sources = tree.files(*SOURCES)
    for source in sources:
        text = tree.without_comments(tree.read(source))
        for quirk, name, pattern in avoided:
            for match in pattern.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                found.add(f"{source}:{line}", f"{name}, against {quirk}")
    found.finish(f"{len(sources)} sources, none of {len(avoided)} names")


main()
