# SPDX-License-Identifier: MIT
"""Whether `_socket` keeps anything: descriptors, blocks of the interpreter or
memory, over many rounds of everything, what fails included.

    leaks.py    with an interpreter whose _socket is the one to look at
"""

import array
import gc
import os
import socket
import sys
import threading

ROUNDS, WARM = 120, 40


def expect(kind, function, *arguments):
    try:
        function(*arguments)
    except kind:
        return
    raise SystemExit("%r did not fail" % function)


def connections():
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as client:
            accepted, _ = server.accept()
            with accepted:
                client.sendall(b"x" * 100000)
                accepted.recv(10)
                accepted.recv_into(bytearray(10))
                copy = accepted.dup()
                copy.close()
                repr(client)
    free = socket.socket()
    free.bind(("127.0.0.1", 0))
    with socket.socket() as refused:
        expect(ConnectionError, refused.connect, free.getsockname())
        refused.connect_ex(free.getsockname())
    free.close()


def waits():
    one, two = socket.socketpair()
    one.settimeout(0.001)
    expect(TimeoutError, one.recv, 1)
    one.setblocking(False)
    expect(BlockingIOError, one.recv, 1)
    two.close()
    expect(ValueError, one.recv, -1)
    expect(TypeError, one.send, "text")
    os.close(one.detach())


def closing():
    one, two = socket.socketpair()
    inside = threading.Event()
    failed = []

    def receive():
        inside.set()
        try:
            one.recv(1)
        except OSError as error:
            failed.append(error)

    thread = threading.Thread(target=receive)
    thread.start()
    inside.wait()
    one.shutdown(socket.SHUT_WR)
    one.close()
    thread.join()
    if not failed:
        raise SystemExit("a receive outlived its socket")
    two.close()


def messages():
    one, two = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    descriptors = array.array("i", [one.fileno(), two.fileno()])
    control = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)]
    one.sendmsg([b"a", b"b"], control)
    _, items, _, _ = two.recvmsg(10, socket.CMSG_SPACE(8))
    for number in array.array("i", items[0][2]):
        os.close(number)
    one.sendmsg([b"a"], control)
    two.recvmsg_into([bytearray(1)])
    expect(TypeError, one.sendmsg, [b"a"], [(1, 2, "x")])
    expect(TypeError, one.sendmsg, [b"a", 5])
    expect(TypeError, two.recvmsg_into, [bytearray(1), b"x"])
    one.close()
    two.close()


def names():
    socket.getaddrinfo("127.0.0.1", 80)
    socket.getaddrinfo("localhost", "http", type=socket.SOCK_STREAM)
    socket.getnameinfo(("127.0.0.1", 80), socket.NI_NUMERICHOST)
    socket.gethostbyname("localhost")
    socket.gethostname()
    socket.if_nameindex()
    expect(socket.gaierror, socket.getaddrinfo, "127.0.0.1", "no-such")
    expect(OSError, socket.inet_aton, "x")
    expect(OSError, socket.if_nametoindex, "no-such")
    with socket.socket() as closed:
        pass
    expect(OSError, closed.connect, ("127.0.0.1", 1))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        expect(OverflowError, datagrams.sendto, b"", ("127.0.0.1", 1 << 20))
        expect(TypeError, datagrams.bind, "text")


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def measure():
    gc.collect()
    return (len(os.listdir("/proc/self/fd")), sys.getallocatedblocks(),
            resident())


def main():
    before = None
    for i in range(ROUNDS):
        if i == WARM:
            before = measure()
        for each in (connections, waits, closing, messages, names):
            each()
    after = measure()
    print("descriptors %d to %d, blocks %d to %d, resident %d to %d KiB" % (
        before[0], after[0], before[1], after[1], before[2] >> 10,
        after[2] >> 10))
    # A block lost in each round would be 80 of them.
    if (after[0] != before[0] or after[1] > before[1] + (ROUNDS - WARM) // 2
            or after[2] > before[2] + (1 << 20)):
        raise SystemExit("something is kept")


main()
