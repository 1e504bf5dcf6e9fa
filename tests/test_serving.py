"""The real servers: the learner's, as `make lab` starts it, and the instructor's, from the root of a clone."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from course_lib.exercises import LESSONS

TOKEN = "for-this-test-only"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def ask(server, path: str) -> str:
    request = urllib.request.Request(server.url + path, headers={"Authorization": f"token {TOKEN}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read().decode()


def wait_until_it_answers(server, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert server.process.poll() is None, server.log.read_text()
        try:
            ask(server, "/api")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"no answer within {seconds} s:\n{server.log.read_text()}")


@contextmanager
def serving(folder: Path, *command: str) -> Iterator[SimpleNamespace]:
    """Run a Jupyter server in `folder`, on a free port of this machine, and end it by its own process id."""
    port, log = free_port(), folder / "server.log"
    options = [
        "--no-browser",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}",
    ]
    with log.open("w") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, *options], cwd=folder, stdout=written, stderr=subprocess.STDOUT
        )
    try:
        server = SimpleNamespace(url=f"http://127.0.0.1:{port}", process=process, log=log)
        wait_until_it_answers(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """JupyterLab as `make lab` starts it, in a work/ of its own."""
    with serving(tmp_path_factory.mktemp("lab"), "grading", "lab", "--work", "work") as running:
        yield running


def test_the_course_is_served(server):
    assert "<title>JupyterLab</title>" in ask(server, "/lab/tree/00_start_here/00_start_here.ipynb")
    notebook = json.loads(ask(server, "/api/contents/00_start_here/00_start_here.ipynb"))
    assert notebook["content"]["cells"]
    assert notebook["writable"]


def test_the_first_lesson_is_what_opens(server):
    assert "/lab/tree/00_start_here/00_start_here.ipynb?token=" in server.log.read_text()


def test_its_kernels_are_those_of_this_environment(server):
    kernels = json.loads(ask(server, "/api/kernelspecs"))
    assert kernels["default"] == "python3"
    spec = kernels["kernelspecs"]["python3"]
    assert spec["resources"]["logo-svg"]


def test_nobody_gets_in_without_the_token(server):
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(server.url + "/api/contents", timeout=10)


def look(url: str, chromium: str) -> tuple[str, int]:
    """Return the heading on the screen, and how many of the instructor's tools are offered there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(url)
        page.wait_for_selector(".jp-Notebook .jp-RenderedHTMLCommon h1", timeout=60_000)
        heading = page.inner_text(".jp-Notebook .jp-RenderedHTMLCommon h1 >> nth=0")
        tabs = page.locator(
            ".jp-SideBar [title='Create Assignment'], .jp-SideBar :text('Create Assignment')"
        ).count()
        if shots := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=f"{shots}/lab.png")
        browser.close()
    return heading, tabs


@pytest.mark.browser
def test_the_first_lesson_is_on_the_screen(server, chromium):
    url = f"{server.url}/lab/tree/00_start_here/00_start_here.ipynb?token={TOKEN}"
    # In a thread of its own: Playwright refuses to start beside the browser that another file's tests left open.
    with ThreadPoolExecutor(1) as pool:
        heading, tabs = pool.submit(look, url, chromium).result()
    assert "Start here" in heading
    assert tabs == 0, "the instructor's tools are offered to a learner"


def test_the_formgrader_works_from_the_root_of_a_clone(tmp_path, root):
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    shutil.copytree(root / "solutions", tmp_path / "solutions")
    with serving(tmp_path, "jupyterlab", "--allow-root") as instructor:
        found = {
            row["name"]: row["source_path"]
            for row in json.loads(ask(instructor, "/formgrader/api/assignments"))
        }
    assert found == {lesson: f"solutions/{lesson}" for lesson in LESSONS}
