# SPDX-License-Identifier: MIT
"""AF_UNIX: addresses, their files, streams and datagrams.

Wine has no AF_UNIX: there it is refused, in words.
"""

import os
import signal
import socket
import subprocess

from harness import receive_all, receive_exactly

PIPE = subprocess.PIPE
REFUSED = "address family not supported"


def _listen(bench, *options, **more):
    """A listener, or None where there is no AF_UNIX."""
    listener = bench.start("listen", *options, "unix:here", **more)
    if bench.lacks_unix:
        listener.finish().expect(3, f"listen on unix:here: {REFUSED}")
        return None
    assert listener.path() == "here"
    return listener


def _peer(bench, kind=socket.SOCK_STREAM):
    peer = bench.keep(socket.socket(socket.AF_UNIX, kind))
    peer.connect(bench.path("here"))
    return peer


def stream_is_relayed(bench):
    listener = _listen(bench, stdin=PIPE)
    if not listener:
        return
    peer = _peer(bench)
    listener.feed(b"down")
    assert receive_exactly(peer, 4) == b"down"
    peer.sendall(b"up")
    assert listener.take(2) == b"up"
    peer.shutdown(socket.SHUT_WR)
    listener.feed(b"rest")
    listener.end_input()
    assert receive_all(peer) == b"rest"
    listener.finish().expect(0)


def connect_reaches_a_server(bench):
    if bench.lacks_unix:
        bench.run("connect", "unix:here").expect(
            3, f"connect unix:here: {REFUSED}"
        )
        return
    server = bench.keep(socket.socket(socket.AF_UNIX))
    server.bind(bench.path("here"))
    server.listen()
    client = bench.start("connect", "unix:here", stdin=PIPE)
    peer = bench.accept(server)
    client.feed(b"question")
    client.end_input()
    assert receive_all(peer) == b"question"
    peer.sendall(b"answer")
    peer.close()
    result = client.finish().expect(0)
    assert result.out == b"answer"


def two_programs_talk(bench):
    listener = _listen(bench, "--echo")
    if listener:
        data = os.urandom(300000)
        assert bench.run("connect", "unix:here", input=data).out == data
        listener.finish().expect(0)


def file_of_a_source_goes_with_it(bench):
    for _ in range(2):
        listener = _listen(bench, "--echo")
        if not listener:
            return
        client = bench.run("connect", "--source", "unix:there", "unix:here",
                           input=b"x")
        assert client.expect(0).out == b"x"
        listener.finish().expect(0)
        assert bench.files() == []
    bench.run("connect", "--source", "unix:there", "unix:here").expect(
        3, "connect unix:here: no such file or directory"
    )
    assert bench.files() == []


def file_of_the_socket_goes_with_it(bench):
    listener = _listen(bench, "--timeout", "0.1")
    if listener:
        listener.finish().expect(5, "accept")
        assert bench.files() == []


def living_server_keeps_its_path(bench):
    listener = _listen(bench)
    if listener:
        bench.run("listen", "unix:here").expect(
            3, "listen on unix:here: address already in use"
        )
        _peer(bench).close()


def path_of_a_dead_server_is_taken_over(bench):
    if not bench.lacks_unix:
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(bench.path("here"))
    listener = _listen(bench, "--echo")
    if listener:
        _peer(bench).close()
        listener.finish()


def other_file_is_left_alone(bench):
    bench.write("here", b"mine")
    bench.run("listen", "unix:here").expect(3, "listen on unix:here: ")
    assert bench.read("here") == b"mine"


def nobody_listens(bench):
    expected = REFUSED if bench.lacks_unix else "no such file or directory"
    bench.run("connect", "unix:none").expect(
        3, f"connect unix:none: {expected}"
    )


def datagrams_go_both_ways(bench):
    listener = _listen(bench, "--udp", stdin=PIPE)
    if not listener:
        return
    client = bench.start("connect", "--udp", "--source", "unix:there",
                         "unix:here", stdin=PIPE)
    client.feed(b"to\n")
    assert listener.take(3) == b"to\n"
    listener.feed(b"fro\n")
    assert client.take(4) == b"fro\n"
    client.end_input()
    client.finish().expect(0)
    listener.signal(signal.SIGINT)
    listener.finish().expect(130, "interrupted")
    assert bench.files() == []


def longest_path_is_told(bench):
    bench.run("connect", "unix:" + "x" * 120).expect(3, "name too long")
