"""What the sandbox may not ask of the system: memory that no limit counts, keys, and a few more things no lesson needs.

The filter is a program for Linux's seccomp, in its bytecode (https://docs.kernel.org/userspace-api/seccomp_filter.html).
"""

import errno
import os
import struct

# Numbers differ between processors: x86_64 has its own, the others here share theirs.
_X86_64 = {
    # Files without a name and System V objects stay in memory when no process has them mapped.
    "memfd_create": 319,
    "memfd_secret": 447,
    "shmget": 29,
    "msgget": 68,
    "semget": 64,
    # Keys belong to the user, not to the process.
    "add_key": 248,
    "request_key": 249,
    "keyctl": 250,
    # Large, seldom needed, and a way into the kernel more than once.
    "io_uring_setup": 425,
    "userfaultfd": 323,
    "bpf": 321,
    "perf_event_open": 298,
}
_GENERIC = {
    "memfd_create": 279,
    "memfd_secret": 447,
    "shmget": 194,
    "msgget": 186,
    "semget": 190,
    "add_key": 217,
    "request_key": 218,
    "keyctl": 219,
    "io_uring_setup": 425,
    "userfaultfd": 282,
    "bpf": 280,
    "perf_event_open": 241,
}
# The number by which seccomp knows a processor, and its system calls.
PROCESSORS = {
    "x86_64": (0xC000003E, _X86_64),
    "aarch64": (0xC00000B7, _GENERIC),
    "riscv64": (0xC00000F3, _GENERIC),
    "loongarch64": (0xC0000102, _GENERIC),
}
# From here on x86_64 has a second set of numbers for the same calls.
SECOND_SET = 0x40000000
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.ENOSYS
NUMBER_OFFSET, PROCESSOR_OFFSET = 0, 4


def program() -> bytes:
    """Return the filter for this machine's processor."""
    processor, numbers = PROCESSORS[os.uname().machine]
    steps = [(LOAD, 0, 0, PROCESSOR_OFFSET), (EQUAL, 1, 0, processor), (RETURN, 0, 0, REFUSE)]
    steps += [(LOAD, 0, 0, NUMBER_OFFSET), (AT_LEAST, 0, 1, SECOND_SET), (RETURN, 0, 0, REFUSE)]
    for number in numbers.values():
        steps += [(EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE)]
    return b"".join(struct.pack("=HBBI", *step) for step in [*steps, (RETURN, 0, 0, ALLOW)])
