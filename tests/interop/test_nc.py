# SPDX-License-Identifier: MIT
"""nc of OpenBSD, which ends its direction with the end of its input (-N).

It ends altogether when the other direction ends first, whatever it still has
to send; so it sends first.
"""

import exchange


class _Nc:
    patient = False

    @staticmethod
    def command(kind):
        command = ["nc", "-N", "-n"] + (["-u"] if kind.datagrams else [])
        if kind.unix:
            return command + ["-U"]
        return command + (["-6"] if kind.family == "ipv6" else [])

    def listens(self, bench, kind):
        port = "there" if kind.unix else bench.closed_port()
        place = [port] if kind.unix else [kind.host, port]
        ready = rb"Bound on" if kind.datagrams else rb"Listening on"
        return exchange.start(
            bench, [*self.command(kind), "-v", "-l", *place], ready
        ), port

    def connects(self, bench, kind, port):
        place = [port] if kind.unix else [kind.host, str(port)]
        own = ["-s", "here"] if kind.unix and kind.datagrams else []
        return exchange.start(bench, [*self.command(kind), *own, *place])


exchange.tests(globals(), _Nc())
