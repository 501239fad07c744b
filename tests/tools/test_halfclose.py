# SPDX-License-Identifier: MIT
"""What both directions of a relay lose when one of them ends early: nothing.
"""

import socket
import subprocess
import threading
import time

from crossing import relay
from harness import receive_exactly
from pace import not_before

PIPE = subprocess.PIPE


def connect_ends_its_direction_in_the_middle(bench):
    relay(bench, "connect")


def listen_ends_its_direction_in_the_middle(bench):
    relay(bench, "listen")


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
