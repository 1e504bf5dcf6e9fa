"""A Jupyter kernel provisioner that starts the kernel in the sandbox.

It is an entry point of the project (``backprop-sandbox``); a kernel specification that names it gets its kernel in
the sandbox. The kernel listens on Unix sockets that are made here and handed to it open: it has no folder in common
with the grader, and whoever connects to a socket's path reaches this kernel or nobody.
"""

import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from traitlets import Bool, Dict, Unicode

from grading.sandbox import bubblewrap
from grading.sandbox.limits import Limits

NAME = "backprop-sandbox"
CHANNELS = ("shell", "iopub", "stdin", "control", "hb")


class BubblewrapProvisioner(LocalProvisioner):
    """Starts the kernel in bubblewrap."""

    box = Unicode(help="folder with the course_lib of the lesson").tag(config=True)
    files = Unicode(help="folder with the submission's own files").tag(config=True)
    limits = Dict(help="the fields of Limits that differ").tag(config=True)
    unsafe = Bool(False, help="run without the sandbox").tag(config=True)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Make the sockets, and put the sandbox around the command that Jupyter would run."""
        kwargs = await super().pre_launch(**kwargs)
        if not self.unsafe:
            bubblewrap.require()
        limits, connection_file = Limits(**self.limits), os.path.abspath(self.parent.connection_file)
        with ExitStack() as opened:
            sockets = {path: opened.enter_context(_listening(path)) for path in self._paths()}
            calls = None if self.unsafe else opened.enter_context(bubblewrap.refused_calls())
            self._opened = opened.pop_all()
        numbers = {f"ipc://{path}": listening.fileno() for path, listening in sockets.items()}
        kwargs["pass_fds"] = tuple(numbers.values())
        if self.unsafe:
            home = os.path.join(os.path.dirname(connection_file), "home")
            os.makedirs(home, exist_ok=True)
            kwargs["env"] = bubblewrap.environment(self.box, self.files, home, home, limits, numbers)
            kwargs["cwd"] = home
        else:
            kwargs["cmd"] = bubblewrap.command(
                kwargs["cmd"], self.box, self.files, connection_file, limits, numbers, calls
            )
            kwargs["pass_fds"] += (calls,)
            kwargs["env"] = {"PATH": os.environ.get("PATH", os.defpath)}
            kwargs["cwd"] = "/"
        return kwargs

    def _paths(self) -> list[str]:
        if self.parent.transport != "ipc":
            raise ValueError('A kernel in the sandbox has no network: its manager needs transport="ipc"')
        return [f"{self.parent.ip}-{self.connection_info[f'{name}_port']}" for name in CHANNELS]

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start it with nothing to read and nowhere to write but its sockets."""
        null = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        with self._opened:
            return await super().launch_kernel(cmd, **(kwargs | null))


def _listening(path: str) -> socket.socket:
    """Return a socket that listens at `path`, to which only this user may connect."""
    Path(path).unlink(missing_ok=True)
    made = socket.socket(socket.AF_UNIX)
    made.bind(path)
    os.chmod(path, 0o600)
    made.listen()
    return made


class SandboxSpecs(KernelSpecManager):
    """Knows one kernel: Python in the sandbox."""

    config_of_kernel = Dict()

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the specification that names the provisioner and what it is to show."""
        config = dict(self.config_of_kernel)
        box = config["box"] if config.get("unsafe") else bubblewrap.BOX
        return KernelSpec(
            argv=[sys.executable, "-s", f"{box}/inside/start_kernel.py", "-f", "{connection_file}"],
            display_name="Python in the sandbox",
            language="python",
            interrupt_mode="message",
            metadata={"kernel_provisioner": {"provisioner_name": NAME, "config": config}},
        )


# A checkout that was installed before the entry point was declared still finds it.
KernelProvisionerFactory.instance().provisioners.setdefault(
    NAME,
    EntryPoint(NAME, f"{__name__}:{BubblewrapProvisioner.__name__}", KernelProvisionerFactory.GROUP_NAME),
)
