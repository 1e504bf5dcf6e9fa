"""Every lesson in a browser: unanswered it runs without a traceback, solved it has full marks."""

from __future__ import annotations

import json

import nbformat
import pytest
from playwright.sync_api import Page

from course_lib.exercises import LESSONS
from tests.conftest import ROOT
from tests.site.visiting import open_lesson, replace_notebook, run_all, said_by

RIGHT = """import json
from course_lib import summary
print(json.dumps({verdict.exercise: verdict.right for verdict in summary().automatic}))"""


def complaints(cells: list[dict]) -> list[str]:
    """Return what looks like an error: tracebacks, and whatever is shown on red."""
    return [
        f"{cell['source'][:60]}: {output.get('evalue') or output.get('text')}"
        for cell in cells
        for output in cell["outputs"]
        if output["output_type"] == "error" or output.get("name") == "stderr"
    ]


def run_unanswered_and_solved(page: Page, address: str, lesson: str) -> None:
    """Open a lesson and run all of it as it comes, then with every answer."""
    open_lesson(page, address, lesson)
    run_unanswered(page)
    run_solved(page, lesson, nbformat.read(ROOT / "solutions" / lesson / f"{lesson}.ipynb", as_version=4))


def run_unanswered(page: Page) -> None:
    """Run all of an open lesson as it comes."""
    unanswered = run_all(page)
    assert complaints(unanswered) == []
    assert [cell["source"] for cell in unanswered if cell["source"] and cell["count"] is None] == []
    assert not any(json.loads(said_by(page, RIGHT)).values())


def run_solved(page: Page, lesson: str, solved: nbformat.NotebookNode) -> set[str]:
    """Run all of a lesson with every answer, and return the exercises that were checked."""
    replace_notebook(page, f"{lesson}/{lesson}.ipynb", json.loads(nbformat.writes(solved)))
    assert complaints(run_all(page)) == []
    right = json.loads(said_by(page, RIGHT))
    assert right
    assert all(right.values()), right
    return set(right)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_runs_from_above_to_below_unanswered_and_solved(lesson, address, visitor) -> None:
    run_unanswered_and_solved(visitor, address, lesson)
