"""A real JupyterLab, opened in a real Chromium, for the tests of what people touch."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import ROOT

TOKEN = "for-the-tests-only"
LOG = ".lab.log"
# Without these Chromium looks for its makers' servers at every start.
CHROMIUM_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


@contextlib.contextmanager
def serving(folder: Path, *command: str, **settings: object) -> Iterator[str]:
    """Run a Jupyter server in `folder`, on a free port of this machine, and give its address; its log is in LOG."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings |= {
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.open_browser": False,
        "IdentityProvider.token": TOKEN,
    }
    # It and its kernels import the course from this checkout.
    modules = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    with open(folder / LOG, "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", *command, *(f"--{name}={value}" for name, value in settings.items())],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": modules},
            stdout=log,
            stderr=log,
        )
        try:
            _wait(f"http://127.0.0.1:{port}/api?token={TOKEN}", folder / LOG)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:  # the machine is busy, or it waits for a kernel
                server.kill()
                server.wait()


def running_lab(folder: Path) -> contextlib.AbstractContextManager[str]:
    """Serve `folder` as `make lab` serves work/, with the lessons in it."""
    settings = {
        "LabApp.expose_app_in_browser": True,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.news_url": "",
        "LabServerApp.workspaces_dir": folder / ".workspaces",
        "LabServerApp.user_settings_dir": folder / ".settings",
    }
    return serving(folder, "grading", "lab", "--work", str(folder), **settings)


def ask(address: str, path: str, token: str = TOKEN) -> str:
    """Return what a server answers to a request for a path of its own."""
    request = urllib.request.Request(address + path, headers={"Authorization": f"token {token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read().decode()


def _wait(address: str, log: Path) -> None:
    deadline = time.monotonic() + 120  # for a machine that has other work to do, too
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(address, timeout=5).close()
            return
        time.sleep(0.1)
    raise TimeoutError(log.read_text()[-2000:])


@contextlib.contextmanager
def running_chromium(path: str) -> Iterator[Browser]:
    """Give a browser."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=[*CHROMIUM_FLAGS])
        try:
            yield browser
        finally:
            browser.close()


def write_notebook(path: Path, *sources: str) -> None:
    """Write a notebook of code cells; whoever reads it meanwhile finds the one before, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [new_code_cell(source) for source in sources]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    new = path.with_name(".new")
    nbformat.write(new_notebook(cells=cells, metadata=kernel), new)
    new.replace(path)


# A notebook that is open is read again from the disk, and keeps its kernel: to start one costs more than most tests.
# Another one is loaded with the page: JupyterLab raises errors of its own where a notebook is closed under its hands.
READ_AGAIN = """async restart => {
    const open = window.jupyterapp.shell.currentWidget;
    if (restart) await open.sessionContext.restartKernel();
    await open.context.revert();
}"""
OPENED = "window.jupyterapp?.shell.currentWidget?.context?.path"


def open_notebook(page: Page, address: str, name: str, diagrams: int = 1, *, restart: bool = False) -> None:
    """Open a notebook, run all of it, wait for its diagrams; the kernel it has is kept, or restarted."""
    if page.evaluate(OPENED) == name:
        page.evaluate(READ_AGAIN, restart)
    else:
        page.goto(f"{address}/lab/tree/{name}?token={TOKEN}&reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status")
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(f"document.querySelectorAll('.bp').length >= {diagrams}", timeout=60_000)


def change_theme(page: Page, theme: str) -> None:
    """Choose "JupyterLab Light" or "JupyterLab Dark"."""
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
    light = "false" if "Dark" in theme else "true"
    page.wait_for_selector(f"body[data-jp-theme-light='{light}']", state="attached")
