# SPDX-License-Identifier: MIT
"""Calls of Linux that fail in a program, by a filter of its system calls."""

import ctypes
import errno
import os
import struct

LOAD, JUMP_IF_EQUAL, JUMP_IF_SET, RETURN = 0x20, 0x15, 0x45, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
ALLOW, FAIL = 0x7FFF0000, 0x00050000
NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2
X86_64, I386, AARCH64 = 0xC000003E, 0x40000003, 0xC00000B7
# fsync and fdatasync.
SYNC = [(X86_64, 74), (X86_64, 75), (I386, 118), (I386, 148), (AARCH64, 82),
        (AARCH64, 83)]
# open and openat, which of their arguments are the flags, and O_DIRECTORY.
OPEN = [(X86_64, 2, 1, 0o200000), (X86_64, 257, 2, 0o200000),
        (I386, 5, 1, 0o200000), (I386, 295, 2, 0o200000),
        (AARCH64, 56, 2, 0o40000)]


def _fail(architecture, number, argument=None, flag=0):
    """The call fails, if it has the flag in that argument."""
    code = [(LOAD, 0, 0, NUMBER)]
    if argument is None:
        code.append((JUMP_IF_EQUAL, 0, 1, number))
    else:
        code += [
            (JUMP_IF_EQUAL, 0, 3, number),
            (LOAD, 0, 0, ARGUMENTS + 8 * argument),
            (JUMP_IF_SET, 0, 1, flag),
        ]
    code.append((RETURN, 0, 0, FAIL | errno.ENOSPC))
    return [(LOAD, 0, 0, ARCHITECTURE),
            (JUMP_IF_EQUAL, 0, len(code), architecture), *code]


class _Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]


_LIBC = ctypes.CDLL(None, use_errno=True)


def _deny(calls):
    code = [line for call in calls for line in _fail(*call)]
    code.append((RETURN, 0, 0, ALLOW))
    program = _Filter(len(code), b"".join(
        struct.pack("HBBI", *line) for line in code))
    for arguments in ((NO_NEW_PRIVILEGES, 1, 0, 0, 0),
                      (SET_SECCOMP, FILTER, ctypes.byref(program), 0, 0)):
        if _LIBC.prctl(*arguments):
            raise OSError(ctypes.get_errno(), "no filter of system calls")


# To be called in the new process.


def sync():
    """From here on no file can be synced."""
    _deny(SYNC)


def directories():
    """From here on no directory can be opened as one, not even by the leak
    sanitizer, which looks for threads in one."""
    options = os.environ.get("ASAN_OPTIONS")
    os.environ["ASAN_OPTIONS"] = ":".join(
        filter(None, (options, "detect_leaks=0")))
    _deny(OPEN)
