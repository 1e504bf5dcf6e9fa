"""`make lab`: lessons come into work/ once, nothing there is ever overwritten, and the course is served."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from course_lib.exercises import LESSONS
from grading import __main__ as command
from grading import lab

TOKEN = "for-this-test-only"


@pytest.fixture
def course(tmp_path):
    """Two lessons to be copied, one of them with a file beside its notebook."""
    notebooks = tmp_path / "notebooks"
    for lesson in ("00_start_here", "03_identify_gradients"):
        (notebooks / lesson).mkdir(parents=True)
        (notebooks / lesson / f"{lesson}.ipynb").write_text(f"fresh {lesson}")
    (notebooks / "03_identify_gradients" / "table.csv").write_text("1,2\n")
    return SimpleNamespace(notebooks=notebooks, work=tmp_path / "work")


def test_lessons_are_copied_once(course):
    lab.prepare(course.work, notebooks=course.notebooks)
    assert (course.work / "00_start_here" / "00_start_here.ipynb").read_text() == "fresh 00_start_here"
    assert (course.work / "03_identify_gradients" / "table.csv").is_file()
    assert sorted(path.name for path in course.work.iterdir()) == ["00_start_here", "03_identify_gradients"]


def test_a_copy_can_be_written_even_where_the_original_cannot(course):
    (course.notebooks / "03_identify_gradients" / "table.csv").chmod(0o444)
    lab.prepare(course.work, notebooks=course.notebooks)
    assert (course.work / "03_identify_gradients" / "table.csv").stat().st_mode & 0o200


def test_nothing_is_overwritten_and_nothing_put_into_a_lesson_that_exists(course):
    mine = course.work / "03_identify_gradients"
    mine.mkdir(parents=True)
    (mine / "03_identify_gradients.ipynb").write_text("my answers")
    lab.prepare(course.work, notebooks=course.notebooks)
    assert (mine / "03_identify_gradients.ipynb").read_text() == "my answers"
    assert [path.name for path in mine.iterdir()] == ["03_identify_gradients.ipynb"]
    assert (course.work / "00_start_here" / "00_start_here.ipynb").is_file()


@pytest.mark.parametrize("name", ["03", "3", "03_identify_gradients"])
def test_reset_keeps_the_old_copy_aside(course, name):
    lab.prepare(course.work, notebooks=course.notebooks)
    mine = course.work / "03_identify_gradients"
    (mine / "03_identify_gradients.ipynb").write_text("my answers")
    (mine / "answers.json").write_text("{}")
    lab.prepare(course.work, [name], notebooks=course.notebooks)
    assert (mine / "03_identify_gradients.ipynb").read_text() == "fresh 03_identify_gradients"
    (aside,) = course.work.glob("03_identify_gradients.before-*")
    assert re.search(r"before-\d{4}-\d\d-\d\dT\d{4}$", aside.name)
    assert (aside / "03_identify_gradients.ipynb").read_text() == "my answers"
    assert (aside / "answers.json").is_file()
    assert not (mine / "answers.json").exists()


def test_two_resets_in_one_minute_keep_both_copies(course):
    for text in ("first", "second"):
        lab.prepare(course.work, notebooks=course.notebooks)
        (course.work / "00_start_here" / "00_start_here.ipynb").write_text(text)
        lab.prepare(course.work, ["00"], notebooks=course.notebooks)
    kept = {path.read_text() for path in course.work.glob("00_start_here.before-*/*.ipynb")}
    assert kept == {"first", "second"}


def test_a_reset_of_no_lesson_names_the_lessons_and_touches_nothing(course):
    lab.prepare(course.work, notebooks=course.notebooks)
    with pytest.raises(ValueError, match="RESET=04: there is no such lesson"):
        lab.prepare(course.work, ["03", "04"], notebooks=course.notebooks)
    assert len(list(course.work.iterdir())) == 2


def test_a_copy_that_was_cut_short_is_begun_again(course):
    half = course.work / ".00_start_here.half"
    half.mkdir(parents=True)
    (half / "stray").write_text("half")
    lab.prepare(course.work, notebooks=course.notebooks)
    assert [path.name for path in (course.work / "00_start_here").iterdir()] == ["00_start_here.ipynb"]
    assert not half.exists()


def test_the_command_reports_a_wrong_reset_and_starts_nothing(tmp_path, capsys):
    assert command.main(["lab", "--work", str(tmp_path / "work"), "--reset", "99"]) == 2
    assert "RESET=99" in capsys.readouterr().err


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def ask(server, path: str) -> str:
    request = urllib.request.Request(server.url + path, headers={"Authorization": f"token {TOKEN}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
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


@pytest.mark.browser
def test_the_first_lesson_is_on_the_screen(server, chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{server.url}/lab/tree/00_start_here/00_start_here.ipynb?token={TOKEN}")
        page.wait_for_selector(".jp-Notebook .jp-RenderedHTMLCommon h1", timeout=60_000)
        heading = page.inner_text(".jp-Notebook .jp-RenderedHTMLCommon h1 >> nth=0")
        tabs = page.locator(
            ".jp-SideBar [title='Create Assignment'], .jp-SideBar :text('Create Assignment')"
        ).count()
        if shots := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=f"{shots}/lab.png")
        browser.close()
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
