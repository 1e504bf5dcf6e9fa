"""A Jupyter kernel provisioner that starts the kernel in the sandbox.

It is an entry point of the project (``backprop-sandbox``); a kernel specification that names it gets its kernel in
the sandbox, over Unix sockets in a folder that both sides see.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import EntryPoint
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from traitlets import Bool, Dict, Unicode

from grading.sandbox.bubblewrap import arguments, environment, require
from grading.sandbox.limits import Limits

NAME = "backprop-sandbox"


class BubblewrapProvisioner(LocalProvisioner):
    """Starts the kernel in bubblewrap."""

    box = Unicode(help="folder with the course_lib of the lesson").tag(config=True)
    files = Unicode(help="folder with the submission's own files").tag(config=True)
    limits = Dict(help="the fields of Limits that differ").tag(config=True)
    unsafe = Bool(False, help="run without the sandbox").tag(config=True)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Put the sandbox around the command that Jupyter would run."""
        kwargs = await super().pre_launch(**kwargs)
        limits, channel = Limits(**self.limits), os.path.dirname(self.parent.connection_file)
        if self.unsafe:
            home = os.path.join(channel, "home")
            os.makedirs(home, exist_ok=True)
            kwargs["env"] = environment(self.box, self.files, home, home, limits)
            kwargs["cwd"] = home
        else:
            require()
            kwargs["cmd"] = arguments(self.box, self.files, channel, limits) + kwargs["cmd"]
            kwargs["env"] = {"PATH": os.environ.get("PATH", os.defpath)}
            kwargs["cwd"] = "/"
        return kwargs

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start it with nothing to read and nowhere to write but its channels."""
        null = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        return await super().launch_kernel(cmd, **(kwargs | null))


class SandboxSpecs(KernelSpecManager):
    """Knows one kernel: Python in the sandbox."""

    config_of_kernel = Dict()

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the specification that names the provisioner and what it is to show."""
        inside = os.path.join(
            self.config_of_kernel["box"] if self.config_of_kernel.get("unsafe") else "/box", "inside"
        )
        return KernelSpec(
            argv=[sys.executable, "-s", os.path.join(inside, "start_kernel.py"), "-f", "{connection_file}"],
            display_name="Python in the sandbox",
            language="python",
            interrupt_mode="message",
            metadata={
                "kernel_provisioner": {"provisioner_name": NAME, "config": dict(self.config_of_kernel)}
            },
        )


# A checkout that was installed before the entry point was declared still finds it.
KernelProvisionerFactory.instance().provisioners.setdefault(
    NAME,
    EntryPoint(NAME, f"{__name__}:{BubblewrapProvisioner.__name__}", KernelProvisionerFactory.GROUP_NAME),
)
