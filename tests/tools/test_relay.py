# SPDX-License-Identifier: MIT
"""connect and listen: both directions, their ends, their limits."""

import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import time

from harness import receive_all, receive_exactly, with_free_port
from pace import Pace, at_any_speed, interrupted, not_before

PIPE = subprocess.PIPE


def _connect(bench, *options, **more):
    """A running connect, and its peer."""
    server, port = bench.server()
    client = bench.start("connect", *options, "127.0.0.1", port, stdin=PIPE,
                         **more)
    return client, bench.accept(server)


def _fill_backlog(bench):
    """A port whose connections stay unanswered."""
    server = bench.keep(socket.socket())
    server.bind(("127.0.0.1", 0))
    server.listen(0)
    for _ in range(3):
        s = bench.keep(socket.socket())
        s.setblocking(False)
        s.connect_ex(server.getsockname())
    return str(server.getsockname()[1])


def echo_returns_what_connect_sends(bench):
    for host in "127.0.0.1", "::1":
        listener = bench.start("listen", "--echo", host, "0")
        address, port = listener.address()
        assert address == host
        data = os.urandom(300000)
        client = bench.run("connect", host, str(port), input=data)
        client.expect(0)
        assert client.out == data and client.err == ""
        listener.finish().expect(0)


def listen_relays_both_directions(bench):
    listener = bench.start("listen", "0", stdin=PIPE)
    peer = bench.connect(listener.address())
    listener.feed(b"down\r\n\x00\x1a")
    assert receive_exactly(peer, 8) == b"down\r\n\x00\x1a"
    peer.sendall(b"up\n\xff")
    assert listener.take(4) == b"up\n\xff"
    listener.end_input()
    assert peer.recv(1) == b""
    peer.sendall(b"after the end")
    peer.close()
    result = listener.finish().expect(0)
    assert result.out == b"after the end"


def end_of_input_closes_one_direction_only(bench):
    client, peer = _connect(bench)
    client.feed(b"question")
    client.end_input()
    assert receive_all(peer) == b"question"
    peer.sendall(b"a late answer")
    peer.close()
    result = client.finish().expect(0)
    assert result.out == b"a late answer"


def empty_input_is_an_end(bench):
    server, port = bench.server()
    client = bench.start("connect", "127.0.0.1", port)
    peer = bench.accept(server)
    assert peer.recv(1) == b""
    peer.close()
    client.finish().expect(0)


def peer_that_closes_ends_the_program(bench):
    client, peer = _connect(bench, "--linger", "0.2")
    peer.sendall(b"bye")
    peer.close()
    result = client.finish().expect(0)
    assert result.out == b"bye" and result.err == ""


def rest_of_the_input_follows_an_early_end(bench):
    data = os.urandom(2000000)
    bench.write("input", data)
    server, port = bench.server()
    with open(bench.path("input"), "rb") as file:
        client = bench.start("connect", "127.0.0.1", port, stdin=file)
    peer = bench.accept(server)
    peer.shutdown(socket.SHUT_WR)
    assert receive_all(peer) == data
    client.finish().expect(0)


def large_streams_cross(bench):
    data = os.urandom(3000000)
    listener = bench.start("listen", "--echo", "0")
    _, port = listener.address()
    result = bench.run("connect", "127.0.0.1", str(port), input=data)
    assert result.expect(0).out == data


def vanished_peer_is_named(bench):
    bench.only_natively("Wine shows a reset as the end of the stream")
    client, peer = _connect(bench)
    port = peer.getsockname()[1]
    peer.sendall(b"x")
    client.take(1)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack("ii", 1, 0))
    peer.close()
    client.finish().expect(
        1, f"receive from 127.0.0.1:{port}: connection reset by peer"
    )


def keep_open_serves_one_after_the_other(bench):
    listener = bench.start("listen", "--echo", "--keep-open", "0")
    address = listener.address()
    for text in b"first", b"second", b"third":
        peer = bench.connect(address)
        peer.sendall(text)
        peer.shutdown(socket.SHUT_WR)
        assert receive_all(peer) == text
        peer.close()
    assert listener.popen.poll() is None


def keep_open_echoes_to_several_at_once(bench):
    listener = bench.start("listen", "--echo", "--keep-open", "0")
    address = listener.address()
    peers = [bench.connect(address) for _ in range(5)]
    for number, peer in reversed(list(enumerate(peers))):
        peer.sendall(b"%d" % number)
        assert receive_exactly(peer, 1) == b"%d" % number


