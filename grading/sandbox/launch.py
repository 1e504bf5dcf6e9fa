"""Leaves behind what a process inherits from the grader's, before it becomes bubblewrap.

A grader with one thread is forked for it. Else it is run as a file by a bare Python, which takes ten times as long:
``python -I -S launch.py PROCESS bwrap ...``, where PROCESS is the grader's number; it becomes the command behind that.
Environment, descriptors, session, mounts, network and System V objects are left to `subprocess` and bubblewrap; the
rest is left here.
"""

import ctypes
import os
import resource
import signal
import sys

# System calls have numbers of their own on every processor; the C library has no name for this one.
KEYCTL = {"x86_64": 250, "aarch64": 219, "riscv64": 219, "loongarch64": 219}
GET_KEYRING, JOIN_NEW_SESSION_KEYRING, SESSION_KEYRING = 0, 1, -3
PR_SET_PDEATHSIG = 1

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype, libc.syscall.argtypes = ctypes.c_long, [ctypes.c_long] * 4
libc.signal.restype, libc.signal.argtypes = ctypes.c_void_p, [ctypes.c_int, ctypes.c_void_p]


def end_with(grader: int) -> None:
    """Be killed when the process `grader` ends, and end now if it has ended already.

    bubblewrap asks for the same, but later: a grader that is killed before then would leave a kernel without an owner.
    """
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0):
        sys.exit(f"the system kills no process with its parent: {os.strerror(ctypes.get_errno())}")
    if os.getppid() != grader:
        sys.exit("the grader has ended")


def leave_keyring() -> None:
    """Join a new session keyring, or end where there is an old one that cannot be left."""
    number = KEYCTL.get(os.uname().machine)
    if number is None:
        sys.exit(f"the keyring cannot be left on a processor of type {os.uname().machine}")
    keyctl = libc.syscall
    if keyctl(number, JOIN_NEW_SESSION_KEYRING, 0, 0) < 0 <= keyctl(number, GET_KEYRING, SESSION_KEYRING, 0):
        sys.exit("the session keyring cannot be left")


def be_the_first_to_go() -> None:
    """Let the system, where it runs out of memory, end this before anything else."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:
        pass  # it is no protection, only a kindness


def reset_signals() -> None:
    """Ignore and block no signal, whatever the grader does."""
    for number in range(1, signal.NSIG):
        libc.signal(number, None)  # the default; Python's own way makes an object of each, which takes longer
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def leave_limits() -> None:
    """Leave the grader's limits on its own memory and time; the kernel sets what the submission may use."""
    for which in (resource.RLIMIT_AS, resource.RLIMIT_CPU):
        most = resource.getrlimit(which)[1]
        resource.setrlimit(which, (most, most))


def leave_everything(grader: int) -> None:
    """Leave behind what is inherited from the process `grader`."""
    end_with(grader)
    leave_keyring()
    reset_signals()
    leave_limits()
    be_the_first_to_go()
    os.umask(0o077)


if __name__ == "__main__":
    leave_everything(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
