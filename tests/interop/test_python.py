# SPDX-License-Identifier: MIT
"""Python's socket, in a program of its own (relay.py)."""

import os
import sys

import exchange

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "relay.py")


class _Python:
    patient = True

    @staticmethod
    def start(bench, role, kind, port, pattern=None):
        sort = "datagrams" if kind.datagrams else "streams"
        return exchange.start(
            bench,
            [sys.executable, PROGRAM, role, kind.family, sort, str(port)],
            pattern,
        )

    def listens(self, bench, kind):
        port = "there" if kind.unix else 0
        process = self.start(bench, "listen", kind, port, rb"at (\w+)\n")
        found = process.found.group(1).decode()
        return process, found if kind.unix else int(found)

    def connects(self, bench, kind, port):
        return self.start(bench, "connect", kind, port)


exchange.tests(globals(), _Python())
