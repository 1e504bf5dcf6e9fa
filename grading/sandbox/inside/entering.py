"""Enters the walls that bubblewrap has built around another process, and gives up what it was able to do outside.

Every wall is bubblewrap's own: the namespaces are entered, not made. What bubblewrap does to a process besides
(capabilities, no new privileges, the filter of system calls) and what the launcher does (a new keyring) is done here.
"""

from __future__ import annotations

import ctypes
import os
import random
import signal

NAMESPACES = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, PR_CAP_AMBIENT = 4, 24, 38, 22, 47
SECCOMP_MODE_FILTER, PR_CAP_AMBIENT_CLEAR_ALL, CAPABILITY_VERSION = 2, 4, 0x20080522
MOST_CAPABILITIES = 64
JOIN_NEW_SESSION_KEYRING = 1
FIRST_DESCRIPTOR = 3

libc = ctypes.CDLL(None, use_errno=True)


class _Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("program", ctypes.c_char_p)]


def _done(result: int, what: str) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), what)


def enter(process: int) -> None:
    """Enter every namespace of the process behind the descriptor `process`; children of this one will be inside."""
    os.setsid()
    _done(libc.setns(process, NAMESPACES), "setns")


def keep_only(kept: int) -> None:
    """Close everything but one descriptor, which gets the first number behind those of what is read and written."""
    os.dup2(kept, FIRST_DESCRIPTOR, inheritable=False)
    os.closerange(FIRST_DESCRIPTOR + 1, os.sysconf("SC_OPEN_MAX"))


def leave_everything(keyctl: int, calls: bytes, kept: int) -> int:
    """Keep one descriptor, return its new number, and be able to do only what a process in the sandbox can.

    `keyctl` is the number of that system call on this processor, `calls` the filter of system calls.
    """
    libc.syscall.restype = ctypes.c_long
    arguments = (ctypes.c_long(keyctl), ctypes.c_long(JOIN_NEW_SESSION_KEYRING), None)
    _done(libc.syscall(*arguments), "keyctl")
    null = os.open(os.devnull, os.O_RDWR)
    for standard in range(FIRST_DESCRIPTOR):
        os.dup2(null, standard)
    keep_only(kept)
    os.chdir(os.environ["HOME"])
    os.environ["PWD"] = os.environ["HOME"]
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    random.seed()
    _drop_capabilities()
    _done(libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), "dumpable")
    _done(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    program = _Filter(len(calls) // 8, calls)
    _done(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0), "seccomp")
    return FIRST_DESCRIPTOR


def _drop_capabilities() -> None:
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    for number in range(MOST_CAPABILITIES):
        libc.prctl(PR_CAPBSET_DROP, number, 0, 0, 0)  # fails behind the last one that there is
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    _done(libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")
