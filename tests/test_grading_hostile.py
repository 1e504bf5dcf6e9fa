"""Nothing that a submission does changes a score but by answering, is seen outside, or harms a neighbour."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from course_lib.exercises import EXERCISES
from grading.score import secret_cases, secret_of
from grading.scratch import PREFIX
from tests.corpus import sampling
from tests.corpus.classroom import Classroom, Listeners, stories
from tests.corpus.making import FULL, HONEST, LEFT_OPEN
from tests.life import LESSON
from tests.side_by_side import BOTH_WAYS

pytestmark = [pytest.mark.sandbox, pytest.mark.sampled]
STORIES = stories("hostile")
# What is shown in browsers is graded where it is shown.
SEATS = {
    seat: sampling.told("hostile", seat)
    for seat in sampling.seats("hostile")
    if sampling.WHOLE or not seat.startswith("scripts")
}
LEAKS = ("leaks_secret_inputs_by_its_card", "keeps_secret_inputs_for_later_cells")[
    : 2 if sampling.WHOLE else 1
]
NEIGHBOURS = ("aaron", "zoe")  # before and behind the stories in the class's order


def _processes() -> dict[int, str]:
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            found[int(name)] = (
                Path("/proc", name, "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            )
        except OSError:
            continue
    return found


def _left_behind() -> set[str]:
    # A database or a pool of processes beside the tests keeps its own there, and comes and goes as it likes.
    others = ("PostgreSQL.", "sem.mp-")
    shared = [f"/dev/shm/{name}" for name in os.listdir("/dev/shm") if not name.startswith(others)]
    folders = [f"/tmp/{name}" for name in os.listdir("/tmp") if "bomb" in name or _of_the_dead(name)]
    return {*shared, *folders}


def _of_the_dead(name: str) -> bool:
    """Tell whether a folder belongs to a grader that is no more; others may be at work beside this test."""
    process = name.removeprefix(PREFIX).partition("-")[0]
    return name.startswith(PREFIX) and not Path("/proc", process).exists()


class Seen:
    """The class after grading, and what was there before and after."""

    def __init__(self, folder: Path, released: Path, way: tuple[str, ...]) -> None:
        self.room, listeners = Classroom(folder, released), Listeners(folder)
        for student in NEIGHBOURS:
            self.room.seat(student)
        for seat, story in SEATS.items():
            self.room.seat(seat, story, PORT=str(listeners.port), CANARY_SOCKET=listeners.path)
        self.files, self.left = self.room.files(), _left_behind()
        self.said = self.room.autograde(*way)
        self.left_behind = _left_behind() - self.left
        self.totals, self.heard = self.room.totals(), list(listeners.heard)
        listeners.close()
        self.grades, self.again = self.room.grades(), sampling.seat_of("hostile", "forges_messages")
        self.room.commands(
            *(["generate_feedback", LESSON, f"--student={name}"] for name in LEAKS),
            ["autograde", LESSON, "--force", f"--student={self.again}", *way],
        )


@pytest.fixture(scope="module", params=BOTH_WAYS)
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, released: Path) -> Seen:
    return Seen(tmp_path_factory.mktemp("hostile"), released, request.param)


def test_the_corpus_is_large_enough() -> None:
    assert len(STORIES) >= 40


@pytest.mark.promise(1, 10)
@pytest.mark.parametrize("seat", SEATS)
def test_a_story_gains_no_point_and_loses_only_its_own(seen: Seen, seat: str) -> None:
    assert seen.totals[seat] == SEATS[seat].points <= HONEST
    notes = " ".join(seen.room.graded(seat)["metadata"]["grading"]["notes"])
    assert [name for name in sampling.seats("hostile")[seat] if STORIES[name].says not in notes] == []


@pytest.mark.promise(1, 3)
@pytest.mark.parametrize("name", NEIGHBOURS)
def test_neighbours_get_what_they_deserve(seen: Seen, name: str) -> None:
    assert seen.totals[name] == FULL
    assert seen.room.graded(name)["metadata"]["grading"]["notes"] == []


@pytest.mark.promise(2)
def test_no_submission_saw_what_is_not_its_own(seen: Seen) -> None:
    secret = (seen.room.folder / "grading" / "secret").read_text().strip()
    hidden = [*seen.room.canaries.values(), secret, "BEGIN SOLUTION", "SQLite format 3", "LESSON = Lesson("]
    for seat in SEATS:
        shown = json.dumps([cell.get("outputs") for cell in seen.room.graded(seat)["cells"]])
        assert [word for word in hidden if word in shown] == [], seat


@pytest.mark.promise(8)
@pytest.mark.parametrize("name", LEAKS)
def test_no_secret_input_comes_back_to_the_student(seen: Seen, name: str) -> None:
    page = (seen.room.folder / "grading" / "feedback" / name / LESSON / f"{LESSON}.html").read_text()
    shown = page + json.dumps(seen.room.graded(name))
    assert "LEAK" in shown  # the story is told
    secret = secret_of(seen.room.folder / "grading" / "secret")
    cases = [case for name in LEFT_OPEN for case in secret_cases(EXERCISES[name], secret)]
    # As every way of printing begins: seven decimals, not rounded. One of them may be there by chance.
    numbers = {f"{abs(value):.9f}"[:-2] for case in cases for array in case for value in np.ravel(array)}
    assert len(numbers) > 50
    assert len([number for number in numbers if number in shown]) <= 1


@pytest.mark.promise(2)
def test_nothing_was_written_outside(seen: Seen) -> None:
    assert seen.room.files() == seen.files


@pytest.mark.promise(2)
def test_nothing_was_left_behind(seen: Seen) -> None:
    assert seen.left_behind == set()
    here = str(seen.room.folder)
    ours = [line for line in _processes().values() if "/box/inside/" in line or "time.sleep(3601)" in line]
    assert [line for line in ours if here in line] == []
    assert not any("time.sleep(3601)" in line for line in ours)


@pytest.mark.promise(2)
def test_nothing_was_heard_outside(seen: Seen) -> None:
    # Every story that knocks says something; whoever looks for a free port in the test beside this one does not.
    assert [words for words in seen.heard if words] == []


@pytest.mark.promise(5)
def test_graded_again_it_is_the_same(seen: Seen) -> None:
    assert seen.again in {student for student, *_ in seen.grades}
    assert seen.room.grades() == seen.grades
