# SPDX-License-Identifier: MIT
"""nc of OpenBSD, which ends its direction with the end of its input (-N).

It ends altogether when the other direction ends first, whatever it still has
to send; so it sends first.
"""

import socket

import exchange
from harness import with_free_port


class _Nc:
    patient = False

    @staticmethod
    def command(kind):
        command = ["nc", "-N", "-n"] + (["-u"] if kind.datagrams else [])
        if kind.unix:
            return command + ["-U"]
        return command + (["-6"] if kind.family == "ipv6" else [])

    def listens(self, bench, kind):
        ready = rb"Bound on" if kind.datagrams else rb"Listening on"

        def start(*place):
            command = [*self.command(kind), "-v", "-l", *place]
            return exchange.start(bench, command, ready), place[-1]

        if kind.unix:
            return start("there")
        sort = socket.SOCK_DGRAM if kind.datagrams else socket.SOCK_STREAM
        return with_free_port(sort, lambda port: start(kind.host, port))

    def connects(self, bench, kind, port):
        place = [port] if kind.unix else [kind.host, str(port)]
        own = ["-s", "here"] if kind.unix and kind.datagrams else []
        return exchange.start(bench, [*self.command(kind), *own, *place])


exchange.tests(globals(), _Nc())
