# SPDX-License-Identifier: MIT
"""Two streams that cross in a relay of two programs, the shorter ending first.

PIER_RELAY_MIB in the environment says how much goes in the longer direction.
"""

import hashlib
import os
import random
import subprocess
import threading
import time

from harness import LIMIT

PIPE = subprocess.PIPE
BLOCK = 1 << 20
BLOCKS = int(os.environ.get("PIER_RELAY_MIB", "48"))


class Stream:
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


def relay(bench, short_end, listen=None, connect=None):
    """The program named short_end is fed half as much as the other.

    listen and connect are commands that start other builds of the program.
    """
    listener = bench.start("listen", "0", stdin=PIPE, command=listen)
    _, port = listener.address()
    client = bench.start("connect", "127.0.0.1", str(port), stdin=PIPE,
                         command=connect)
    ends = {"listen": listener, "connect": client}
    short = ends.pop(short_end)
    (long,) = ends.values()
    started = time.monotonic()
    streams = [
        Stream(short, long, BLOCKS // 2, 1),
        Stream(long, short, BLOCKS, 2),
    ]
    for stream in streams:
        stream.check()
    seconds = time.monotonic() - started
    print(f"{BLOCKS} MiB and {BLOCKS // 2} MiB back in {seconds:.2f} s")
    client.finish().expect(0)
    listener.finish().expect(0)
