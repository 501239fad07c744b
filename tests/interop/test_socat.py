# SPDX-License-Identifier: MIT
"""socat, told to wait (-t) for the other direction when one has ended."""

import exchange

LISTEN = {
    "ipv4_streams": "TCP4-LISTEN:0,bind=127.0.0.1",
    "ipv6_streams": "TCP6-LISTEN:0,bind=[::1]",
    "unix_streams": "UNIX-LISTEN:there",
    "ipv4_datagrams": "UDP4-LISTEN:0,bind=127.0.0.1",
    "ipv6_datagrams": "UDP6-LISTEN:0,bind=[::1]",
    "unix_datagrams": "UNIX-SENDTO:here,bind=there",
}
CONNECT = {
    "ipv4_streams": "TCP4:127.0.0.1:{}",
    "ipv6_streams": "TCP6:[::1]:{}",
    "unix_streams": "UNIX-CONNECT:{}",
    "ipv4_datagrams": "UDP4:127.0.0.1:{}",
    "ipv6_datagrams": "UDP6:[::1]:{}",
    "unix_datagrams": "UNIX-SENDTO:{},bind=here",
}


class _Socat:
    patient = True

    @staticmethod
    def start(bench, kind, table, pattern, port=""):
        sort = "datagrams" if kind.datagrams else "streams"
        address = table[f"{kind.family}_{sort}"].format(port)
        return exchange.start(
            bench, ["socat", "-d", "-d", "-t", "30", "-", address], pattern
        )

    def listens(self, bench, kind):
        ready = rb"listening on .*?(?::(\d+)|\")\r?\n"
        if kind.unix and kind.datagrams:
            ready = rb"starting data transfer loop"
        process = self.start(bench, kind, LISTEN, ready)
        port = "there" if kind.unix else int(process.found.group(1))
        return process, port

    def connects(self, bench, kind, port):
        return self.start(bench, kind, CONNECT, None, port)


exchange.tests(globals(), _Socat())
