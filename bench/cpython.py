# SPDX-License-Identifier: MIT
"""The drop-in `_socket` against the built-in module, on the same scripts.

    /usr/bin/python3.11 bench/cpython.py build/linux/tests/cpython/_socket.so

Prints, for each script, the medians of both and their ratio; below 1 the
drop-in is faster. Rounds of the two take turns, so that other load meets
both.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import time

ROUNDS = 9


def connected(timeout):
    with socket.create_server(("127.0.0.1", 0)) as server:
        one = socket.create_connection(server.getsockname())
        two, _ = server.accept()
    for each in (one, two):
        each.settimeout(timeout)
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return one, two


def in_child(function):
    """Run function in a child, which ends with it."""
    child = os.fork()
    if child == 0:
        try:
            function()
        finally:
            os._exit(0)
    return child


def ping_pong(timeout, count=4000):
    one, two = connected(timeout)

    def answer():
        for _ in range(count):
            two.sendall(two.recv(64))

    child = in_child(answer)
    start = time.perf_counter()
    for _ in range(count):
        one.sendall(b"ping")
        one.recv(64)
    spent = time.perf_counter() - start
    os.waitpid(child, 0)
    one.close()
    two.close()
    return spent / count


def data_ready(timeout, count=20000):
    one, two = socket.socketpair()
    for each in (one, two):
        each.settimeout(timeout)
    buffer = bytearray(64)
    spent = 0
    for _ in range(count // 500):
        one.sendall(b"x" * 64 * 500)
        start = time.perf_counter()
        for _ in range(500):
            two.recv_into(buffer)
        spent += time.perf_counter() - start
    one.close()
    two.close()
    return spent / count


def accepting(timeout, count=1500):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(timeout)
        address = server.getsockname()
        start = time.perf_counter()
        for _ in range(count):
            client = socket.create_connection(address)
            accepted, _ = server.accept()
            accepted.close()
            client.close()
        return (time.perf_counter() - start) / count


def sending(timeout, size=128 << 20):
    one, two = connected(timeout)
    block = b"x" * (1 << 20)

    def swallow():
        buffer = bytearray(1 << 18)
        one.close()
        while two.recv_into(buffer):
            pass

    child = in_child(swallow)
    two.close()
    start = time.perf_counter()
    for _ in range(size // len(block)):
        one.sendall(block)
    one.close()
    os.waitpid(child, 0)
    return (time.perf_counter() - start) / (size >> 20)


SCRIPTS = {
    "ping-pong, a round": ping_pong,
    "recv_into with data ready": data_ready,
    "connect, accept, close": accepting,
    "sendall, a MiB": sending,
}


def measure():
    result = {}
    for name, script in SCRIPTS.items():
        for mode, timeout in (("blocking", None), ("timed", 5.0)):
            result["%s, %s" % (name, mode)] = script(timeout)
    print(json.dumps(result))


def run(prefix):
    said = subprocess.run([prefix.python, os.path.abspath(__file__), "--child"],
                          env=prefix.environment(), cwd=prefix.home,
                          stdout=subprocess.PIPE, check=True).stdout
    return json.loads(said)


def compare(module):
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, os.path.join(here, os.pardir, "tests", "cpython"))
    import run_tests
    prefixes = [run_tests.Prefix(run_tests.PYTHON, None),
                run_tests.Prefix(run_tests.PYTHON, module)]
    try:
        rounds = [[run(prefix) for prefix in prefixes]
                  for _ in range(ROUNDS)]
    finally:
        for prefix in prefixes:
            prefix.remove()
    print("%-36s %10s %10s %7s" % ("", "built-in", "pier", "ratio"))
    for name in rounds[0][0]:
        medians = [statistics.median(each[i][name] for each in rounds)
                   for i in (0, 1)]
        ratio = statistics.median(each[1][name] / each[0][name]
                                  for each in rounds)
        print("%-36s %7.2f us %7.2f us %7.2f" % (
            name, medians[0] * 1e6, medians[1] * 1e6, ratio))


if __name__ == "__main__":
    measure() if sys.argv[1] == "--child" else compare(sys.argv[1])
