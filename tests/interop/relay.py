# SPDX-License-Identifier: MIT
"""relay.py listen|connect ipv4|ipv6|unix streams|datagrams PORT

Standard input and output joined with a socket of Python, blocking calls only.
"""

import os
import socket
import sys
import threading

FAMILIES = {"ipv4": socket.AF_INET, "ipv6": socket.AF_INET6,
            "unix": getattr(socket, "AF_UNIX", None)}
HOSTS = {"ipv4": "127.0.0.1", "ipv6": "::1"}


def receive(s, datagrams, met):
    while True:
        if datagrams:
            data, sender = s.recvfrom(65536)
            met(sender)
        elif not (data := s.recv(65536)):
            break
        os.write(1, data)


def send(s, datagrams, peer):
    while data := os.read(0, 65536):
        if datagrams:
            s.sendto(data, peer())
        else:
            s.sendall(data)
    if not datagrams:
        s.shutdown(socket.SHUT_WR)


def listening(s, family, address):
    s.bind(address)
    if s.type == socket.SOCK_STREAM:
        s.listen()
    place = address if family == "unix" else s.getsockname()[1]
    print("at", place, file=sys.stderr, flush=True)
    return s.accept()[0] if s.type == socket.SOCK_STREAM else s


def main():
    role, family, sort, port = sys.argv[1:]
    datagrams = sort == "datagrams"
    kind = socket.SOCK_DGRAM if datagrams else socket.SOCK_STREAM
    address = port if family == "unix" else (HOSTS[family], int(port))
    s = socket.socket(FAMILIES[family], kind)
    known = threading.Event()
    peers = []

    def met(sender):
        peers.append(sender)
        known.set()

    def peer():
        known.wait()
        return peers[-1]

    if role == "listen":
        s = listening(s, family, address)
    elif datagrams:
        if family == "unix":
            s.bind("here")
        met(address)
    else:
        s.connect(address)
    receiver = threading.Thread(target=receive, args=(s, datagrams, met),
                                daemon=datagrams)
    receiver.start()
    send(s, datagrams, peer)


main()
