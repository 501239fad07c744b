# SPDX-License-Identifier: MIT
"""Failures of transfers: one clear line, an exit code, no partial file."""

import os
import resource
import signal
import socket
import struct
import time

import denied
import wire
from pace import Pace, TooSlow, at_any_speed, interrupted, not_before

MIB = 1024 * 1024


def _receive_partly(bench, *options, prepare=None, size=4 * MIB):
    """A receiver in the middle of a file, and its sender."""
    if "in" not in bench.files():
        bench.make_directory("in")
    receiver = bench.start("recv-file", *options, "in", prepare=prepare)
    return receiver, _offer(bench, receiver, size)


def _offer(bench, receiver, size=4 * MIB):
    peer = bench.connect(receiver.address())
    peer.sendall(wire.header("data.bin", size))
    assert wire.receive_verdict(peer) == ""
    return peer


def refused_connection_is_named(bench):
    bench.write("file", b"x")
    port = bench.closed_port()
    for command in ["connect"], ["send-file", "file"]:
        result = bench.run(*command, "127.0.0.1", port)
        result.expect(3, f"pier: connect 127.0.0.1:{port}: connection refused")
        assert len(result.lines) == 1, result


def unknown_name_is_named(bench):
    result = bench.run("connect", "no-such-host.invalid", "9")
    result.expect(3, "pier: resolve no-such-host.invalid: ")
    assert len(result.lines) == 1, result


def taken_port_is_named(bench):
    _, port = bench.server()
    for command in ["listen", port], ["recv-file", "--port", port]:
        bench.run(*command).expect(3, f"listen on 127.0.0.1:{port}: ")


def foreign_address_is_named(bench):
    result = bench.run("listen", "192.0.2.1", "0")
    result.expect(3, "listen on 192.0.2.1:0: ")


def missing_file_is_named(bench):
    bench.run("send-file", "missing", "127.0.0.1", "9").expect(
        4, "pier: open missing: no such file or directory"
    )


def directory_is_no_file(bench):
    bench.make_directory("dir")
    bench.run("send-file", "dir", "127.0.0.1", "9").expect(
        4, "open dir: is a directory"
    )
    bench.run("recv-file", "-o", "dir").expect(4, "dir: is a directory")


def missing_directory_is_named(bench):
    bench.run("recv-file", "missing").expect(
        4, "receive into missing: no such file or directory"
    )
    bench.write("file", b"")
    bench.run("recv-file", "file").expect(4, "file: not a directory")


def turned_bit_fails_both_sides(bench):
    bench.make_directory("in")
    bench.write("data.bin", os.urandom(MIB))
    receiver = bench.start("recv-file", "in")
    server, port = bench.server()
    sender = bench.start("send-file", "data.bin", "127.0.0.1", port)
    near = bench.accept(server)
    far = bench.connect(receiver.address())
    wire.spoil(near, far, 500000)
    wire.spoil(far, near, -1)
    sender.finish().expect(1, "the receiver says: checksum mismatch")
    receiver.finish().expect(1, "in/data.bin", "checksum mismatch")
    assert bench.files("in") == []


def sender_that_closes_leaves_no_file(bench):
    receiver, peer = _receive_partly(bench)
    peer.sendall(bytes(MIB))
    peer.close()
    receiver.finish().expect(
        1, "connection closed by the sender after 1048576 of 4194304 bytes"
    )
    assert bench.files("in") == []


def sender_that_resets_leaves_no_file(bench):
    receiver, peer = _receive_partly(bench)
    peer.sendall(bytes(MIB))
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack("ii", 1, 0))
    peer.close()
    receiver.finish().expect(1, "receive from 127.0.0.1:", "connection ")
    assert bench.files("in") == []


def sizes_beyond_4_gib_are_counted(bench):
    receiver, peer = _receive_partly(bench, size=5 * 1024 * MIB)
    peer.sendall(b"x" * 1000)
    peer.close()
    receiver.finish().expect(1, "after 1000 of 5368709120 bytes")
    assert bench.files("in") == []


def killed_sender_leaves_no_file(bench):
    bench.only_natively("Wine's server may die of a program that is killed")
    bench.make_directory("in")
    with open(bench.path("big"), "wb") as file:
        file.truncate(64 * 1024 * MIB)
    receiver = bench.start("recv-file", "in")
    _, port = receiver.address()
    sender = bench.start("send-file", "big", "127.0.0.1", str(port))
    while not bench.files("in"):
        assert sender.popen.poll() is None, sender.err
    sender.signal(signal.SIGKILL)
    receiver.finish().expect(1, "receive from 127.0.0.1:", "connection ")
    assert bench.files("in") == []


def receiver_that_closes_fails_the_sender(bench):
    bench.write("data.bin", bytes(8 * MIB))
    server, port = bench.server()
    sender = bench.start("send-file", "data.bin", "127.0.0.1", port)
    peer = bench.accept(server)
    wire.receive_header(peer)
    peer.sendall(wire.verdict())
    peer.close()
    sender.finish().expect(1, f"pier: send to 127.0.0.1:{port}: ")


def receiver_that_gives_up_is_quoted(bench):
    bench.write("data.bin", bytes(64 * MIB))
    server, port = bench.server()
    sender = bench.start("send-file", "data.bin", "127.0.0.1", port)
    peer = bench.accept(server)
    wire.receive_header(peer)
    peer.sendall(wire.verdict() + wire.verdict("out of \x1b[1mdisk"))
    while peer.recv(MIB):
        pass
    sender.finish().expect(1, "the receiver says: out of ?[1mdisk")


