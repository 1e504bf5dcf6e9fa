"""The site of an edition: its lessons in its order, one of the instructor's own among them, run to their end."""

from __future__ import annotations

import json
import os
import shutil

import nbformat
import pytest

from course_lib import edition
from course_lib.exercises import COMPLETE
from grading import leaving_out
from grading.site.landing import EXAMPLES
from tests import plain_lessons
from tests.clones import Cloned
from tests.conftest import ROOT
from tests.plain_lessons import MEANS
from tests.shared import made_once
from tests.site import making
from tests.site.test_lessons import complaints, run_solved, run_unanswered
from tests.site.visiting import open_lesson, replace_notebook, run_all, said_by, serving

ORDER = ["04_backpropagation", MEANS, "00_start_here"]
# The wrong answer that the first page shows first is one to this exercise.
DROPPED = EXAMPLES[0].exercise
TOLD = f"""
lessons = {json.dumps(ORDER)}
dropped = ["{DROPPED}"]

[points]
backprop = 9
"""
POINTS = "from course_lib import EXERCISES; print(EXERCISES['backprop'].points)"
ROWS = "[...document.querySelectorAll('[data-lesson]')].map(row => row.dataset.lesson)"


@pytest.fixture(scope="module")
def edited(lite, pyodide, tmp_path_factory):
    """The address of the site of a clone with an edition."""

    def build(folder):
        clone = Cloned(folder / "course")
        clone.tell(TOLD)
        plain_lessons.write(clone.folder / "edition", MEANS, plain_lessons.means())
        shutil.copy(ROOT / "requirements.lock", clone.folder)
        environment = {name: value for name, value in os.environ.items() if name != edition.VARIABLE}
        making.build(folder / "site", lite, pyodide, clone.folder, environment)

    with serving(made_once(tmp_path_factory, "edited", build) / "site") as address:
        yield address


def test_the_first_page_lists_the_lessons_of_the_edition(edited, visitor) -> None:
    visitor.goto(f"{edited}/index.html")
    assert visitor.evaluate(ROWS) == ORDER
    visitor.get_by_role("link", name="Open lesson 07").wait_for()
    assert f"def {DROPPED}" not in visitor.content()
    assert "def warm_up" in visitor.content()


@pytest.mark.parametrize("lesson", [name for name in ORDER if name in COMPLETE])
def test_a_lesson_of_the_edition_runs_and_is_solved(lesson, edited, visitor) -> None:
    open_lesson(visitor, edited, lesson)
    assert said_by(visitor, POINTS) == "9.0"
    run_unanswered(visitor)
    solved = nbformat.read(ROOT / "solutions" / lesson / f"{lesson}.ipynb", as_version=4)
    assert leaving_out.leave_out(solved, {DROPPED}) == []
    assert DROPPED not in run_solved(visitor, lesson, solved)


def test_a_lesson_of_the_instructors_own_runs_and_is_solved(edited, visitor) -> None:
    open_lesson(visitor, edited, MEANS)
    released = run_all(visitor)
    assert not [cell for cell in released if "HIDDEN" in cell["source"] or "return sum" in cell["source"]]
    solved = nbformat.v4.new_notebook(
        cells=plain_lessons.means(), metadata={"language_info": {"name": "python"}}
    )
    replace_notebook(visitor, f"{MEANS}/{MEANS}.ipynb", json.loads(nbformat.writes(solved)))
    cells = run_all(visitor)
    assert complaints(cells) == []
    assert cells[-1]["outputs"][0]["data"]["text/plain"] == "3"
