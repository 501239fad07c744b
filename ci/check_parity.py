# SPDX-License-Identifier: MIT
"""Python's socket module, name by name, and the tests that compare pier with
it; see check-parity.sh."""

import re

import suites
import tree

TABLE = "docs/python-parity.md"
DEFECTS = 22
VERDICTS = ("equal", "better")

# What a socket object has, the module's functions, and what it calls.
NAMES = """
    socket() socket.accept socket.bind socket.close socket.connect
    socket.connect_ex socket.detach socket.dup socket.family socket.fileno
    socket.get_inheritable socket.getblocking socket.getpeername
    socket.getsockname socket.getsockopt socket.gettimeout socket.ioctl
    socket.listen socket.makefile socket.proto socket.recv socket.recv_into
    socket.recvfrom socket.recvfrom_into socket.recvmsg socket.recvmsg_into
    socket.send socket.sendall socket.sendfile socket.sendmsg
    socket.sendmsg_afalg socket.sendto socket.set_inheritable
    socket.setblocking socket.setsockopt socket.settimeout socket.share
    socket.shutdown socket.timeout socket.type
    CMSG_LEN CMSG_SPACE SocketType close create_connection create_server dup
    fromfd fromshare getaddrinfo getdefaulttimeout getfqdn gethostbyaddr
    gethostbyname gethostbyname_ex gethostname getnameinfo getprotobyname
    getservbyname getservbyport has_dualstack_ipv6 has_ipv6 htonl htons
    if_indextoname if_nameindex if_nametoindex inet_aton inet_ntoa inet_ntop
    inet_pton ntohl ntohs recv_fds send_fds setdefaulttimeout sethostname
    socketpair
""".split()

ROW = re.compile(r"^\| (.*) \|$")
NAMED = re.compile(r"^`([\w.()]+)`$")
PIER = re.compile(r"`(pier_\w+)(?:\(\))?`")

found = tree.Findings("check-parity")


def rows():
    for number, line in enumerate(tree.read(TABLE).split("\n"), 1):
        match = ROW.match(line)
        if match:
            cells = [cell.strip() for cell in match.group(1).split(" | ")]
            yield f"{TABLE}:{number}", cells


def defined():
    """What the library exports: a declaration alone is nothing to equal."""
    return set(re.findall(r"^ +(pier_\w+)$", tree.read("core/pier.def"), re.M))


def shown_by(where, cell, tests):
    return suites.resolve(cell, tests, lambda text: found.add(where, text))


def check_row(where, cells, tests):
    """A row's cells are name, pier, verdict, difference, tests."""
    if len(cells) != 5 or not all(cells):
        found.add(where, "not name, pier, verdict, difference and tests")
        return 0
    if cells[2] not in VERDICTS:
        found.add(where, f"no such verdict: {cells[2]}")
    for name in set(PIER.findall(cells[1])) - defined():
        found.add(where, f"no such function: {name}")
    shown = shown_by(where, cells[4], tests)
    if not shown:
        found.add(where, "names no test")
    return len(shown)


def check_defect(where, cells, tests):
    """A defect's cells are number, Python, pier, tests."""
    if len(cells) != 4 or not all(cells):
        found.add(where, "not number, Python, pier and tests")
    elif not shown_by(where, cells[3], tests):
        found.add(where, "names no test")


def check_once(what, wanted, given):
    for name in sorted(set(wanted) - set(given)):
        found.add(TABLE, f"{what} {name} is missing")
    for name in sorted({n for n in given if given.count(n) > 1}):
        found.add(TABLE, f"{what} {name} is there twice")


def main():
    tests = suites.known()
    names, defects, count = [], [], 0
    for where, cells in rows():
        if NAMED.match(cells[0]):
            names.append(NAMED.match(cells[0]).group(1))
            count += check_row(where, cells, tests)
        elif cells[0].isdecimal():
            defects.append(cells[0])
            check_defect(where, cells, tests)
    check_once("name", NAMES, names)
    check_once("defect", [str(n + 1) for n in range(DEFECTS)], defects)
    found.finish(
        f"{len(names)} names of Python with {count} tests, "
        f"{len(defects)} of its defects"
    )


main()