def timeout_of_keep_open_counts_while_nobody_is_served(bench):
    def attempt(seconds):
        listener = bench.start("listen", "--echo", "--keep-open", "--timeout",
                               str(seconds), "0")
        with Pace(listener, seconds):
            peer = bench.connect(listener.address())
            peer.sendall(b"x")
            assert receive_exactly(peer, 1) == b"x"
        assert listener.still_runs(1.4 * seconds), "it gave up on its peer"
        start = time.monotonic()
        peer.close()
        listener.finish().expect(5, "accept")
        not_before(start, seconds)

    at_any_speed(attempt)


def _few_descriptors():
    resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))


def keep_open_has_peers_wait_for_descriptors(bench):
    # Wine's server has the descriptors of its programs.
    prepare = None if bench.emulated else _few_descriptors
    listener = bench.start("listen", "--echo", "--keep-open", "0",
                           prepare=prepare)
    address = listener.address()
    peers = [bench.connect(address) for _ in range(32)]
    for peer in peers:
        peer.sendall(b"x")
    for peer in peers:
        assert receive_exactly(peer, 1) == b"x"
        peer.close()
    assert listener.popen.poll() is None, listener.err


FEW_LEFT = '''
import os, resource, sys
for number in range(24, 56):
    os.dup2(0, number)
resource.setrlimit(resource.RLIMIT_NOFILE, (56, 56))
os.execvp(sys.argv[1], sys.argv[1:])
'''


def _hears_itself(peer):
    try:
        return peer.recv(1) == b"x"
    except ConnectionResetError:
        return False


def descriptors_that_run_out_are_no_end_of_keep_open(bench):
    few_left = [sys.executable, "-c", FEW_LEFT]
    command = [] if bench.emulated else few_left
    listener = bench.start("listen", "--echo", "--keep-open", "0",
                           command=command + bench.command)
    address = listener.address()
    peers = [bench.connect(address) for _ in range(32)]
    for peer in peers:
        peer.sendall(b"x")
    # Who is let in last may be turned away.
    for peer in peers:
        _hears_itself(peer)
        peer.close()
    for _ in range(1000):
        peer = bench.connect(address)
        peer.sendall(b"x")
        if _hears_itself(peer):
            return
    raise AssertionError(f"it serves nobody any more: {listener.err}")


def source_is_where_connect_comes_from(bench):
    for options in (["127.0.0.2"], ["127.0.0.2:0"]):
        server, port = bench.server()
        client = bench.start("connect", "--source", *options, "127.0.0.1",
                             port)
        peer, address = server.accept()
        assert address[0] == "127.0.0.2", address
        peer.close()
        client.finish().expect(0)


def source_holds_for_datagrams_too(bench):
    peer = bench.datagrams()
    port = str(peer.getsockname()[1])

    def attempt(own):
        result = bench.run("connect", "-u", "-s", f"127.0.0.1:{own}",
                           "--linger", "0.1", "127.0.0.1", port, input=b"x\n")
        result.expect(0)
        assert peer.recvfrom(10)[1] == ("127.0.0.1", int(own))

    with_free_port(socket.SOCK_DGRAM, attempt)


def source_of_another_family_is_refused(bench):
    port = bench.closed_port()
    for options in ([], ["--udp"]):
        bench.run("connect", *options, "--source", "::1", "127.0.0.1",
                  port).expect(3, "pier: ")


def source_that_cannot_be_had_is_named(bench):
    port = bench.closed_port()
    # Wine has datagrams come from any address that is asked for.
    for options in [[]] if bench.emulated else [[], ["--udp"]]:
        bench.run("connect", *options, "--source", "192.0.2.1", "127.0.0.1",
                  port).expect(3, "bind 192.0.2.1:0: address not available")


def keep_open_relays_one_after_the_other(bench):
    listener = bench.start("listen", "-k", "--linger", "0.1", "0", stdin=PIPE)
    address = listener.address()
    for text in b"first", b"second":
        peer = bench.connect(address)
        peer.sendall(text)
        assert listener.take(len(text)) == text
        listener.feed(text)
        assert receive_exactly(peer, len(text)) == text
        peer.close()
    listener.end_input()
    last = bench.connect(address)
    assert last.recv(1) == b""


