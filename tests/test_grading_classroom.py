"""A whole class graded side by side ends where grading one after the other ends, whoever dies in the middle."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import re
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from grading.__main__ import main
from grading.addresses import RefusedError
from grading.classroom import parcels
from grading.classroom.logs import log_of
from grading.classroom.progress import Shown
from grading.classroom.stopping import Stopping
from grading.sandbox import Limits
from grading.terminal import STOPPED, Submitted, in_ten_lines
from grading.worker.assessment import Order
from grading.worker.believing import UnbelievableError
from tests.corpus.classroom import Classroom
from tests.life import LESSON
from tests.side_by_side import CLASS, begin, finish, seated, wait_for


def _order(files: Path) -> Order:
    limits = asdict(Limits())
    return Order(LESSON, [("x = 1", "")], {}, str(files), "here", b"secret", limits, unsafe=True)


def test_a_parcel_holds_the_files_and_no_folder_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_bytes(b"1,2\n")
    (tmp_path / "link").symlink_to("/etc/hostname")
    head, _, content = parcels.pack(_order(tmp_path)).partition(b"\n")
    told = json.loads(head)
    assert told["files"] == [["data/a.csv", 4]]
    assert content == b"1,2\n"
    assert (told["order"]["files"], told["order"]["box"]) == ("", "")


def test_who_has_another_version_of_the_course_refuses_and_says_so(tmp_path: Path) -> None:
    parcel = parcels.pack(_order(tmp_path)).replace(parcels.version()["course"].encode(), b"0" * 16)
    with pytest.raises(RefusedError, match="another version than the grader's machine: course"):
        parcels.unpack(parcels.graded(parcel), _order(tmp_path))


def test_a_file_of_a_parcel_lands_nowhere_else(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no name of a file"):
        parcels._unpack([["../out", 1]], b"x", tmp_path / "in")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("reply", [{"graded": {}}, b"{}", b'{"graded": {"outputs": [], "more": 1}}', b"[]"])
def test_a_reply_that_no_worker_gives_is_not_believed(reply: object, tmp_path: Path) -> None:
    with pytest.raises(UnbelievableError):
        parcels.unpack(reply, _order(tmp_path))


def test_whoever_waits_is_told_at_once_and_however_often() -> None:
    stopping, never = Stopping(), Future()
    threading.Timer(0.05, lambda: (stopping(), stopping())).start()
    with pytest.raises(CancelledError):
        stopping.result(never)
    assert stopping


def test_the_longest_name_of_a_folder_has_a_log(tmp_path: Path) -> None:
    log = logging.getLogger("longest")
    for student in ("ü" * 127, "ü" * 126 + "x"):
        (tmp_path / student).mkdir()
        with log_of(tmp_path / "logs", student, log):
            log.warning("graded")
    assert [path.read_text()[-7:] for path in (tmp_path / "logs").iterdir()] == ["graded\n"] * 2


def test_the_bar_counts(tmp_path: Path) -> None:
    screen = io.StringIO()
    with Shown(LESSON, 3, Console(file=screen, width=120, force_terminal=True)) as show:
        show("anna", {"notes": [], "look": []})
        show("ben", {"notes": ["A cell was deleted."], "look": ["dE_dw11_12"]})
        show("cleo", None)
    assert "3/3" in screen.getvalue()
    assert "mended 1 · to look at 1 · failed 1" in screen.getvalue()


def test_the_summary_has_ten_lines_whatever_happens() -> None:
    class_ = [
        Submitted(f"s{n}", True, n % 7 > 0, ["Odd. " * 90], ["explain_w11_01", "dE_dw11_12"])
        for n in range(200)
    ]
    lines = in_ten_lines(class_, 100.0, Path("logs"))
    assert len(lines) <= 10
    assert max(map(len, lines)) <= 160
    assert lines[:2] == [
        "Graded: 171. Graded before and not changed: 0. Failed: 29.",
        "Time: 0:01:40, 0.58 s a submission.",
    ]
    assert "To be marked by a person: explain_w11_01, 200 times." in lines
    assert "  and 198 more" in lines


def test_the_command_says_where_it_has_to_be_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["autograde", LESSON]) == 2
    assert "go to the folder of the course first" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["autograde", LESSON, "--workers", "0"])
    assert "it is 1 or more" in capsys.readouterr().err


# From here on with sandboxes, processes and a cluster.


@pytest.fixture(scope="module")
def one_by_one(tmp_path_factory: pytest.TempPathFactory, released: Path) -> list[tuple]:
    """The grades of the class as plain `nbgrader autograde` gives them, one submission after the other."""
    room = seated(tmp_path_factory.mktemp("one"), released)
    room.autograde()
    return room.grades()


@pytest.fixture
def room(tmp_path: Path, released: Path) -> Classroom:
    return seated(tmp_path / "room", released)


@pytest.mark.soak
@pytest.mark.sandbox
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_grades_are_those_of_one_by_one_and_each_has_a_log(
    room: Classroom, one_by_one: list[tuple], workers: int
) -> None:
    said = finish(begin(room, "--workers", str(workers)))
    assert room.grades() == one_by_one
    assert f"Graded: {CLASS}. Graded before and not changed: 0. Failed: 0." in said
    logs = room.folder / "grading" / "logs" / LESSON
    assert {path.stem for path in logs.iterdir()} == {f"student-{number:03}" for number in range(CLASS)}
    assert f"{LESSON}.ipynb" in (logs / "student-001.log").read_text()
    assert f"Graded: 0. Graded before and not changed: {CLASS}." in finish(begin(room, "--workers", "2"))


@pytest.mark.soak
@pytest.mark.sandbox
def test_a_worker_that_is_killed_costs_nothing(room: Classroom, one_by_one: list[tuple]) -> None:
    grader = begin(room, "--workers", "2")
    wait_for(room, 2, grader)
    workers = [p for p in psutil.Process(grader.pid).children() if "grading.bounded_children" in p.cmdline()]
    workers += [child for helper in workers for child in helper.children()]
    for worker in workers:  # what the others are forked from, and what grades at the moment
        with contextlib.suppress(psutil.NoSuchProcess):
            worker.kill()
    finish(grader)
    assert workers
    assert room.grades() == one_by_one


class Terminal:
    """A terminal in which a class is graded: `text` is what it showed so far."""

    def __init__(self, room: Classroom, *words: str) -> None:
        self._ours, theirs = os.openpty()
        termios.tcsetwinsize(theirs, (30, 100))
        command = [sys.executable, "-m", "grading", "autograde", LESSON, *words]
        own = {"stdin": theirs, "stdout": theirs, "stderr": theirs, "cwd": room.folder}
        environment = room._environment() | {"TERM": "xterm"}
        # Whose terminal it is: Ctrl-C reaches everything that runs in it.
        self.grader = subprocess.Popen(["setsid", "--ctty", *command], env=environment, **own)
        os.close(theirs)
        self.text, self._reader = "", threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # the grader has ended
            while piece := os.read(self._ours, 65536):
                self.text += piece.decode()

    def type(self, text: str) -> None:
        """Type on the keyboard."""
        os.write(self._ours, text.encode())

    def wait(self, seconds: float) -> int:
        """Wait for the end, and return the exit status."""
        status = self.grader.wait(seconds)
        self._reader.join()
        os.close(self._ours)
        return status


@pytest.mark.soak
@pytest.mark.sandbox
def test_ctrl_c_stops_soon_and_the_rest_is_graded_when_it_is_started_again(
    room: Classroom, one_by_one: list[tuple], figure: Callable[[str], None]
) -> None:
    terminal = Terminal(room, "--workers", "2")
    wait_for(room, 2, terminal.grader)
    below = psutil.Process(terminal.grader.pid).children(recursive=True)
    begun = time.monotonic()
    terminal.type("\x03")
    status = terminal.wait(60)
    seconds = time.monotonic() - begun
    assert status == 130, terminal.text
    figure(f"Ctrl-C while a class is graded: stopped after {seconds:.2f} s")
    assert f"/{CLASS}" in terminal.text
    assert STOPPED in terminal.text
    assert "Traceback" not in terminal.text
    assert seconds < 3.0  # one, on a machine that has nothing else to do
    _, alive = psutil.wait_procs(below, timeout=5)
    assert alive == []
    again = finish(begin(room, "--workers", "2"))
    assert int(re.search(r"not changed: (\d+)", again)[1]) >= 2
    assert room.grades() == one_by_one


@pytest.mark.soak
@pytest.mark.sandbox
def test_only_those_who_are_asked_for_are_graded(room: Classroom) -> None:
    finish(begin(room, "--students", "student-001", "student-003"))
    assert {student for student, *_ in room.grades()} == {"student-001", "student-003"}
    grader = begin(room, "--students", "nobody")
    said, _ = grader.communicate(timeout=120)
    assert grader.returncode == 1
    assert "There is no submission of 'nobody'." in said


def test_the_command_does_not_load_what_takes_seconds() -> None:
    code = "import sys; from grading import quick_start as q; q.load(); import jsonschema, nbformat; "
    code += "sys.exit(any(name in sys.modules for name in q.FORMATS))"
    subprocess.run([sys.executable, "-c", code], check=True)
