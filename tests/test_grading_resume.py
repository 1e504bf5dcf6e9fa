"""The grader may be killed at any moment; started again, it ends where it would have ended."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.scratch import PREFIX, WHERE
from tests.corpus.classroom import Classroom, stories
from tests.corpus.making import FULL, Story
from tests.life import LESSON

pytestmark = pytest.mark.sandbox
HALF = "student-02"
ONE_AFTER_THE_OTHER = ("nbgrader", "autograde", LESSON)
SIDE_BY_SIDE = ("grading", "autograde", LESSON, "--workers", "2")
SOME = ("is_a_choice_that_is_any_word", "dies_in_an_answer", "hands_in_what_is_no_number", "forges_messages")


def _room(folder: Path, released: Path, students: int) -> Classroom:
    room = Classroom(folder, released)
    for number in range(students):
        room.seat(f"student-{number:02}", _story(number))
    return room


def _story(number: int) -> Story | None:
    return None if number % 2 else stories("hostile")[SOME[number % len(SOME)]]


def _kill(room: Classroom, begun: int, seconds: float, words: tuple[str, ...] = ONE_AFTER_THE_OTHER) -> bool:
    """Grade until `begun` submissions are begun and `seconds` have passed, then kill; tell whether it was at work."""
    command = [sys.executable, "-m", *words]
    null, made = subprocess.DEVNULL, room.folder / "grading" / "autograded"
    grader = subprocess.Popen(command, cwd=room.folder, env=room._environment(), stdout=null, stderr=null)
    while grader.poll() is None and len(list(made.glob("*"))) < begun:
        time.sleep(0.02)
    try:
        grader.wait(seconds)
    except subprocess.TimeoutExpired:
        grader.send_signal(signal.SIGKILL)
        grader.wait()
        return True
    return False


def _left_running(room: Classroom) -> list[str]:
    """Return what of a killed grader is there and does not end by itself."""
    deadline = time.monotonic() + 15.0
    while (found := _kernels(room)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def _kernels(room: Classroom) -> list[str]:
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            line = Path("/proc", name, "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if "inside/start_kernel.py" in line and str(room.folder) in line:
            found.append(line)
    return found


def _interrupted(room: Classroom, moments: list[tuple[int, float]], words: tuple[str, ...]) -> int:
    """Kill the grader at each of `moments`, then let it come to its end; return how often it was at work."""
    hits = sum(_kill(room, begun, seconds, words) for begun, seconds in moments)
    assert _left_running(room) == []
    room.autograde()
    return hits


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, released: Path) -> Classroom:
    """A class of three: the grader was killed, and left the last of them half done."""
    room = _room(tmp_path_factory.mktemp("interrupted"), released, 3)
    assert _kill(room, 1, 0.4)
    assert _left_running(room) == []
    # What nbgrader itself takes for done: a notebook in autograded/ that was never run.
    half = room.folder / "grading" / "autograded" / HALF / LESSON / f"{LESSON}.ipynb"
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes((room.submitted / HALF / LESSON / f"{LESSON}.ipynb").read_bytes()[:5000])
    room.said = room.autograde()
    return room


@pytest.mark.promise(4)
def test_a_kill_changes_nothing(room: Classroom) -> None:
    told = {f"student-{number:02}": _story(number) for number in range(3)}
    assert room.totals() == {name: story.points if story else FULL for name, story in told.items()}
    by_student = Counter(student for student, *_ in room.grades())
    assert by_student == dict.fromkeys(told, len({cell for _, cell, *_ in room.grades()}))


def test_killed_between_sanitizing_and_grading_it_is_graded(room: Classroom) -> None:
    assert f"Grading of '{HALF}' was interrupted" in room.said


def test_what_is_done_is_not_done_again_and_what_a_killed_grader_left_is_swept_away(room: Classroom) -> None:
    # Of a process number that no Linux gives out.
    gone = Path(tempfile.mkdtemp(prefix=f"{PREFIX}999999999-", dir=WHERE))
    (gone / "answers").write_text("x")
    assert room.autograde().count("Skipping existing assignment") == 3
    assert not gone.exists()


@pytest.mark.soak
@pytest.mark.parametrize("words", [ONE_AFTER_THE_OTHER, SIDE_BY_SIDE], ids=["one by one", "side by side"])
def test_thirty_kills_over_a_class_of_twenty_change_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    released: Path,
    figure: Callable[[str], None],
    words: tuple[str, ...],
) -> None:
    seed = int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(10**6))
    print(f"to repeat this one: KILL_SEED={seed} make soak ARGS='-k thirty_kills'")
    whole, broken = (_room(tmp_path_factory.mktemp("soak"), released, 20) for _ in range(2))
    whole.autograde()
    # From before the first submission to behind the last; three moments in two submissions.
    chance = random.Random(seed)
    moments = [(number * 2 // 3, chance.uniform(0.0, 2.5)) for number in range(30)]
    hits = _interrupted(broken, moments, words)
    figure(f"the grader killed {hits} times at work (KILL_SEED={seed}), a class of 20: gradebook as without")
    assert hits >= 20
    assert broken.grades() == whole.grades()
    broken.autograde("--force")
    assert broken.grades() == whole.grades()
