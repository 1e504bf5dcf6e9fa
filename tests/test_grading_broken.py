"""Whatever an accident did to a submission costs only what it touched, and the report says what happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus.classroom import Classroom, stories
from tests.corpus.making import FULL, HONEST
from tests.life import LESSON

pytestmark = pytest.mark.sandbox
STORIES = stories("broken")
# Ids of students that are names of folders as well.
ODD_STUDENTS = ("with space", "Zoë-王", "a'b\"c", "x" * 120, "[ab]*", "-rf")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    room = Classroom(tmp_path_factory.mktemp("broken"))
    for name in ("aaron", "zoe", *ODD_STUDENTS):
        room.seat(name)
    for name, story in STORIES.items():
        room.seat(name, story)
    room.seat("two\nlines")
    room.said = room.autograde()
    return room


def test_the_corpus_is_large_enough() -> None:
    assert len(STORIES) >= 30


@pytest.mark.parametrize("name", STORIES)
def test_a_story_loses_only_what_it_broke(room: Classroom, name: str) -> None:
    assert room.totals()[name] == STORIES[name].points <= HONEST
    notes = " ".join(room.graded(name)["metadata"]["grading"]["notes"])
    assert STORIES[name].says in notes


@pytest.mark.parametrize("name", [name for name in STORIES if STORIES[name].says])
def test_the_report_stands_on_top_of_the_graded_notebook_and_in_the_log(room: Classroom, name: str) -> None:
    top = room.graded(name)["cells"][0]
    assert "What grading found" in "".join(top["source"])
    assert "stopped after" in STORIES[name].says or f"{name}: " in room.said


@pytest.mark.parametrize("name", ["aaron", "zoe", *ODD_STUDENTS])
def test_honest_students_are_graded_whatever_they_are_called(room: Classroom, name: str) -> None:
    assert room.totals()[name] == FULL
    assert room.graded(name)["metadata"]["grading"]["notes"] == []


def test_a_folder_whose_name_nbgrader_cannot_use_is_reported(room: Classroom) -> None:
    assert "two\\nlines" in room.said
    assert "two\nlines" not in room.totals()


def test_what_was_handed_in_is_as_it_was(room: Classroom) -> None:
    cut = room.submitted / "notebook_was_cut_short" / LESSON / f"{LESSON}.ipynb"
    assert cut.stat().st_size == 9000
    assert Path(room.submitted / "folder_holds_links" / LESSON / "passwd.txt").is_symlink()
    copied = room.folder / "grading" / "autograded" / "folder_holds_links" / LESSON
    assert sorted(path.name for path in copied.iterdir()) == [f"{LESSON}.ipynb"]
