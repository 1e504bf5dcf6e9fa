"""`progress`: every lesson's standing, read from the notebooks as they were saved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from course_lib import EXERCISES, LESSONS, check, edition, progress
from course_lib.checking.calling.by_kind import is_automatic
from course_lib.checking.student import cells as history

WARM_UP, FORWARD, CLINIC = "00_start_here", "02_forward_pass", "06_bug_clinic"
ALL = f"{sum(exercise.points for exercise in EXERCISES.values()):g} points"
OF_FORWARD = f"of {LESSONS[FORWARD].points:g}"


@pytest.fixture(autouse=True)
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course folder; the kernel works in one of its lessons and has checked nothing yet."""
    (tmp_path / CLINIC).mkdir()
    monkeypatch.chdir(tmp_path / CLINIC)
    monkeypatch.setattr(history, "CHECKED", {CLINIC: None})
    return tmp_path


def check_cell(name: str, answer: object) -> dict:
    """Return the grade cell of an exercise as JupyterLab saves it after a check."""
    verdict = check(name, answer)
    data = {"text/plain": [repr(verdict)], "text/html": [verdict._repr_html_()]}
    output = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}
    return {
        "cell_type": "code",
        "metadata": {"nbgrader": {"grade_id": f"{name}_check", "grade": True}},
        "source": [],
        "outputs": [output],
    }


def save(beside: Path, lesson: str, cells: list[dict]) -> Path:
    path = beside / lesson / f"{lesson}.ipynb"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    history.CHECKED = {CLINIC: None}
    return path


def row(lesson: str) -> tuple[str, ...]:
    return next(row for row in progress().card.table if row[0].startswith(lesson[:2] + " "))


def counts(I, J, K):
    return I * J + J * K


def test_a_saved_lesson_counts_what_its_checks_said(beside: Path) -> None:
    cells = [check_cell("count_weights", counts), check_cell("sigmoid", lambda z: z)]
    save(beside, FORWARD, cells)
    assert row(FORWARD) == (
        "02 The forward pass",
        f"2 {OF_FORWARD}",
        f"1 of {len(LESSONS[FORWARD].exercises)}",
    )
    assert progress().score.startswith(f"2 of {ALL}, ")
    assert f"Next: `warm_up` in {WARM_UP}." in progress().card.lines


def test_practice_without_points_counts_by_what_its_card_said(beside: Path) -> None:
    save(beside, WARM_UP, [check_cell("warm_up", lambda x: 2 * x)])
    assert row(WARM_UP) == ("00 Start here", "practice", "1 of 1")
    assert progress().card.headline == f"1 of {len(LESSONS)} lessons done."


def test_this_lesson_counts_as_it_is_now_whatever_was_saved(beside: Path) -> None:
    save(beside, FORWARD, [check_cell("count_weights", counts)])
    history.CHECKED = {FORWARD: None}
    assert row(FORWARD)[1:] == (f"0 {OF_FORWARD}", "none yet")


def test_what_is_not_there_or_not_started_says_so(beside: Path) -> None:
    save(beside, FORWARD, [{"cell_type": "markdown", "metadata": {}, "source": []}])
    assert row(FORWARD)[2] == "not started"
    assert row(WARM_UP)[2] == "not beside this lesson"


@pytest.mark.parametrize("content", [b"", b"[1]", b'{"cells": 3}', b'{"cells": [{"cell_type": 3}]}', b"\xff"])
def test_a_notebook_that_cannot_be_read_is_named_and_the_others_count(beside: Path, content: bytes) -> None:
    save(beside, WARM_UP, [check_cell("warm_up", lambda x: 2 * x)])
    save(beside, FORWARD, []).write_bytes(content)
    assert row(FORWARD)[2] == f"cannot be read: {FORWARD}/{FORWARD}.ipynb"
    assert row(WARM_UP)[2] == "1 of 1"


@pytest.mark.parametrize("number", ["nan", "-5.0", "1e9"])
def test_points_that_cannot_be_count_as_none(beside: Path, number: str) -> None:
    cell = check_cell("count_weights", counts)
    cell["outputs"][0]["data"]["text/plain"] = [number]
    save(beside, FORWARD, [cell])
    assert progress().score.startswith(f"0 of {ALL}, ")


def test_a_finished_course_says_so(beside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "CHECKED", {})
    for lesson in LESSONS.values():
        checks = []
        for exercise in lesson.exercises:
            cell = check_cell(exercise.id, None)
            cell["outputs"][0]["data"] = {
                "text/plain": [repr(float(exercise.points))],
                "text/html": ['<section data-state="right">'],
            }
            checks.append(cell)
        save(beside, lesson.id, checks)
    history.CHECKED = {}
    shown = progress()
    manual = sum(exercise.points for exercise in EXERCISES.values() if not is_automatic(exercise))
    automatic = float(ALL.split()[0]) - manual
    assert manual
    assert shown.score == f"{automatic:g} of {ALL}, {manual:g} of them marked by hand"
    assert shown.card.headline == f"{len(LESSONS)} of {len(LESSONS)} lessons done."
    assert "Every lesson is done" in str(shown)
    assert shown.card.state == "right"


def test_it_shows_the_same_as_a_card_and_in_words(beside: Path) -> None:
    shown = progress()
    assert 'aria-label="Progress through the course: Not answered yet"' in shown._repr_html_()
    for lesson in LESSONS.values():
        assert lesson.title in repr(shown)
        assert lesson.title in shown._repr_html_()
    assert EXERCISES["warm_up"].id in repr(shown)


def test_a_lesson_of_the_instructors_own_is_named_and_not_counted(monkeypatch, tmp_path) -> None:
    assert "Not counted" not in str(progress())
    (tmp_path / "edition" / "lessons" / "07_means").mkdir(parents=True)
    monkeypatch.setenv(edition.VARIABLE, str(tmp_path / "edition" / edition.NAME))
    said = " ".join(str(progress()).split())
    assert f"{ALL}" in said
    assert "its points come after you hand it in: `07_means`." in said
