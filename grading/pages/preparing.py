"""The steps of nbconvert that make the page of a submission, from the graded notebook and the gradebook."""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import is_grade, is_solution

from course_lib.exercises import Lesson, PlainExercise
from grading.lessons import LESSONS, OwnLesson, exercises_of
from grading.pages import marks
from grading.pages.page import Plain, given_cells
from grading.pages.rendering import Order, rendered

# What the page of the marker needs of what nbgrader knows of a submission.
ASKED = ("base_url", "submission_id", "index", "total", "notebook_id", "assignment_id")
NAMED = ("student", "first_name", "last_name")
_SHARES = {2: "half", 3: "third", 4: "quarter"}


class _Preparing(Preprocessor):
    """Puts the HTML of a page into the resources, where the template of nbconvert finds it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.enabled = True
        self._course = CourseDirectory(parent=self)

    def _order(self, template: str, nb: NotebookNode, lesson: str, found: marks.Marks) -> Order:
        known = LESSONS.get(lesson)
        title = f"{lesson[:2]} · {known.title}" if known else lesson
        plain = dict(_plain(known)) if isinstance(known, OwnLesson) else {}
        return Order(template, title, nb, found, self._given(lesson), plain=plain)

    def _given(self, lesson: str) -> frozenset[str]:
        """Return the cells of the lesson that are not the student's, from where it was released; none if it is gone."""
        released = self._notebook(self._course.release_directory, lesson)
        return frozenset(given_cells(released)) if released else frozenset()

    def _notebook(self, directory: str, lesson: str) -> NotebookNode | None:
        path = Path(self._course.root, self._course.format_path(directory, ".", lesson), f"{lesson}.ipynb")
        return nbformat.read(path, as_version=4) if path.is_file() else None


class ShowFeedback(_Preparing):
    """Prepares the page that a student reads."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook, and with the resources its page."""
        about = resources["nbgrader"]
        with Gradebook(about["db_url"], self._course.course_id) as gradebook:
            submitted = gradebook.find_submission_notebook(
                about["notebook"], about["assignment"], about["student"]
            )
            found = marks.read(submitted)
        order = self._order("feedback.html", nb, about["assignment"], found)
        converter = self.parent.parent
        # In a class that is done side by side, another submission goes on meanwhile.
        with getattr(converter, "while_others_work", nullcontext)():
            resources["html"] = rendered(order)
        return nb, resources


class ShowToMarker(_Preparing):
    """Prepares the page that a marker reads in the formgrader: without names, with the rubric beside an essay."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook, and with the resources its page; other pages are none of its business."""
        if "submission_id" not in resources:
            return nb, resources
        with Gradebook(self._course.db_url, self._course.course_id) as gradebook:
            submitted = gradebook.find_submission_notebook_by_id(resources["submission_id"])
            found = marks.read(submitted)
        lesson, about = resources["assignment_id"], {name: resources[name] for name in (*ASKED, *NAMED)}
        hidden = tuple(about[name] or "" for name in NAMED)
        order = self._order("marking.html", nb, lesson, found)
        order = replace(order, hidden=hidden, rubrics=self._rubrics(lesson), about=about)
        resources["html"] = rendered(order)
        return nb, resources

    def _rubrics(self, lesson: str) -> dict[str, str]:
        """Return what the solution says of each essay, and what a good one has in it."""
        solved, found = self._notebook(self._course.source_directory, lesson), {}
        exercises = exercises_of(lesson)
        for cell in solved.cells if solved else ():
            if is_grade(cell) and is_solution(cell):
                lines = (line for line in cell.source.splitlines() if not line.strip().startswith("### "))
                name = cell.metadata.nbgrader.grade_id
                rubric = exercises[name].rubric if name in exercises else ()
                found[name] = "\n".join((*lines, "", *_rubric(rubric)))
        return found


def _plain(lesson: Lesson) -> Iterator[tuple[str, Plain]]:
    """Yield the marked cells of an own lesson by name; a solution cell stands with the first test of it."""
    for exercise in reversed(lesson.exercises):
        tested = isinstance(exercise, PlainExercise)
        belongs = Plain(exercise.id, exercise.heading, tested)
        yield exercise.id, belongs
        for answer in exercise.answers if tested else ():
            yield answer, belongs


def _rubric(points: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a list that says what share of the points each of `points` is worth."""
    if points:
        yield f"**Rubric.** One {_SHARES.get(len(points), 'equal share')} of the points for each of these."
        yield ""
        yield from (f"- {point}" for point in points)
