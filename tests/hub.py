"""A JupyterHub as docs/jupyterhub.md sets it up, started for the tests, and people who sign in there by browser.

It runs as root, as a hub does, in mounts of its own: there, and nowhere else, the machine has accounts for its people.
"""

from __future__ import annotations

import contextlib
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
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page

from tests import docs
from tests.accounts import Account, open_home
from tests.conftest import ROOT
from tests.life import Course

EXAMPLE = ROOT / "examples" / "jupyterhub"
PAGE = ROOT / "docs" / "jupyterhub.md"
GRADER, INSTRUCTOR = Account("grader-backprop", 61301), Account("instructor", 61302)
STUDENTS = (Account("ann", 61303), Account("ben", 61304))
PASSWORD = "for the tests only"
# JupyterLab's own state on the page, for the tests; and nothing that looks for news elsewhere.
LAB = (
    "c.LabApp.expose_app_in_browser = True\nc.LabApp.news_url = None\n"
    "c.LabApp.check_for_updates_class = 'jupyterlab.NeverCheckForUpdate'\n"
)
# What the example leaves to the machine: who asks for the password, and ports that are free.
FOR_THE_TESTS = """
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = {password!r}
c.Spawner.environment = {users!r}
c.Spawner.http_timeout = c.Spawner.start_timeout = 180
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.JupyterHub.services[0]["environment"] |= {graders!r}
"""
# The accounts are there in mounts of its own.
WITH_ACCOUNTS = (
    'mount --bind "$1/passwd" /etc/passwd && mount --bind "$1/group" /etc/group && shift && exec "$@"'
)
SUDO = """#!/bin/sh
[ "$1" = -u ] || exec "$@"
export USER="$2" LOGNAME="$2" HOME="$(getent passwd "$2" | cut -d: -f6)"
account=$2; shift 2
exec setpriv --reuid "$account" --regid "$account" --init-groups "$@"
"""


def there() -> bool:
    """Return whether JupyterHub and a proxy for it are installed."""
    return all(map(find_spec, ("jupyterhub", "configurable_http_proxy")))


