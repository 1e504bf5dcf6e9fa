"""A Jupyter kernel in bubblewrap: no network, a disk with Python and the lesson only, and limits on everything.

The provisioner is an entry point of the project (``backprop-sandbox``); a kernel specification that names it gets
its kernel in the sandbox, over Unix sockets in a folder that both sides see.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from traitlets import Bool, Dict, Unicode

from grading.disk import hidden_folders, python_folders

NAME = "backprop-sandbox"
MB = 2**20
HOME, SCRATCH, FILES = "/home/student", "/tmp", "/submission"
REMEDY = (
    "Grading runs what students wrote, and does it in a sandbox only. {problem} "
    "On Debian or Ubuntu: sudo apt install bubblewrap. Grading without a sandbox lets a submission read and change "
    "everything that you can; to do it all the same: --Grading.unsafe_no_sandbox=True"
)


class NoSandboxError(RuntimeError):
    """Raised where there is no sandbox to be had; the message says what to install."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Bytes and seconds; the watch outside enforces what the system does not."""

    memory: int = 2048 * MB
    address_space: int = 8192 * MB
    cpu: int = 240
    processes: int = 64
    threads: int = 128
    files: int = 256
    file_size: int = 64 * MB
    disk: int = 64 * MB
    output: int = 2 * MB
    cell_seconds: float = 30.0
    seconds: float = 300.0

    def inside(self) -> dict[str, int]:
        """Return what the sandboxed process sets on itself before anything of the student's runs."""
        return {
            "AS": self.address_space,
            "CPU": self.cpu,
            "NPROC": self.threads,
            "NOFILE": self.files,
            "FSIZE": self.file_size,
        }


@cache
def require() -> None:
    """Raise `NoSandboxError` unless bubblewrap is installed and may make its namespaces."""
    if sys.platform != "linux":
        raise NoSandboxError(REMEDY.format(problem="It exists on Linux only (in WSL and containers, too)."))
    if not shutil.which("bwrap"):
        raise NoSandboxError(REMEDY.format(problem="Its program, bwrap, is not installed."))
    tried = subprocess.run(
        ["bwrap", "--unshare-all", "--unshare-user", "--ro-bind", "/", "/", "true"],
        capture_output=True,
        text=True,
        timeout=30,
    )
    if tried.returncode:
        told = tried.stderr.strip()[:200]
        raise NoSandboxError(REMEDY.format(problem=f"bwrap is there, but may not make namespaces ({told})."))


def arguments(box: str, files: str, channel: str, limits: Limits) -> list[str]:
    """Return the bwrap command that shows `box` and `files` read-only and `channel` writable."""
    size = str(limits.disk)
    command = ["bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop", "ALL"]
    command += [
        "--die-with-parent",
        "--new-session",
        "--hostname",
        "sandbox",
        "--uid",
        "1000",
        "--gid",
        "1000",
    ]
    command += ["--proc", "/proc", "--dev", "/dev", "--size", size, "--tmpfs", "/dev/shm"]
    command += ["--size", size, "--tmpfs", SCRATCH, "--size", size, "--tmpfs", HOME]
    for path in python_folders():
        command += ["--ro-bind", path, path]
    for path in hidden_folders():
        command += ["--tmpfs", path, "--remount-ro", path]
    command += ["--ro-bind", box, "/box", "--ro-bind", files, FILES, "--bind", channel, channel]
    # Where the grader is root, /proc/sys would else be writable: a setting of the whole machine.
    for path in ("/proc", "/dev", "/"):
        command += ["--remount-ro", path]
    command += ["--clearenv", "--chdir", HOME]
    for name, value in environment("/box", FILES, HOME, SCRATCH, limits).items():
        command += ["--setenv", name, value]
    return [*command, "--"]


def environment(box: str, files: str, home: str, scratch: str, limits: Limits) -> dict[str, str]:
    """Return every variable that the kernel sees; none comes from the machine."""
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return one | {
        "PATH": "/usr/bin:/bin",
        "HOME": home,
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": f"{box}:{box}/inside",
        "MPLCONFIGDIR": f"{scratch}/mpl",
        "IPYTHONDIR": f"{scratch}/ipython",
        "JUPYTER_RUNTIME_DIR": f"{scratch}/jupyter",
        "GRADING_BOX": box,
        "GRADING_FILES": files,
        "GRADING_LIMITS": json.dumps(limits.inside()),
    }


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
        boot = os.path.join(
            self.config_of_kernel["box"] if self.config_of_kernel.get("unsafe") else "/box", "inside"
        )
        return KernelSpec(
            argv=[sys.executable, "-s", os.path.join(boot, "boot.py"), "-f", "{connection_file}"],
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
