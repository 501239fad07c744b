# SPDX-License-Identifier: MIT
"""What both directions of a relay lose when one of them ends early: nothing.

PIER_RELAY_MIB in the environment says how much goes in the longer direction.
"""

import hashlib
import os
import random
import socket
import subprocess
import threading
import time

from harness import LIMIT, not_before, receive_exactly

PIPE = subprocess.PIPE
BLOCK = 1 << 20
BLOCKS = int(os.environ.get("PIER_RELAY_MIB", "48"))


class _Stream:
    """Blocks that go into one program and should come out of the other."""

    def __init__(self, source, target, blocks, seed):
        self.source, self.target, self.blocks = source, target, blocks
        self.pattern = random.Random(seed).randbytes(BLOCK + 251)
        self.sent, self.received = hashlib.sha256(), hashlib.sha256()
        self.count = 0
        self.threads = [
            threading.Thread(target=run, daemon=True)
            for run in (self._feed, self._drain)
        ]
        for thread in self.threads:
            thread.start()

    def _feed(self):
        for number in range(self.blocks):
            start = number % 251
            block = self.pattern[start : start + BLOCK]
            self.sent.update(block)
            self.source.feed(block)
        self.source.end_input()

    def _drain(self):
        while chunk := os.read(self.target.popen.stdout.fileno(), 1 << 18):
            self.received.update(chunk)
            self.count += len(chunk)

    def check(self):
        for thread in self.threads:
            thread.join(LIMIT + BLOCKS)
            assert not thread.is_alive(), f"hangs after {self.count} bytes"
        assert self.count == self.blocks * BLOCK, self.count
        assert self.sent.digest() == self.received.digest()


def _relay(bench, short_end):
    """The program named short_end is fed half as much as the other."""
    listener = bench.start("listen", "0", stdin=PIPE)
    _, port = listener.address()
    client = bench.start("connect", "127.0.0.1", str(port), stdin=PIPE)
    ends = {"listen": listener, "connect": client}
    short = ends.pop(short_end)
    (long,) = ends.values()
    started = time.monotonic()
    streams = [
        _Stream(short, long, BLOCKS // 2, 1),
        _Stream(long, short, BLOCKS, 2),
    ]
    for stream in streams:
        stream.check()
    seconds = time.monotonic() - started
    print(f"{BLOCKS} MiB and {BLOCKS // 2} MiB back in {seconds:.2f} s")
    client.finish().expect(0)
    listener.finish().expect(0)


def connect_ends_its_direction_in_the_middle(bench):
    _relay(bench, "connect")


def listen_ends_its_direction_in_the_middle(bench):
    _relay(bench, "listen")


def slow_input_outlives_the_peers_direction(bench):
    listener = bench.start("listen", "0", stdin=PIPE)
    peer = bench.connect(listener.address())
    peer.shutdown(socket.SHUT_WR)
    assert listener.still_runs(1.5)
    listener.feed(b"late")
    assert receive_exactly(peer, 4) == b"late"
    listener.end_input()
    assert peer.recv(1) == b""
    listener.finish().expect(0)


def silent_input_ends_by_the_linger_time(bench):
    listener = bench.start("listen", "--linger", "0.2", "0", stdin=PIPE)
    peer = bench.connect(listener.address())
    start = time.monotonic()
    peer.shutdown(socket.SHUT_WR)
    assert peer.recv(1) == b""
    listener.finish().expect(0)
    not_before(start, 0.2)


def silent_input_ends_by_the_idle_timeout(bench):
    listener = bench.start("listen", "--idle-timeout", "0.2", "0", stdin=PIPE)
    start = time.monotonic()
    peer = bench.connect(listener.address())
    peer.shutdown(socket.SHUT_WR)
    assert peer.recv(1) == b""
    listener.finish().expect(5, "silent for too long")
    not_before(start, 0.2)


def peer_that_is_gone_fails_the_rest_of_the_input(bench):
    listener = bench.start("listen", "0", stdin=PIPE)
    peer = bench.connect(listener.address())
    peer.close()

    def feed():
        try:
            for _ in range(64):
                listener.feed(bytes(65536))
        except BrokenPipeError:
            pass

    threading.Thread(target=feed, daemon=True).start()
    listener.finish().expect(1, "send to 127.0.0.1:")
