# SPDX-License-Identifier: MIT
"""Nonsense neither crashes the program, nor hangs it, nor succeeds."""

import concurrent.futures
import random
import subprocess

from harness import LIMIT

SEED = 20211
COUNT = 300
COMMANDS = ["connect", "listen", "send-file", "recv-file", "resolve", "probe",
            "constants", "bench"]
WORDS = [
    "", " ", "-", "--", "-4", "-6", "-46", "-u", "-h", "-j", "-q", "-k", "-e",
    "-o", "-s", "-t", "-r", "-g", "--help", "--json", "--udp", "--trace",
    "--version", "--timeout", "--timeout=1", "--timeout=-1", "--seconds=0",
    "--linger", "--port", "--port=1", "--bind", "--source=x", "--force",
    "--reverse", "--group=none", "--=", "--=x", "--help=", "-4x", "0", "1",
    "-1", "65536", "1e9", "0x50", "+1", "1.", ".5", "NaN", "127.0.0.1", "::1",
    "[::1]", "::1%", "fe80::1%99999999999", "*", "unix:", "unix:@", "unix:%",
    "unix:%zz", "unix:/", "unix:/none/at/all", "a" * 300, "a" * 5000,
    "%n%s%x", "\u00e4\U0001f600", "\x01\x1b[2J", "\t", "\n", "\"", "'", "\\",
    "$(x)", "a b", "..", "/", "//", "con", "C:\\", "=", "@", "#",
] + COMMANDS
# Not known anywhere, so a line that has one of them before "--" is wrong.
POISON = ["--no-such", "-Z", "--no-such=1", "--tim", "--jsonx", "-4Z"]
# Understood, but bound to fail, and without asking a name server.
HOPELESS = [
    lambda r: ["connect", r.choice(["127.0.0.1", "::1"]), "1"],
    lambda r: ["connect", "--source", r.choice(["::1", "unix:x", "192.0.2.1"]),
               "127.0.0.1", "1"],
    lambda r: ["connect", "unix:" + r.choice(["", "none", "@", "/", "%"])],
    lambda r: ["listen", r.choice(["192.0.2.1", "ff02::1%99"]), "0"],
    lambda r: ["listen", "--timeout", "0.000001", "0"],
    lambda r: ["listen", "unix:" + r.choice(["/none/x", "%", "x" * 200])],
    lambda r: ["send-file", r.choice(WORDS[-12:-8] + [".", "none"]),
               "127.0.0.1", "1"],
    lambda r: ["recv-file", r.choice(["none", "a/b/c", "\x01"])],
    lambda r: ["recv-file", "--timeout", "0.000001"],
    lambda r: ["resolve", r.choice(["127.1", "1.2.3", "0x7f.1", "::1%"])],
    lambda r: ["resolve", "127.0.0.1", r.choice(["-1", "65536", " 80"])],
    lambda r: ["constants", r.choice(["none", "?", "SO_", "\x01", "[a]"])
               + "!"],
]


def _poisoned(r):
    line = [r.choice(COMMANDS + WORDS)]
    line += r.choices(WORDS, k=r.randrange(8))
    end = line.index("--") if "--" in line else len(line)
    line.insert(r.randint(1, end) if end else 0, r.choice(POISON))
    return line


def _lines():
    r = random.Random(SEED)
    for number in range(COUNT):
        yield r.choice(HOPELESS)(r) if number % 3 == 0 else _poisoned(r)


def _judge(bench, line):
    """A complaint, or None."""
    try:
        done = subprocess.run(
            [*bench.command, *line], stdin=subprocess.DEVNULL,
            capture_output=True, timeout=LIMIT, cwd=bench.directory,
        )
    except subprocess.TimeoutExpired:
        return f"hangs: {line}"
    told = done.stderr.decode("utf-8", "replace").splitlines()
    if done.returncode not in (1, 2, 3, 4, 5):
        return f"code {done.returncode}: {line}: {told}"
    if not told or not told[-1].startswith("pier: "):
        return f"no reason: {line}: {told}"
    return None


def nonsense_fails_with_a_reason(bench):
    lines = list(_lines())
    assert len(lines) == COUNT
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        found = [c for c in pool.map(lambda x: _judge(bench, x), lines) if c]
    assert not found, "\n".join(found)
    assert bench.files() == [], bench.files()
