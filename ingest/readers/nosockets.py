"""Takes the right to open sockets away from this process and all that it starts, by a filter in the kernel (seccomp).

Unlike a network namespace this needs no rights and works in containers. Where the processor is another than those
below, or the kernel refuses, nothing changes: `forbid` says so.
"""

import ctypes
import errno
import platform
import struct

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_MODE_FILTER = 2
_LOAD_WORD, _EQUAL, _AT_LEAST, _ANSWER = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4  # in struct seccomp_data
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_DENY = 0x00050000 | errno.EACCES
_OTHER_NUMBERING = 0x40000000  # system calls of x32: the same calls by other numbers
_IO_URING_SETUP = 425  # opens sockets without the call for it
_KNOWN = {"x86_64": (0xC000003E, 41, 53), "aarch64": (0xC00000B7, 198, 199)}
"""Per processor: the kernel's name for it, and the numbers of `socket` and `socketpair`."""


class _Program(ctypes.Structure):
    """`struct sock_fprog`: how many instructions, and where they are."""

    _fields_ = [("count", ctypes.c_ushort), ("code", ctypes.c_void_p)]


def forbid(libc: ctypes.CDLL) -> bool:
    """From now on opening a socket fails with EACCES, here and in every program started from here. Not to be undone.

    False where it cannot be done.
    """
    found = _KNOWN.get(platform.machine())
    if found is None:
        return False
    code = _filter(*found)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(buffer))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _filter(architecture: int, *denied: int) -> bytes:
    """The filter in the kernel's own code: another processor is killed, what opens sockets is denied, the rest may."""
    numbers = (*denied, _IO_URING_SETUP)
    end = len(numbers)  # instructions from the first comparison to the last
    lines = [
        (_LOAD_WORD, 0, 0, _ARCHITECTURE_AT),
        (_EQUAL, 1, 0, architecture),
        (_ANSWER, 0, 0, _KILL),
        (_LOAD_WORD, 0, 0, _NUMBER_AT),
        (_AT_LEAST, end + 1, 0, _OTHER_NUMBERING),
        *((_EQUAL, end - at, 0, number) for at, number in enumerate(numbers)),
        (_ANSWER, 0, 0, _ALLOW),
        (_ANSWER, 0, 0, _DENY),
    ]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)
