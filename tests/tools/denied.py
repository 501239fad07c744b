# SPDX-License-Identifier: MIT
"""Calls of Linux that fail in a program, by a filter of its system calls."""

import ctypes
import errno
import struct

LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
NUMBER, ARCHITECTURE = 0, 4  # offsets in struct seccomp_data
ALLOW, FAIL = 0x7FFF0000, 0x00050000
NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2
# fsync and fdatasync of x86-64, of i386 and of AArch64.
SYNC = [(0xC000003E, 74, 75), (0x40000003, 118, 148), (0xC00000B7, 82, 83)]


def _program():
    code = []
    for architecture, *numbers in SYNC:
        code += [
            (LOAD, 0, 0, ARCHITECTURE),
            (JUMP_IF_EQUAL, 0, 4, architecture),
            (LOAD, 0, 0, NUMBER),
            (JUMP_IF_EQUAL, 1, 0, numbers[0]),
            (JUMP_IF_EQUAL, 0, 1, numbers[1]),
            (RETURN, 0, 0, FAIL | errno.ENOSPC),
        ]
    code.append((RETURN, 0, 0, ALLOW))
    return len(code), b"".join(struct.pack("HBBI", *line) for line in code)


class _Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]


_LENGTH, _CODE = _program()
_LIBC = ctypes.CDLL(None, use_errno=True)


def sync():
    """To be called in the new process: from here on no file can be synced."""
    program = _Filter(_LENGTH, _CODE)
    for arguments in ((NO_NEW_PRIVILEGES, 1, 0, 0, 0),
                      (SET_SECCOMP, FILTER, ctypes.byref(program), 0, 0)):
        if _LIBC.prctl(*arguments):
            raise OSError(ctypes.get_errno(), "no filter of system calls")
