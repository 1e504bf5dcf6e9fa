"""Whatever an accident did to a submission costs only what it touched, and the report says what happened."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.corpus import sampling
from tests.corpus.classroom import Classroom, stories
from tests.corpus.making import FULL
from tests.life import LESSON
from tests.side_by_side import BOTH_WAYS

pytestmark = [pytest.mark.sandbox, pytest.mark.sampled]
STORIES = stories("broken")
SEATS = {seat: sampling.told("broken", seat) for seat in sampling.seats("broken")}
# Ids of students that are names of folders as well: one of an honest one, and those of the first stories.
HONEST = "[ab]*"
ODD = dict(zip(SEATS, ("with space", "Zoë-王", "a'b\"c", "x" * 120, "-rf"), strict=False))


def _student(seat: str) -> str:
    return ODD.get(seat, seat)


def _who_tells(name: str) -> str:
    return _student(sampling.seat_of("broken", name))


@pytest.fixture(scope="module", params=BOTH_WAYS)
def room(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, released: Path
) -> Classroom:
    room = Classroom(tmp_path_factory.mktemp("broken"), released)
    room.seat(HONEST)
    for seat, story in SEATS.items():
        room.seat(_student(seat), story)
    room.seat("two\nlines")
    room.said = room.autograde(*request.param)
    return room


def test_the_corpus_is_large_enough() -> None:
    assert len(STORIES) >= 30


@pytest.mark.promise(3)
@pytest.mark.parametrize("seat", SEATS)
def test_a_story_loses_only_what_it_broke(room: Classroom, seat: str) -> None:
    if room.untold[_student(seat)]:
        pytest.skip(room.untold[_student(seat)])
    assert room.totals()[_student(seat)] == SEATS[seat].points <= FULL
    notes = " ".join(room.graded(_student(seat))["metadata"]["grading"]["notes"])
    assert [name for name in sampling.seats("broken")[seat] if STORIES[name].says not in notes] == []


@pytest.mark.parametrize("seat", SEATS)
def test_the_report_stands_on_top_of_the_graded_notebook_and_in_the_log(room: Classroom, seat: str) -> None:
    if room.untold[_student(seat)]:
        pytest.skip(room.untold[_student(seat)])
    notes = room.graded(_student(seat))["metadata"]["grading"]["notes"]
    top = "".join(room.graded(_student(seat))["cells"][0]["source"])
    assert ("What grading found" in top) == bool(notes)
    assert all("stopped after" in note or f"{_student(seat)}: {note}" in room.said for note in notes)


def test_an_honest_student_is_graded_whatever_he_is_called(room: Classroom) -> None:
    assert room.totals()[HONEST] == FULL
    assert room.graded(HONEST)["metadata"]["grading"]["notes"] == []


def test_a_folder_whose_name_nbgrader_cannot_use_is_reported(room: Classroom) -> None:
    assert "two\\nlines" in room.said
    assert "two\nlines" not in room.totals()


def test_what_was_handed_in_is_as_it_was(room: Classroom) -> None:
    cut = room.submitted / _who_tells("notebook_was_cut_short") / LESSON / f"{LESSON}.ipynb"
    assert cut.stat().st_size == 9000
    links = _who_tells("folder_holds_links")
    assert Path(room.submitted / links / LESSON / "passwd.txt").is_symlink()
    copied = room.folder / "grading" / "autograded" / links / LESSON
    assert not [path for path in copied.rglob("*") if path.is_symlink()]
    assert not (copied / "passwd.txt").exists()


NAMED = {
    "answer_reads_the_numbers_of_the_notebook": "the answer reads `mine` of the notebook",
    "answer_reads_what_a_deleted_cell_defined": "run once from the top, gives `mine` a value",
}


@pytest.mark.promise(5)
@pytest.mark.parametrize("name", NAMED)
def test_what_only_holds_in_the_students_own_kernel_is_named(room: Classroom, name: str) -> None:
    notebook = room.graded(_who_tells(name))
    card = next(c for c in notebook["cells"] if "dE_dw11_12_check" in str(c["metadata"]))["outputs"][0][
        "data"
    ]
    said = " ".join(re.sub(r"<[^>]+>", "", "".join(card["text/html"])).replace("`", "").split())
    assert NAMED[name].replace("`", "") in said
    diagnosis = notebook["metadata"]["grading"]["verdicts"]["dE_dw11_12"]["diagnosis"]
    assert ("uses_global" in diagnosis) == (name == "answer_reads_the_numbers_of_the_notebook")


def _left_to_a_person(room: Classroom, student: str) -> set[str]:
    rows = [grade for grade in room.grades() if grade[0] == student and grade[1] != "explain_w11_01"]
    assert all(score is None for _, _, score, needed in rows if needed)
    return {cell.removesuffix("_check") for _, cell, _, needed in rows if needed}


@pytest.mark.promise(9)
def test_nobody_gets_nought_for_a_lesson_that_was_corrected(room: Classroom) -> None:
    got = _who_tells("lesson_got_an_exercise_after_it_was_fetched")
    assert _left_to_a_person(room, got) == {"dE_dw21_12"}
    # What is right as it is asked now needs nobody.
    asked = _left_to_a_person(room, _who_tells("lesson_asked_otherwise_when_it_was_fetched"))
    assert asked == {"dE_dw11_12", "dE_dw21_12"}
    for student in (HONEST, _who_tells("lesson_lost_an_exercise_after_it_was_fetched")):
        assert _left_to_a_person(room, student) == set()


def test_nobody_gets_nought_for_a_cell_that_was_deleted(room: Classroom) -> None:
    assert _left_to_a_person(room, _who_tells("solution_cell_was_deleted")) == {"dE_dw11_01"}