class Hub:
    """A hub in `base`: the course of its graders, the users' environment with the course's wheel, and their homes."""

    def __init__(self, base: Path, released: Path) -> None:
        self.base = base
        self.course = Course(base / "course", released)
        self.users, self.state, self.log = base / "users", base / "jupyterhub", base / "hub.log"
        self.ports = _free_ports(4)
        self.address = f"http://127.0.0.1:{self.ports[0]}"
        self.service = f"http://127.0.0.1:{self.ports[1]}"
        self._make_accounts()
        self._make_course()
        for how in ("the graders' part", "the users' environment", "the hub's configuration"):
            self._run(how)
        self._lend_packages()
        with (self.state / "jupyterhub_config.py").open("a") as config:
            config.write(self._added())

    def home(self, name: str) -> Path:
        """Return the home of somebody."""
        return self.base / "homes" / name

    def grade(self, *words: str) -> str:
        """Run the clone's Python as the account that grades, as in a terminal there, and return what it says."""
        return self._do(shlex.join(["sudo", "-u", GRADER.name, ".venv/bin/python", *words]))

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Run the hub, and with it its proxy and the graders' server; end all of them, and everybody's servers."""
        (start,) = self._blocks("the hub")
        with self.log.open("w") as log:
            hub = subprocess.Popen(
                self._in_mounts("bash", "-euc", f"exec {start}"),
                cwd=self.course.folder,
                env=self._environment(),
                stdout=log,
                stderr=log,
            )
            try:
                self._wait(hub)
                yield
            finally:
                _end(hub)

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

    def _make_accounts(self) -> None:
        people = (GRADER, INSTRUCTOR, *STUDENTS)
        passwd, group = Path("/etc/passwd").read_text(), Path("/etc/group").read_text()
        for name, number, _ in people:
            home = self.home(name)
            home.mkdir(parents=True, mode=0o700)
            os.chown(home, number, number)
            passwd += f"{name}:x:{number}:{number}::{home}:/bin/bash\n"
            group += f"{name}:x:{number}:\n"
        (self.base / "passwd").write_text(passwd)
        (self.base / "group").write_text(group)
        for name in ("empty", "bin"):
            (self.base / name).mkdir()
        _command(self.base / "bin" / "sudo", SUDO)

    def _make_course(self) -> None:
        """Make of the course a clone with an environment, which belongs to the account that grades."""
        folder, programs = self.course.folder, self.course.folder / ".venv" / "bin"
        shutil.copytree(EXAMPLE, folder / "examples" / "jupyterhub")
        shutil.copytree(ROOT / "notebooks", folder / "notebooks", dirs_exist_ok=True)
        shutil.copy(ROOT / "grading" / "notebooks.sha256", folder / "grading")
        for path in (folder / "examples" / "jupyterhub").rglob("*.py"):
            path.write_text(self._here(path.read_text()))
        programs.mkdir(parents=True)
        modules = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        python = f"#!/bin/sh\nPYTHONPATH={shlex.quote(modules)} exec {shlex.quote(sys.executable)}"
        _command(programs / "python", f'{python} "$@"\n')
        _command(programs / "jupyterhub-singleuser", f'{python} -m jupyterhub.singleuser "$@"\n')
        (programs / "alembic").symlink_to(Path(sys.executable).with_name("alembic"))
        for path in (folder, *folder.rglob("*")):
            os.chown(path, GRADER.number, GRADER.number, follow_symlinks=False)

    def _lend_packages(self) -> None:
        """Let the users' environment use the packages of the tests' one, but not the course that is installed there."""
        (packages,) = (self.users / "lib").glob("python*/site-packages")
        # Lines that are folders come last on the path, and what was installed there as editable does not come along.
        lent = [folder for folder in sys.path if folder.endswith("-packages")]
        (packages / "of-the-tests.pth").write_text("\n".join(lent) + "\n")
        python = f"#!/bin/sh\nexec {shlex.quote(str(self.users / 'bin' / 'python'))}"
        _command(self.users / "bin" / "jupyterhub-singleuser", f'{python} -m jupyterhub.singleuser "$@"\n')
        (self.base / "etc").mkdir()
        (self.base / "etc" / "jupyter_server_config.py").write_text(f"c = get_config()\n{LAB}")

    def _added(self) -> str:
        """Return what the tests add to the hub's configuration."""
        shared = Path(sys.prefix)
        # What this environment is set up with comes first, then the extensions of the environment of the tests.
        folders = [self.base / "etc", self.users / "etc" / "jupyter", shared / "etc" / "jupyter"]
        users = {
            "JUPYTER_PATH": str(shared / "share" / "jupyter"),
            "JUPYTER_CONFIG_PATH": os.pathsep.join(map(str, folders)),
            "JUPYTER_PLATFORM_DIRS": "1",
        }
        return FOR_THE_TESTS.format(
            password=PASSWORD,
            users=users,
            graders={"JUPYTER_CONFIG_PATH": str(folders[0]), "JUPYTER_PLATFORM_DIRS": "1"},
            hub_port=self.ports[2],
            api_port=self.ports[3],
        )

    def _here(self, text: str) -> str:
        """Return a text of the example or of its page with the places of this machine."""
        places = {
            "/srv/backprop": self.course.folder,
            "/opt/users": self.users,
            "/srv/jupyterhub": self.state,
            "http://127.0.0.1:8000": self.address,
            "http://127.0.0.1:9999": self.service,
        }
        for old, new in places.items():
            text = text.replace(old, str(new))
        return text

    def _blocks(self, how: str) -> list[str]:
        found = [b.text for b in docs.blocks(PAGE, "console") if (b.how, b.what) == ("hub", how)]
        assert found, f"{PAGE.name} has no commands for {how}"
        return [self._here(text) for text in found]

    def _run(self, how: str) -> None:
        for text in self._blocks(how):
            self._do(text)

    def _do(self, text: str) -> str:
        done = subprocess.run(
            self._in_mounts("bash", "-euc", text),
            cwd=self.course.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def _in_mounts(self, *words: str) -> list[str]:
        accounts = ["unshare", "--mount", "sh", "-c", WITH_ACCOUNTS, "sh", str(self.base)]
        return [*open_home(self.base / "empty"), *accounts, *words]

    def _environment(self) -> dict[str, str]:
        """Return what an administrator's shell has: no course on its path, and no other packages than are here."""
        path = os.pathsep.join([str(self.base / "bin"), str(Path(sys.executable).parent), os.defpath])
        return {"PATH": path, "HOME": "/root", "LANG": "C.UTF-8", "PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1"}

    def _wait(self, hub: subprocess.Popen) -> None:
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline and hub.poll() is None:
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                urllib.request.urlopen(f"{self.address}/hub/login", timeout=5).close()
                return
            time.sleep(1)
        raise RuntimeError(f"the hub did not start:\n{self.log.read_text()[-3000:]}")


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


def _command(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def _free_ports(number: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(number)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in taken]
