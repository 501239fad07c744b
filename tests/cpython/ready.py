# SPDX-License-Identifier: MIT
"""Receives with data ready, on a socket with a timeout; what the system was
asked for is counted from outside."""

import socket

one, two = socket.socketpair()
two.settimeout(5)
one.sendall(b"x" * 1000)
for _ in range(1000):
    two.recv(1)