def listener_of_another_kind_is_refused(bench):
    bench.write("data.bin", b"x")
    server, port = bench.server()
    sender = bench.start("send-file", "data.bin", "127.0.0.1", port)
    bench.accept(server).sendall(b"220 mail.example ESMTP\r\n")
    sender.finish().expect(1, f"send to 127.0.0.1:{port}: protocol error")


def silent_sender_times_out(bench):
    def attempt(seconds):
        receiver = bench.start("recv-file", "--timeout", str(seconds), "in")
        pace = Pace(receiver, seconds)
        with pace:
            peer = _offer(bench, receiver)
        with pace:
            start = time.monotonic()
            peer.sendall(b"x")
            assert "in time" in wire.receive_verdict(peer)
            not_before(start, seconds)
        peer.close()
        receiver.finish().expect(5, "receive from 127.0.0.1:")
        assert bench.files("in") == []

    bench.make_directory("in")
    at_any_speed(attempt)


def silent_receiver_times_out(bench):
    def attempt(seconds):
        server, port = bench.server()
        sender = bench.start("send-file", "--timeout", str(seconds),
                             "data.bin", "127.0.0.1", port)
        bench.accept(server)
        with Pace(sender, seconds):
            sender.finish().expect(5, f"send to 127.0.0.1:{port}: ")
        not_before(sender.started, seconds)

    bench.write("data.bin", b"x")
    at_any_speed(attempt)


def nobody_coming_times_out(bench):
    for command in ["recv-file"], ["listen", "0"]:
        start = time.monotonic()
        bench.run(*command, "--timeout", ".3").expect(5, "accept")
        not_before(start, 0.3)


def _limit_files():
    """As a full disk: no file may grow beyond a mebibyte."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MIB, MIB))


def file_that_cannot_grow_fails_both_sides(bench):
    bench.make_directory("in")
    bench.write("data.bin", bytes(16 * MIB))
    receiver = bench.start("recv-file", "in", prepare=_limit_files)
    _, port = receiver.address()
    sender = bench.run("send-file", "data.bin", "127.0.0.1", str(port))
    sender.expect(1, "send data.bin to 127.0.0.1:", "the receiver says: ")
    receiver.finish().expect(4, "write in/data.bin: ")
    assert bench.files("in") == []


SMALL_DISK = """
mount -t tmpfs -o size=512k none in || exit 77
"$@"
code=$?
ls -A in
exit $code
"""


def full_disk_fails_both_sides(bench):
    bench.only_natively("Wine's server would not see the small disk")
    bench.make_directory("in")
    bench.write("data.bin", bytes(16 * MIB))
    bench.only_where("unshare", "-Urm", "mount", "-t", "tmpfs", "none", "in")
    command, bench.command = bench.command, [
        "unshare", "-Urm", "sh", "-c", SMALL_DISK, "sh", *bench.command]
    receiver = bench.start("recv-file", "in")
    bench.command = command
    _, port = receiver.address()
    sender = bench.run("send-file", "data.bin", "127.0.0.1", str(port))
    sender.expect(1, "the receiver says: no space left on device")
    result = receiver.finish()
    result.expect(4, "write in/data.bin: no space left on device")
    assert result.out == b"", result.out


def interruption_leaves_no_file(bench):
    bench.only_natively("Wine passes on no Ctrl-C without a console")

    def attempt(number):
        receiver, peer = _receive_partly(bench)
        peer.sendall(bytes(MIB))
        with interrupted(bench, receiver, number):
            assert "interrupted" in wire.receive_verdict(peer)
            peer.close()
        assert bench.files("in") == []

    for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
        at_any_speed(lambda _, number=number: attempt(number))


def interruption_ends_waiting_for_a_peer(bench):
    bench.only_natively("Wine passes on no Ctrl-C without a console")

    def attempt(command):
        process = bench.start(*command)
        process.address()
        with interrupted(bench, process, signal.SIGINT):
            pass

    for command in (["recv-file"], ["listen", "0"], ["listen", "-k", "0"],
                    ["listen", "--udp", "0"], ["listen", "-ue", "0"]):
        at_any_speed(lambda _, command=command: attempt(command))


def refused_sender_that_trickles_is_not_waited_for(bench):
    bench.only_natively("Wine passes on no Ctrl-C without a console")

    def attempt(_):
        receiver, peer = _receive_partly(bench)
        start = time.monotonic()
        with interrupted(bench, receiver, signal.SIGINT):
            assert "interrupted" in wire.receive_verdict(peer)
            receiver.still_runs(0.7)
            peer.sendall(b"x")
            assert peer.recv(1) == b""
            passed = time.monotonic() - start
        # A second, and not another one after what came.
        if passed > 1.5:
            raise TooSlow(f"{passed:.3f} s")

    at_any_speed(attempt)


def file_that_cannot_be_synced_fails_both_sides(bench):
    bench.only_natively("Wine's server does it")

    def transfer(prepare, *options):
        receiver = bench.start("recv-file", *options, "in", prepare=prepare)
        _, port = receiver.address()
        sender = bench.run("send-file", "data.bin", "127.0.0.1", str(port))
        return sender, receiver.finish()

    bench.make_directory("in")
    bench.write("data.bin", bytes(MIB))
    # Neither its content nor its name.
    denials = (denied.sync, "write"), (denied.directories, "create")
    for prepare, what in denials:
        sender, receiver = transfer(prepare)
        sender.expect(1, "the receiver says: no space left on device")
        receiver.expect(4, f"{what} in/data.bin: no space left on device")
        assert bench.files("in") == []
        sender, receiver = transfer(prepare, "--no-sync")
        sender.expect(0)
        receiver.expect(0)
        assert bench.read("in/data.bin") == bytes(MIB)
        os.unlink(bench.path("in/data.bin"))
