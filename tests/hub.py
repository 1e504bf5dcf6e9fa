"""A JupyterHub as examples/jupyterhub has it, started for the tests, and people who sign in there by browser."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page

from grading.handout import wheel_for_students
from tests.conftest import ROOT
from tests.life import Course

EXAMPLE = ROOT / "examples" / "jupyterhub"
INSTRUCTOR, STUDENTS = "instructor", ("ann", "ben")
PASSWORD = "for the tests only"
# JupyterLab's own state on the page, for the tests; and nothing that looks for news elsewhere.
LAB = (
    "c.LabApp.expose_app_in_browser = True\nc.LabApp.news_url = None\n"
    "c.LabApp.check_for_updates_class = 'jupyterlab.NeverCheckForUpdate'\n"
)
# What the example leaves to the machine: accounts, and who asks for the password.
FOR_THE_TESTS = """
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = {password!r}
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r}
c.Spawner.args = ["--allow-root"]
c.Spawner.environment = {users!r}
c.Spawner.http_timeout = c.Spawner.start_timeout = 180
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.ConfigurableHTTPProxy.command[0] = {proxy!r}
c.JupyterHub.services[0]["user"] = ""
c.JupyterHub.services[0]["command"] += ["--allow-root"]
c.JupyterHub.services[0]["environment"] |= {graders!r}
"""
# nbgrader takes the account's name for the student's, and here all have one account.
HOME_CONFIG = "import os\nc = get_config()\nc.CourseDirectory.student_id = os.environ['JUPYTERHUB_USER']\n"


def in_place_of(example: str, *pairs: tuple[str, str]) -> str:
    """Return a file of the example, with other places in it."""
    for old, new in pairs:
        assert old in example, f"the example no longer says {old}"
        example = example.replace(old, new)
    return example


class Hub:
    """A hub in `base`: the course of its graders, the users' environment with the course's wheel, and their homes."""

    def __init__(self, base: Path, released: Path) -> None:
        self.base = base
        self.course = Course(base / "course", released)
        self.users = base / "users"
        self.ports = _free_ports(4)
        self.address = f"http://127.0.0.1:{self.ports[0]}"
        self.log = base / "hub.log"
        self._make_environments()
        for student in STUDENTS:
            self.home(student).mkdir(parents=True)
            (self.home(student) / "nbgrader_config.py").write_text(HOME_CONFIG)

    def home(self, name: str) -> Path:
        """Return the folder of a student's server."""
        return self.base / "homes" / name

    def _make_environments(self) -> None:
        """Make the users' one: the wheel, and what it needs from the environment of the tests; and the graders'."""
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", self.users], check=True, timeout=120)
        (packages,) = (self.users / "lib").glob("python*/site-packages")
        with zipfile.ZipFile(io.BytesIO(wheel_for_students(ROOT / "notebooks").content)) as wheel:
            wheel.extractall(packages)
        # Lines that are folders come last on the path, and what was installed there as editable does not come along.
        (packages / "of-the-tests.pth").write_text("\n".join(_packages()) + "\n")
        etc = self.users / "etc" / "jupyter"
        shutil.copytree(EXAMPLE / "users", etc, dirs_exist_ok=True)
        config, exchange = etc / "nbgrader_config.py", str(self.course.folder / "grading" / "exchange")
        config.write_text(in_place_of(config.read_text(), ("/srv/backprop/grading/exchange", exchange)))
        (self.base / "etc").mkdir()
        (self.base / "etc" / "jupyter_server_config.py").write_text(f"c = get_config()\n{LAB}")
        _command(self.users / "bin" / "jupyterhub-singleuser", self.users / "bin" / "python")
        modules = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        graders = self.course.folder / ".venv" / "bin"
        graders.mkdir(parents=True)
        _command(graders / "jupyterhub-singleuser", sys.executable, f"PYTHONPATH={shlex.quote(modules)}")
        (graders / "alembic").symlink_to(Path(sys.executable).with_name("alembic"))

    def config(self) -> str:
        """Return the example's configuration, with the places of this machine, and what the tests add."""
        places = (
            ("/srv/backprop", str(self.course.folder)),
            ("/opt/users", str(self.users)),
            ("http://127.0.0.1:8000", self.address),
            ("http://127.0.0.1:9999", f"http://127.0.0.1:{self.ports[1]}"),
        )
        shared = Path(sys.prefix)
        # What this environment is set up with comes first, then the extensions of the environment of the tests.
        folders = [
            str(self.base / "etc"),
            str(self.users / "etc" / "jupyter"),
            str(shared / "etc" / "jupyter"),
        ]
        users = {
            "JUPYTER_PATH": str(shared / "share" / "jupyter"),
            "JUPYTER_CONFIG_PATH": os.pathsep.join(folders),
            "JUPYTER_PLATFORM_DIRS": "1",
        }
        graders = {"JUPYTER_CONFIG_PATH": folders[0], "JUPYTER_PLATFORM_DIRS": "1"}
        added = FOR_THE_TESTS.format(
            password=PASSWORD,
            homes=str(self.base / "homes" / "{username}"),
            users=users,
            graders=graders,
            hub_port=self.ports[2],
            api_port=self.ports[3],
            proxy=str(Path(sys.executable).with_name("configurable-http-proxy")),
        )
        return in_place_of((EXAMPLE / "jupyterhub_config.py").read_text(), *places) + added

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Run the hub, and with it its proxy and the graders' server; end all of them, and everybody's servers."""
        (self.base / "jupyterhub_config.py").write_text(self.config())
        words = [sys.executable, "-m", "jupyterhub", "-f", "jupyterhub_config.py"]
        with self.log.open("w") as log:
            hub = subprocess.Popen(words, cwd=self.base, env=_environment(), stdout=log, stderr=log)
            try:
                self._wait(hub)
                yield
            finally:
                _end(hub)

    def _wait(self, hub: subprocess.Popen) -> None:
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline and hub.poll() is None:
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                urllib.request.urlopen(f"{self.address}/hub/login", timeout=5).close()
                return
            time.sleep(1)
        raise RuntimeError(f"the hub did not start:\n{self.log.read_text()[-3000:]}")

    @contextlib.contextmanager
    def signed_in(self, browser: Browser, name: str) -> Iterator[Page]:
        """Give a page of somebody who has signed in."""
        context = browser.new_context(viewport={"width": 1400, "height": 1000}, reduced_motion="reduce")
        context.route(re.compile(r"^(?!http://127\.0\.0\.1:|data:|blob:)"), lambda route: route.abort())
        context.set_default_timeout(180_000)
        try:
            page = context.new_page()
            page.goto(f"{self.address}/hub/login?next=/hub/home")
            page.fill("input[name=username]", name)
            page.fill("input[name=password]", PASSWORD)
            page.click("input[type=submit], button[type=submit]")
            page.wait_for_url("**/hub/home")
            yield page
        finally:
            context.close()


def there() -> bool:
    """Return whether JupyterHub and a proxy for it are installed."""
    return all(map(find_spec, ("jupyterhub", "configurable_http_proxy")))


def _end(hub: subprocess.Popen) -> None:
    """End the hub, which ends what it has started, and then what is left of that."""
    started = psutil.Process(hub.pid).children(recursive=True) if hub.poll() is None else []
    hub.terminate()
    try:
        hub.wait(60)
    except subprocess.TimeoutExpired:  # the machine is busy
        hub.kill()
        hub.wait()
    for process in started:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def _command(path: Path, python: str | Path, before: str = "") -> None:
    """Write the command that starts somebody's server, as pip would."""
    path.write_text(f'#!/bin/sh\n{before} exec {shlex.quote(str(python))} -m jupyterhub.singleuser "$@"\n')
    path.chmod(0o755)


def _packages() -> list[str]:
    """Return the folders of packages that the tests run on, but not this checkout."""
    return [folder for folder in sys.path if folder.endswith("-packages")]


def _environment() -> dict[str, str]:
    bin_folder = str(Path(sys.executable).parent)
    return os.environ | {"PATH": os.pathsep.join([bin_folder, os.environ["PATH"]])}


def _free_ports(number: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(number)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in taken]
