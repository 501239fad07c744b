# SPDX-License-Identifier: MIT
"""resolve, constants, probe, bench, and what is told by --trace."""

import json
import re
import socket


def _json(bench, *arguments):
    return json.loads(bench.run(*arguments, "--json").expect(0).out)


def literals_resolve_to_themselves(bench):
    for host, text in ("127.0.0.1", "127.0.0.1:80"), ("::1", "[::1]:80"):
        result = bench.run("resolve", host).expect(0)
        assert result.out.decode().split() == [host]
        result = bench.run("resolve", host, "80").expect(0)
        assert result.out.decode().split() == [text]


def every_address_of_a_name_is_a_line(bench):
    result = bench.run("resolve", "localhost").expect(0)
    lines = result.out.decode().splitlines()
    assert lines and len(set(lines)) == len(lines), lines
    assert set(lines) <= {"127.0.0.1", "::1"}, lines


def family_is_chosen(bench):
    result = bench.run("resolve", "-4", "localhost").expect(0)
    assert result.out.decode().split() == ["127.0.0.1"]
    bench.run("resolve", "-6", "127.0.0.1").expect(3, "resolve 127.0.0.1: ")


def service_is_looked_up(bench):
    found = _json(bench, "resolve", "127.0.0.1", "443")
    assert found == [{"family": "inet", "address": "127.0.0.1", "port": 443,
                      "text": "127.0.0.1:443"}], found
    bench.run("resolve", "127.0.0.1", "99999").expect(3, "resolve 127.0.0.1")
    bench.run("resolve", "127.0.0.1", "no-such").expect(3, "resolve 127.0")


def reverse_tells_the_name(bench):
    (found,) = _json(bench, "resolve", "--reverse", "127.0.0.1")
    assert found["address"] == "127.0.0.1" and found["name"], found


def loose_addresses_are_refused(bench):
    for host in "127.1", "0x7f.1", "010.0.0.1":
        bench.run("resolve", host).expect(3, f"resolve {host}: ")


def constants_are_those_of_the_system(bench):
    found = {c["name"]: c for c in _json(bench, "constants")}
    assert found["SOCK_STREAM"]["value"] == 1
    assert found["SOL_SOCKET"]["group"] == "option_level"
    if bench.emulated:
        return
    # What is the C library's choice: Python may have another one.
    for name in found.keys() - {"NI_MAXHOST", "SOMAXCONN"}:
        if value := getattr(socket, name, None):
            assert int(value) == found[name]["value"], name


def pattern_selects_constants(bench):
    def names(*arguments):
        return [c["name"] for c in _json(bench, "constants", *arguments)]

    assert names("AF_INET6") == ["AF_INET6"]
    assert "SO_KEEPALIVE" in names("keepal")
    assert names("af_inet?") == ["AF_INET6"]
    assert names("*_KEEP*") and all("_KEEP" in n for n in names("*_KEEP*"))
    assert "IPPROTO_TCP" in names("--group", "ip_protocol", "*tcp")
    result = bench.run("constants", "SO_REUSEADDR").expect(0)
    assert result.out.split()[0] == b"SO_REUSEADDR"


def nothing_that_matches_is_code_1(bench):
    for arguments in (["no-such"], ["--group", "none"], ["?"], ["*"] * 2):
        result = bench.run("constants", *arguments)
        result.expect(2 if len(arguments) > 1 and arguments[0] == "*" else 1)


def probe_tells_what_works(bench):
    found = _json(bench, "probe")
    assert found["families"]["IPv4 TCP"] == {"works": True}
    unix = found["families"]["AF_UNIX stream"]
    assert unix["works"] != bench.lacks_unix, unix
    assert found["behaviour"]["closing ends a receive"]["works"]
    assert found["behaviour"]["a token ends a receive"]["works"]
    assert found["limits"]["UDP datagram over IPv4"] == 65507
    backend = "windows" if bench.command[-1].endswith(".exe") else "posix"
    assert found["mechanisms"]["backend"] == backend
    text = bench.run("probe").expect(0).out.decode()
    for group in found:
        assert f"{group}\n" in text, group


def bench_measures_each_kind(bench):
    found = _json(bench, "bench", "--seconds", "0.05")
    assert {"TCP over IPv4", "UDP over IPv4"} <= set(found)
    for name, facts in found.items():
        assert facts["round trips"] > 0, name
        low, high = (facts["round trip, median"],
                     facts["round trip, 95 of 100 below"])
        assert 0 < low <= high <= facts["round trip, longest"], facts
    assert found["TCP over IPv4"]["throughput"] > 0
    assert set(_json(bench, "bench", "-t", "0.05", "-4")) == {
        "TCP over IPv4", "UDP over IPv4"}


def trace_has_a_line_for_each_call(bench):
    port = bench.closed_port()
    for arguments in (
        ["--trace", "connect", "127.0.0.1", port],
        ["connect", "--trace", "127.0.0.1", port],
    ):
        result = bench.run(*arguments).expect(3, "refused")
        lines = [x for x in result.lines if x.startswith("trace: ")]
        assert lines, result
        form = r"trace: \d+\.\d{6} (-|#\d+) \w+: (\w+) \(\d+\.\d us\)"
        assert all(re.fullmatch(form, line) for line in lines), lines
        assert any("ECONNREFUSED" in line for line in lines), lines


def trace_tells_look_ups_with_no_socket(bench):
    result = bench.run("--trace", "resolve", "localhost").expect(0)
    form = r"trace: \S+ - getaddrinfo: 0 \("
    assert re.search(form, result.err), result


def trace_shows_what_moves(bench):
    listener = bench.start("--trace", "listen", "--echo", "0")
    peer = bench.connect(listener.address())
    peer.sendall(b"12345")
    assert peer.recv(5) == b"12345"
    peer.close()
    result = listener.finish().expect(0)
    for call in "accept: 0", "recv: 5", "send: 5", "recv: 0", "free: 0":
        assert f" {call} (" in result.err, result