def without_keep_open_a_second_peer_is_refused(bench):
    listener = bench.start("listen", "--echo", "0")
    address = listener.address()
    peer = bench.connect(address)
    peer.sendall(b"x")
    assert receive_exactly(peer, 1) == b"x"
    try:
        bench.connect(address)
    except ConnectionRefusedError:
        return
    raise AssertionError("it still listens")


def datagrams_are_echoed(bench):
    for host in "127.0.0.1", "::1":
        listener = bench.start("listen", "--udp", "--echo", host, "0")
        _, port = listener.address()

        def attempt(seconds):
            client = bench.start("connect", "--udp", "--linger", str(seconds),
                                 host, str(port), stdin=PIPE)
            client.feed(b"one\ntwo\n")
            assert client.take(8) == b"one\ntwo\n"
            start = time.monotonic()
            with Pace(client, seconds, code=0, started=start):
                client.feed(b"three")
                client.end_input()
                assert client.take(5) == b"three"
            assert client.finish().expect(0).out == b""
            not_before(start, seconds)

        at_any_speed(attempt)


def silence_of_datagrams_ends_by_the_idle_timeout(bench):
    def attempt(options, seconds):
        listener = bench.start("listen", "--udp", *options, "--idle-timeout",
                               str(seconds), "0", stdin=PIPE)
        pace = Pace(listener, seconds)
        address = listener.address()
        peer = bench.datagrams()
        for _ in range(3):
            with pace:
                assert listener.still_runs(seconds / 2)
                start = time.monotonic()
                peer.sendto(b"x", address)
                if options:
                    assert peer.recv(10) == b"x"
                else:
                    assert listener.take(1) == b"x"
        listener.finish().expect(5, "silent for too long")
        not_before(start, seconds)

    at_any_speed(lambda seconds: attempt([], seconds))
    at_any_speed(lambda seconds: attempt(["--echo"], seconds))


def nobody_sending_times_out(bench):
    for options in [], ["--echo"]:
        start = time.monotonic()
        bench.run("listen", "--udp", *options, "--timeout", "0.3", "0").expect(
            5, "silent for too long"
        )
        not_before(start, 0.3)


def timeout_of_datagrams_counts_until_the_first(bench):
    def attempt(options, seconds):
        listener = bench.start("listen", "--udp", *options, "--timeout",
                               str(seconds), "0", stdin=PIPE)
        peer = bench.datagrams()
        with Pace(listener, seconds):
            peer.sendto(b"x", listener.address())
            if options:
                assert peer.recv(10) == b"x"
            else:
                assert listener.take(1) == b"x"
        assert listener.still_runs(1.4 * seconds), listener.err

    at_any_speed(lambda seconds: attempt([], seconds))
    at_any_speed(lambda seconds: attempt(["--echo"], seconds))


def idle_timeout_may_be_shorter_than_the_linger_time(bench):
    port = str(bench.datagrams().getsockname()[1])
    start = time.monotonic()
    bench.run("connect", "--udp", "--idle-timeout", "0.3", "--linger", "60",
              "127.0.0.1", port).expect(5, "silent for too long")
    not_before(start, 0.3)


def each_line_is_a_datagram(bench):
    peer = bench.datagrams()
    port = str(peer.getsockname()[1])
    client = bench.start("connect", "-u", "127.0.0.1", port, stdin=PIPE,
                         stdout=PIPE)
    client.feed(b"a line\nanother\nin two ")
    for text in b"a line\n", b"another\n":
        data, sender = peer.recvfrom(100)
        assert data == text, data
    peer.sendto(b"answer", sender)
    assert client.take(6) == b"answer"
    client.feed(b"parts\nunfinished")
    assert peer.recv(100) == b"in two parts\n"
    client.end_input()
    assert peer.recv(100) == b"unfinished"
    client.finish().expect(0)


def listen_answers_the_latest_sender(bench):
    listener = bench.start("listen", "--udp", "0", stdin=PIPE)
    address = listener.address()
    for name in b"first", b"other":
        peer = bench.datagrams()
        peer.sendto(name, address)
        assert listener.take(5) == name
        listener.feed(b"to " + name + b"\n")
        assert peer.recv(100) == b"to " + name + b"\n"


def empty_datagram_is_no_end(bench):
    listener = bench.start("listen", "--udp", "0")
    peer = bench.datagrams()
    peer.sendto(b"", listener.address())
    peer.sendto(b"more", listener.address())
    assert listener.take(4) == b"more"
    assert listener.popen.poll() is None


