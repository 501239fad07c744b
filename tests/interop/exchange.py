# SPDX-License-Identifier: MIT
"""What two programs, one of them pier, say to each other."""

import os
import re
import shutil
import subprocess
import threading

import harness

PIPE = subprocess.PIPE
BYTES = 1 << 20
KINDS = ["ipv4_streams", "ipv6_streams", "unix_streams", "ipv4_datagrams",
         "ipv6_datagrams", "unix_datagrams"]
REFUSED = "address family not supported"


class Kind:
    def __init__(self, name):
        self.family, kind = name.split("_")
        self.datagrams = kind == "datagrams"
        self.unix = self.family == "unix"
        self.host = {"ipv4": "127.0.0.1", "ipv6": "::1"}.get(self.family)

    def place(self, port):
        """Where port is for pier; of unix it is a path."""
        return [f"unix:{port}"] if self.unix else [self.host, str(port)]

    def options(self):
        return ["--udp"] if self.datagrams else []


def start(bench, command, pattern=None):
    """Another program; waits until its standard error has pattern."""
    if not shutil.which(command[0]):
        raise harness.Skip(f"{command[0]} is not installed")
    process = harness.Process(subprocess.Popen(
        command, stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=bench.directory,
    ))
    bench.running.append(process)
    if pattern:
        process.found = process.wait_for(re.compile(pattern))
    return process


def _talk(source, target):
    """Sends from one to the other and ends; returns what to call then."""
    data = os.urandom(BYTES)
    got = []

    def feed():
        try:
            source.feed(data)
            source.end_input()
        except BrokenPipeError:
            pass  # the program that ended early is the one to hear

    def drain():
        got.append(target.take(BYTES))

    threads = [threading.Thread(target=f, daemon=True) for f in (feed, drain)]
    for thread in threads:
        thread.start()

    def check():
        for thread in threads:
            thread.join(harness.LIMIT)
        told = f"{source.err!r}, {target.err!r}"
        assert not any(t.is_alive() for t in threads), f"hangs: {told}"
        assert got == [data], f"it is not what was sent: {told}"

    return check


def _streams(pier, other, patient):
    check = _talk(other, pier)
    if not patient:
        check()
    _talk(pier, other)()
    check()


def _datagrams(client, server):
    for number in range(3):
        line = b"line %d there\n" % number
        client.feed(line)
        assert server.take(len(line)) == line
        line = b"line %d back\n" % number
        server.feed(line)
        assert client.take(len(line)) == line
    client.end_input()


def pier_connects(bench, kind, tool):
    if kind.unix and bench.lacks_unix:
        bench.run("connect", *kind.options(), "unix:there").expect(3, REFUSED)
        return
    server, port = tool.listens(bench, kind)
    source = ["--source", "unix:here"] if kind.family == "unix" else []
    client = bench.start("connect", *kind.options(), *source,
                         *kind.place(port), stdin=PIPE)
    if kind.datagrams:
        _datagrams(client, server)
    else:
        _streams(client, server, tool.patient)
    assert client.finish().expect(0).out == b""


def pier_listens(bench, kind, tool):
    options = kind.options()
    if kind.unix and bench.lacks_unix:
        bench.run("listen", *options, "unix:there").expect(3, REFUSED)
        return
    server = bench.start("listen", *options,
                         *kind.place("there" if kind.unix else 0), stdin=PIPE)
    port = server.path() if kind.unix else server.address()[1]
    client = tool.connects(bench, kind, port)
    if kind.datagrams:
        _datagrams(client, server)
        assert server.popen.poll() is None
    else:
        _streams(server, client, tool.patient)
        assert server.finish().expect(0).out == b""


def tests(module, tool):
    """Puts a test for each kind and role into a module of tests."""
    for name in KINDS:
        for role in pier_connects, pier_listens:
            def test(bench, role=role, kind=Kind(name)):
                role(bench, kind, tool)

            test.__name__ = f"{role.__name__}_over_{name}"
            test.__module__ = module["__name__"]
            module[test.__name__] = test
