# SPDX-License-Identifier: MIT
"""The protocol of send-file and recv-file, and a proxy that spoils it."""

import hashlib
import struct
import threading

from harness import receive_exactly


def header(name, size, version=1):
    name = name if isinstance(name, bytes) else name.encode()
    fixed = b"PIERFILE" + struct.pack(">IIQ", version, len(name), size)
    return fixed + name + hashlib.sha256(fixed + name).digest()


def digest(data):
    return hashlib.sha256(data).digest()


def verdict(cause=""):
    text = cause.encode()
    return b"PIERVDCT" + struct.pack(">I", len(text)) + text


def receive_verdict(s):
    start = receive_exactly(s, 12)
    assert start[:8] == b"PIERVDCT", start
    return receive_exactly(s, struct.unpack(">I", start[8:])[0]).decode()


def receive_header(s):
    fixed = receive_exactly(s, 24)
    version, length, size = struct.unpack(">IIQ", fixed[8:])
    name = receive_exactly(s, length)
    assert receive_exactly(s, 32) == digest(fixed + name)
    assert fixed[:8] == b"PIERFILE" and version == 1
    return name.decode(), size


def spoil(source, target, position):
    """Copies in a thread, with one bit of the byte at position turned."""

    def copy():
        seen = 0
        while chunk := bytearray(source.recv(65536)):
            if seen <= position < seen + len(chunk):
                chunk[position - seen] ^= 1
            seen += len(chunk)
            target.sendall(chunk)

    def quietly():
        try:
            copy()
        except OSError:
            pass

    threading.Thread(target=quietly, daemon=True).start()
