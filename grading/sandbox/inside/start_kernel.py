"""Starts the kernel inside the sandbox: sets the limits, lays out the lesson's files, then serves Jupyter."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import sys
from typing import Any

HERE = os.environ["GRADING_BOX"]
sys.path[:0] = [HERE, os.path.join(HERE, "inside")]


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


def listen_on(sockets: dict[str, int]) -> None:
    """Let ZeroMQ listen on sockets that are open already, instead of making its own at their addresses."""
    import zmq

    bind = zmq.Socket.bind

    def bind_open(self: zmq.Socket, address: str) -> Any:
        if address in sockets:
            self.setsockopt(zmq.USE_FD, sockets[address])
        return bind(self, address)

    zmq.Socket.bind = bind_open


def leave_out_the_debugger() -> None:
    """Let ipykernel find none: nobody debugs here, and loading one takes longer than most lessons' cells."""
    sys.modules["debugpy"] = None
    import ipykernel.debugger  # noqa: F401

    del sys.modules["debugpy"]


def serve() -> None:
    """Run an IPython kernel that also answers the grader's requests."""
    from collector import answer_to
    from ipykernel.ipkernel import IPythonKernel
    from ipykernel.kernelapp import IPKernelApp
    from missing_modules import SkipMissing

    class GradedKernel(IPythonKernel):
        # A request of its own: nothing that a student does to IPython's cells and displays affects it.
        msg_types = (*IPythonKernel.msg_types, "collect_request")

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.shell.ask_exit = lambda: None  # `exit` in a cell ends nothing but the cell
            self.shell.ast_transformers.append(SkipMissing())

        async def collect_request(self, stream: Any, ident: Any, parent: dict) -> None:
            reply = answer_to(parent["content"], self.shell.user_ns)
            self.session.send(stream, "collect_reply", reply, parent, ident)

    # No history file.
    IPKernelApp.launch_instance(
        kernel_class=GradedKernel, argv=[*sys.argv[1:], "--HistoryManager.enabled=False"]
    )


if __name__ == "__main__":
    lay_out(os.environ["GRADING_FILES"])
    limit(json.loads(os.environ["GRADING_LIMITS"]))
    listen_on(json.loads(os.environ.pop("GRADING_SOCKETS")))
    leave_out_the_debugger()
    serve()
