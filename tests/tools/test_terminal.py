# SPDX-License-Identifier: MIT
"""What somebody at a terminal types and sees; under Wine it is a console."""

import fcntl
import os
import pty
import select
import time
import termios

from harness import LIMIT


class _Terminal:
    """A program with a terminal of its own, and its peer."""

    def __init__(self, bench):
        self.screen, side = pty.openpty()
        server, port = bench.server()
        try:
            self.program = bench.start(
                "connect", "127.0.0.1", port, stdin=side, stdout=side,
                prepare=self._take,
            )
        finally:
            os.close(side)
        self.peer = bench.accept(server)

    @staticmethod
    def _take():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def type(self, text):
        os.write(self.screen, text.encode())

    def shows(self, text):
        """Waits until text is on the screen."""
        seen = b""
        while text.encode() not in seen:
            assert select.select([self.screen], [], [], LIMIT)[0], seen
            seen += os.read(self.screen, 4096)

    def close(self):
        os.close(self.screen)


def _at_terminal(bench, act):
    terminal = _Terminal(bench)
    try:
        # What was typed before Wine had its console would be lost.
        terminal.peer.sendall("zurück →\n".encode())
        terminal.shows("zurück →")
        act(terminal)
    finally:
        terminal.close()


def _again_until(done, again):
    """Wine may take no notice of a key before the next one comes."""
    end = time.monotonic() + LIMIT
    again()
    while not done():
        assert time.monotonic() < end, "nothing happens"
        again()


def typed_lines_go_to_the_peer(bench):
    def act(terminal):
        data = b""

        def arrive():
            nonlocal data
            if select.select([terminal.peer], [], [], 1)[0]:
                data += terminal.peer.recv(100)
            return data.count(b"\n") > 2 and expected in data

        expected = "grüße\n".encode()
        terminal.type("grüße\r")
        _again_until(arrive, lambda: terminal.type("\r"))
        expected = "\U0001f600 x\n".encode()
        terminal.type("\U0001f600 x\r")
        _again_until(arrive, lambda: terminal.type("\r"))
        words = [x for x in data.decode().split("\n") if x]
        assert words == ["grüße", "\U0001f600 x"], data

    _at_terminal(bench, act)


def peer_that_closes_leaves_nobody_waiting_for_a_line(bench):
    def act(terminal):
        terminal.peer.close()
        terminal.program.finish().expect(0)

    _at_terminal(bench, act)


def control_c_ends_the_wait(bench):
    def act(terminal):
        _again_until(lambda: not terminal.program.still_runs(1),
                     lambda: terminal.type("\x03"))
        terminal.program.finish().expect(130, "interrupted")

    _at_terminal(bench, act)


def control_d_is_the_end_of_the_input(bench):
    bench.only_natively("a console ends by Ctrl-Z, which Wine does not pass on")

    def act(terminal):
        terminal.type("\x04")
        assert terminal.peer.recv(1) == b""
        terminal.peer.close()
        terminal.program.finish().expect(0)

    _at_terminal(bench, act)
