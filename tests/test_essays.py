"""The rubric of an essay: in no released notebook, opened by the student's own saved text, beside the marker's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from course_lib import EXERCISES, check
from tests import lessons

ESSAY = EXERCISES["explain_w11_01"]


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def save(folder: Path, text: str, name: str = f"{ESSAY.lesson}.ipynb") -> None:
    book = lessons.notebook(ESSAY.lesson, "notebooks")
    (cell,) = [c for c in book.cells if c.metadata.get("nbgrader", {}).get("grade_id") == ESSAY.id]
    cell.source = text if text else cell.source
    (folder / name).write_text(json.dumps(book))


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_opens_before_something_is_written_and_saved(folder, text):
    assert check(ESSAY.id).card.state == "unanswered"  # no notebook here
    save(folder, text)
    given = check(ESSAY.id)
    assert (given.card.state, given.points) == ("unanswered", 0.0)
    assert not any(point in str(given) for point in ESSAY.rubric)


@pytest.mark.parametrize("name", [f"{ESSAY.lesson}.ipynb", "my copy.ipynb"])
def test_the_saved_text_opens_the_rubric_and_gives_no_points(folder, name):
    (folder / "broken.ipynb").write_text("{")
    save(folder, "Because there is one way out.", name)
    given = check(ESSAY.id)
    assert (given.card.state, given.points, given.right) == ("manual", 0.0, False)
    assert [line.removeprefix("☐ ") for line in given.card.lines[1:]] == list(ESSAY.rubric)


@pytest.mark.parametrize("step", ["validate", "autograde"])
def test_where_nbgrader_runs_the_notebook_it_stays_closed_and_stops_nothing(folder, monkeypatch, step):
    save(folder, "Because.")
    monkeypatch.setenv("NBGRADER_EXECUTION", step)
    given = check(ESSAY.id)
    assert (given.card.state, given.card.lines) == ("manual", ())


def test_no_released_notebook_has_the_rubric():
    released = "\n".join(lessons.prose(ESSAY.lesson).values())
    book = "\n".join(cell.source for cell in lessons.notebook(ESSAY.lesson, "notebooks").cells)
    assert "used in one place only" in released  # the model answer, in the solution
    assert "used in one place only" not in book
    assert "second path" not in book
    assert 'check("explain_w11_01")' in book
