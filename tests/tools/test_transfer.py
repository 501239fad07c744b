# SPDX-License-Identifier: MIT
"""send-file and recv-file when all goes well, and what they refuse."""

import os
import socket

import wire
from harness import receive_exactly


def _transfer(bench, data, *options, host="127.0.0.1", name="data.bin"):
    bench.write(name, data)
    receiver = bench.start("recv-file", "--bind", host, *options)
    _, port = receiver.address()
    sender = bench.run("send-file", name, host, str(port))
    return sender, receiver.finish()


def file_arrives_intact(bench):
    for host in "127.0.0.1", "::1":
        target = bench.make_directory("in" + host.replace(":", ""))
        data = os.urandom(3 * 1024 * 1024 + 17)
        sender, receiver = _transfer(bench, data, target, host=host)
        sum_text = wire.digest(data).hex()
        sender.expect(0, "sent data.bin: 3145745 bytes", sum_text)
        receiver.expect(0, "received", "3145745 bytes", sum_text)
        assert bench.read(f"{target}/data.bin") == data
        assert bench.files(target) == ["data.bin"]


def sizes_at_the_edges_of_the_buffers_arrive(bench):
    for size in 0, 1, 63, 64, 65, 262143, 262144, 262145:
        target = bench.make_directory(f"in{size}")
        data = os.urandom(size)
        sender, receiver = _transfer(bench, data, target)
        sender.expect(0, f"{size} bytes", wire.digest(data).hex())
        receiver.expect(0, f"{size} bytes", wire.digest(data).hex())
        assert bench.read(f"{target}/data.bin") == data


def name_beyond_ascii_arrives(bench):
    target = bench.make_directory("in")
    sender, receiver = _transfer(bench, b"x", target, name="grüße→.bin")
    sender.expect(0, "grüße→.bin")
    receiver.expect(0, "grüße→.bin")
    assert bench.files(target) == ["grüße→.bin"]


def output_option_names_the_file(bench):
    sender, receiver = _transfer(bench, b"x" * 100, "-o", "other")
    sender.expect(0)
    receiver.expect(0, "received other")
    assert bench.read("other") == b"x" * 100
    assert bench.files() == ["data.bin", "other"]


def quiet_says_only_where_it_listens(bench):
    bench.make_directory("in")
    _, receiver = _transfer(bench, b"x", "--quiet", "in")
    receiver.expect(0, "listening on")
    assert len(receiver.lines) == 1, receiver


def no_bar_without_a_terminal(bench):
    bench.make_directory("in")
    sender, receiver = _transfer(bench, b"x" * 1000000, "in")
    assert "\r" not in sender.err + receiver.err
    assert len(sender.lines) == 1 and len(receiver.lines) == 2


def bar_is_drawn_on_a_terminal(bench):
    bench.only_natively("Wine has no terminal here")
    import pty
    import subprocess
    main, side = pty.openpty()
    bench.make_directory("in")
    bench.write("data.bin", bytes(2000000))
    receiver = bench.start("recv-file", "in")
    _, port = receiver.address()
    sender = subprocess.run(
        [*bench.command, "send-file", "data.bin", "127.0.0.1", str(port)],
        stderr=side, cwd=bench.directory, timeout=30,
    )
    os.close(side)
    shown = os.read(main, 65536).decode()
    os.close(main)
    assert sender.returncode == 0 and receiver.finish().code == 0
    assert "0% " in shown and "iB/s" in shown, shown
    assert shown.rstrip().splitlines()[-1].lstrip("\r ").startswith("sent")


def existing_file_is_kept(bench):
    bench.make_directory("in")
    bench.write("in/data.bin", b"old")
    sender, receiver = _transfer(bench, b"new", "in")
    sender.expect(1, "the receiver says: file exists")
    receiver.expect(4, "create in/data.bin: file exists")
    assert bench.read("in/data.bin") == b"old"
    assert bench.files("in") == ["data.bin"]


def existing_output_is_refused_at_once(bench):
    bench.write("here", b"old")
    bench.run("recv-file", "-o", "here").expect(4, "create here: file exists")