def silence_ends_by_the_idle_timeout(bench):
    def attempt(seconds):
        client, peer = _connect(bench, "--idle-timeout", str(seconds))
        port = peer.getsockname()[1]
        with Pace(client, seconds):
            start = time.monotonic()
            peer.sendall(b"x")
            assert client.take(1) == b"x"
        client.finish().expect(
            5, f"relay with 127.0.0.1:{port}: silent for too long"
        )
        not_before(start, seconds)

    at_any_speed(attempt)
    listener = bench.start("listen", "--echo", "--idle-timeout", "0.3", "0")
    start = time.monotonic()
    bench.connect(listener.address())
    listener.finish().expect(5, "silent for too long")
    not_before(start, 0.3)


def what_moves_in_one_direction_is_no_silence(bench):
    def attempt(seconds):
        client, peer = _connect(bench, "--idle-timeout", str(seconds))
        pace = Pace(client, seconds)
        for _ in range(4):
            with pace:
                assert client.still_runs(seconds / 2)
                client.feed(b"x")
                assert receive_exactly(peer, 1) == b"x"
        with pace:
            client.end_input()
            peer.close()
            client.finish().expect(0)

    at_any_speed(attempt)


def peer_that_does_not_read_ends_by_the_idle_timeout(bench):
    bench.write("input", bytes(64 * 1024 * 1024))
    server, port = bench.server()
    with open(bench.path("input"), "rb") as file:
        client = bench.start("connect", "--idle-timeout", "0.5", "127.0.0.1",
                             port, stdin=file)
    bench.accept(server)
    client.finish().expect(5, "silent for too long")


def unanswered_connection_times_out(bench):
    port = _fill_backlog(bench)
    start = time.monotonic()
    client = bench.run("connect", "--timeout", "0.5", "127.0.0.1", port)
    client.expect(5, f"connect 127.0.0.1:{port}: ")
    not_before(start, 0.5)


def output_that_fails_is_named(bench):
    bench.only_natively("Wine has no /dev/full")
    server, port = bench.server()
    with open("/dev/full", "wb") as full:
        client = bench.start("connect", "127.0.0.1", port, stdout=full)
    bench.accept(server).sendall(b"x")
    client.finish().expect(
        4, "write standard output: no space left on device"
    )
    # What the next peers send would be lost too.
    with open("/dev/full", "wb") as full:
        listener = bench.start("listen", "--keep-open", "0", stdout=full)
    bench.connect(listener.address()).sendall(b"x")
    listener.finish().expect(
        4, "write standard output: no space left on device"
    )


def output_that_nobody_reads_is_named(bench):
    client, peer = _connect(bench)
    client.popen.stdout.close()
    client.popen.stdout = None
    peer.sendall(b"x")
    client.finish().expect(4, "write standard output: closed by the reader")


def interruption_ends_a_relay(bench):
    bench.only_natively("Wine passes on no Ctrl-C without a console")

    def attempt(_):
        client, peer = _connect(bench)
        peer.sendall(b"x")
        assert client.take(1) == b"x"
        with interrupted(bench, client, signal.SIGINT):
            pass

    at_any_speed(attempt)


def _without(*descriptors):
    """Closes them in the new process."""
    def close():
        for number in descriptors:
            os.close(number)
    return close


def closed_input_is_an_end(bench):
    bench.only_natively("Wine opens what is closed")
    client, peer = _connect(bench, prepare=_without(0))
    assert peer.recv(1) == b""
    peer.sendall(b"answer")
    peer.close()
    assert client.finish().expect(0).out == b"answer"


def closed_output_fails(bench):
    bench.only_natively("Wine opens what is closed")
    client, peer = _connect(bench, prepare=_without(1))
    peer.sendall(b"x")
    client.finish().expect(4, "write standard output: not open")
    for arguments in ["--help"], ["constants"], ["probe"]:
        bench.run(*arguments, prepare=_without(1)).expect(
            4, "write standard output: not open")


def no_stream_need_be_open(bench):
    bench.only_natively("Wine opens what is closed")
    client, peer = _connect(bench, prepare=_without(0, 1, 2))
    assert peer.recv(1) == b""
    peer.close()
    assert client.finish().code == 0
    client, peer = _connect(bench, prepare=_without(0, 1, 2))
    peer.sendall(b"x")
    assert client.finish().code == 4
