"""Starts a kernel inside the sandbox: lays out the lesson's files, sets the limits, then serves the grader."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import socket
import sys

HERE = os.environ["GRADING_BOX"]


def limit(limits: dict[str, int]) -> None:
    """Set the limits that the system enforces; the student's code can lower them, but never raise them."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name, value in limits.items():
        which = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(which)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))


def lay_out(files: str) -> None:
    """Copy the submission's files and what matplotlib would otherwise compute at every start."""
    for source, target in ((files, os.getcwd()), (os.path.join(HERE, "mpl"), os.environ["MPLCONFIGDIR"])):
        with contextlib.suppress(OSError, shutil.Error):
            shutil.copytree(source, target, dirs_exist_ok=True)


def start(descriptor: int) -> None:
    """Be the kernel at the end of an open socket."""
    lay_out(os.environ["GRADING_FILES"])
    limit(json.loads(os.environ["GRADING_LIMITS"]))
    from serving import Kernel  # not at the top: what it loads is under the limits, too

    Kernel(socket.socket(fileno=descriptor)).serve()


if __name__ == "__main__":
    sys.path[:0] = [HERE, os.path.join(HERE, "inside")]
    sys.argv = [""]
    start(int(os.environ.pop("GRADING_SOCKET")))