def force_replaces(bench):
    bench.make_directory("in")
    bench.write("in/data.bin", b"old")
    sender, receiver = _transfer(bench, b"new", "--force", "in")
    sender.expect(0)
    receiver.expect(0)
    assert bench.read("in/data.bin") == b"new"
    assert bench.files("in") == ["data.bin"]


def file_that_appears_meanwhile_is_kept(bench):
    receiver = bench.start("recv-file", "-o", "late")
    peer = bench.connect(receiver.address())
    peer.sendall(wire.header("x", 4))
    assert wire.receive_verdict(peer) == ""
    bench.write("late", b"mine")
    peer.sendall(b"data" + wire.digest(b"data"))
    assert wire.receive_verdict(peer) == "file exists"
    receiver.finish().expect(4, "create late: file exists")
    assert bench.read("late") == b"mine" and bench.files() == ["late"]


NAMES = [
    (b"plain.txt", "plain.txt"),
    (b"../../up", "up"),
    (b"/etc/passwd", "passwd"),
    (b"a\\b\\c", "c"),
    (b"C:\\x", "x"),
    (b"a:b", "a_b"),
    (b"what?*", "what__"),
    (b"con", "_on"),
    (b"NUL.txt", "_UL.txt"),
    (b"com7.tar.gz", "_om7.tar.gz"),
    (b"LPT\xc2\xb9", "_PT\u00b9"),
    (b"console", "console"),
    (b"end. .", "end___"),
    (b"tab\there", "tab_here"),
    (b"bad\xff\xc0\xafutf", "bad___utf"),
    (b"...", "___"),
    (b".hidden", "_hidden"),
    (b"bell\xc2\x9bm", "bell__m"),
]


def names_of_strangers_are_made_safe(bench):
    for number, (sent, stored) in enumerate(NAMES):
        target = bench.make_directory(f"in{number}")
        receiver = bench.start("recv-file", target)
        peer = bench.connect(receiver.address())
        peer.sendall(wire.header(sent, 2) + b"ok" + wire.digest(b"ok"))
        assert wire.receive_verdict(peer) == "", sent
        assert wire.receive_verdict(peer) == "", sent
        receiver.finish().expect(0)
        assert bench.files(target) == [stored], (sent, bench.files(target))


def names_of_which_nothing_is_left_are_refused(bench):
    for sent in b"", b".", b"..", b"a/..", b"x/", b"\\":
        target = bench.make_directory(f"in{sent.hex()}")
        receiver = bench.start("recv-file", target)
        peer = bench.connect(receiver.address())
        peer.sendall(wire.header(sent, 2))
        assert wire.receive_verdict(peer) == "not a name for a file"
        peer.shutdown(socket.SHUT_WR)
        receiver.finish().expect(1, "is not a name for a file")
        assert bench.files(target) == []


def what_is_no_header_is_refused(bench):
    good = wire.header("x", 1)
    for bad in (
        b"GET / HTTP/1.0\r\n\r\n" + bytes(100),
        wire.header("x", 1, version=2),
        wire.header("x" * 256, 1),
        wire.header("x", 2**63),
        good[:20] + b"\x01" + good[21:],
    ):
        receiver = bench.start("recv-file")
        peer = bench.connect(receiver.address())
        peer.sendall(bad)
        assert "not a transfer" in wire.receive_verdict(peer)
        peer.shutdown(socket.SHUT_WR)
        receiver.finish().expect(1, "not a transfer of this version")
        assert bench.files() == []


def sender_sends_name_and_size_and_waits_for_the_verdict(bench):
    bench.make_directory("deep")
    bench.write("deep/file", b"12345")
    server, port = bench.server()
    sender = bench.start("send-file", "deep/file", "127.0.0.1", port)
    peer = bench.accept(server)
    assert wire.receive_header(peer) == ("file", 5)
    peer.sendall(wire.verdict())
    assert receive_exactly(peer, 37) == b"12345" + wire.digest(b"12345")
    peer.sendall(wire.verdict())
    sender.finish().expect(0, "sent deep/file: 5 bytes")
