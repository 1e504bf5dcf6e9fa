"""What the tests share: the tools they need, said loudly where missing, and a Jupyter that leaves the home alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parent.parent
LEAN = str(ROOT / "tests" / "lean")
# The course as it comes is tested, whatever edition of it is taught here.
os.environ["BACKPROP_EDITION"] = ""
sys.path.insert(0, LEAN)
# One JupyterLab and one page; what the code of the solved lessons leaves in its namespace; what a killed grader
# leaves on the disk, which nobody may find who looks for what a grader left.
SHARING = {
    "browser/": ("browser/",),
    "hostile": ("test_grading_hostile.py", "test_grading_resume.py"),
    "lessons": ("test_lesson_", "test_formulas.py", "test_explorers.py"),
}
# What takes longest, longest first; behind it comes what needs a sandbox or a browser, then the rest.
LONGEST = (
    "hostile",
    "browser/",
    "site/test_one_lesson.py",
    "test_grading_shown.py",
    "test_life.py",
    "test_grading_broken.py",
    "test_grading_records.py",
    "test_grading_lessons.py",
    "test_grading_arriving.py",
    "lessons",
    "test_grading_rights.py",
    "test_grading_sandbox.py",
    "test_grading_isolation.py",
    "test_diagnosis.py",
    "test_explorer_widgets.py",
    "test_lessons.py",
    "test_contributing.py",
)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
REMEDY = {
    "browser": "Chromium is not installed: sudo apt install chromium",
    "sandbox": "bubblewrap is not installed, or may not make namespaces: sudo apt install bubblewrap",
    "accounts": "no other accounts may be taken on by this user, so their rights were not tried: test as root",
    "registry": "what these tests fetch from the registry of Python packages could not be had",
    "hub": "JupyterHub is not installed: pip install -e '.[hub]'",
    "device": "device nodes may not be made by this user, so no submission with one was graded: test as root",
}


@cache
def find_chromium() -> str | None:
    """Return the path of Chromium, or None."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@cache
def sandbox_works() -> bool:
    """Return whether bubblewrap is there and allowed to do its work."""
    if not shutil.which("bwrap"):
        return False
    tried = subprocess.run(
        ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"], capture_output=True, timeout=20
    )
    return tried.returncode == 0


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a set by its sorted entries: its own order differs from one test process to the other."""
    return "+".join(sorted(map(str, val)))[:60] if isinstance(val, set | frozenset) else None


def together(nodeid: str) -> str:
    """Return with which other tests a test runs in one process: those of its file, and of more where they share."""
    name = nodeid.partition("::")[0].removeprefix("tests/")
    return next((shared for shared, names in SHARING.items() if name.startswith(names)), name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, file by file, so that no process is left alone with it at the end."""

    def rank(item: pytest.Item) -> tuple[int, bool]:
        scope = together(item.nodeid)
        tools = any(item.get_closest_marker(tool) for tool in ("sandbox", "browser"))
        return (LONGEST.index(scope) if scope in LONGEST else len(LONGEST), not tools)

    items.sort(key=rank)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Keep the tests of a file in one process, as loadfile does, and those that share what takes long to make."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return together(nodeid)

    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what this machine cannot run; in CI that is an error."""
    there = {"browser": find_chromium, "sandbox": sandbox_works}
    for tool, find in there.items():
        if item.get_closest_marker(tool) and not find():
            lacking(tool)


def lacking(what: str, said: str = "") -> NoReturn:
    """Skip a test for want of what `REMEDY` names, `said` being why there is none; in CI that is an error."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"{REMEDY[what]}. CI=true, so nothing may be skipped. {said}", pytrace=False)
    pytest.skip(f"{REMEDY[what]} {said}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that were measured, and say at the very end what was not tested here."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    figures = [text for report in reports for name, text in report.user_properties if name == "figure"]
    if figures:
        terminalreporter.section("figures")
        terminalreporter.write("\n".join(figures) + "\n")
    skipped = Counter(str(report.longrepr) for report in terminalreporter.stats.get("skipped", []))
    for remedy in REMEDY.values():
        count = sum(n for reason, n in skipped.items() if remedy in reason)
        if count:
            terminalreporter.section(
                f"NOT TESTED HERE: {count} of the tests", sep="!", yellow=True, bold=True
            )
            terminalreporter.line(remedy, yellow=True, bold=True)


@pytest.fixture
def figure(record_property):
    """Take a line of figures, to be printed at the end of the run (each test may run in a process of its own)."""
    return lambda text: record_property("figure", text)


@pytest.fixture
def no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is found in an answer not depend on how busy the machine is."""
    monkeypatch.setattr("course_lib.checking.judging.places.SECONDS", 10.0)
    monkeypatch.setattr("course_lib.checking.judging.certain.SECONDS", 10.0)
    monkeypatch.setattr("course_lib.checking.judging.loss_values.SECONDS", 10.0)
    monkeypatch.setattr("course_lib.checking.calling.event_log.SECONDS", 10.0)


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium; a test that uses it carries the mark `browser`."""
    return find_chromium() or pytest.fail("a test without the mark `browser` asks for Chromium")


@pytest.fixture(scope="session")
def browser(chromium: str):
    """One browser for all the tests of a process: Playwright refuses to start beside another of its own."""
    from tests.browser.jupyter import running_chromium

    with running_chromium(chromium) as browser:
        yield browser


@pytest.fixture(scope="session", autouse=True)
def jupyter_home(tmp_path_factory: pytest.TempPathFactory):
    """Keep Jupyter's and IPython's files out of the home, and the home's settings out of the tests; start it soon."""
    home = tmp_path_factory.mktemp("jupyter")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
            patch.setenv(name, str(home / name.lower()))
        path = os.pathsep.join(filter(None, (LEAN, os.environ.get("PYTHONPATH"))))
        patch.setenv("PYTHONPATH", path)
        # As in the Makefile: nbgrader starts `alembic` by name.
        patch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
        yield home


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a course whose lessons are all generated, to begin other courses with."""
    from course_lib.exercises import LESSONS
    from tests.life import Course
    from tests.shared import made_once

    def generate(folder: Path) -> None:
        Course(folder).commands(*(["generate_assignment", lesson] for lesson in LESSONS))

    return made_once(tmp_path_factory, "released", generate)


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """A course of one small lesson: one function, one essay."""
    from tests.tiny import tiny_course

    return tiny_course(tmp_path, monkeypatch)
