"""The steps of nbconvert that make the page of a submission, from the graded notebook and the gradebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from course_lib.exercises import LESSONS
from grading.pages import cells, html, marks
from grading.pages.anonymous import Names
from grading.pages.page import Page, Section, build, given_cells


class _Preparing(Preprocessor):
    """Puts the HTML of a page into the resources, where the template of nbconvert finds it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.enabled = True
        self._course = CourseDirectory(parent=self)

    def _page(self, nb: NotebookNode, lesson: str, found: marks.Marks, names: Names) -> Page:
        known = LESSONS.get(lesson)
        title = f"{lesson[:2]} · {known.title}" if known else lesson
        return build(nb, title, found, self._given(lesson), names)

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
        page = self._page(nb, about["assignment"], found, Names())
        resources["html"] = html.render("feedback.html", page)
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
        lesson = resources["assignment_id"]
        about_student = (resources[name] or "" for name in ("student", "first_name", "last_name"))
        page = self._page(nb, lesson, found, Names.of(nb, about_student))
        self._add_rubrics(page, lesson)
        resources["html"] = html.render("marking.html", page, about=resources)
        return nb, resources

    def _add_rubrics(self, page: Page, lesson: str) -> None:
        """Put what the solution says beside each essay; it stands in the instructor's notebook and nowhere else."""
        essays = {section.id: section for section in page.exercises if section.is_essay}
        solved = self._notebook(self._course.source_directory, lesson) if essays else None
        for cell in solved.cells if solved else ():
            section: Section | None = essays.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
            if section:
                lines = (line for line in cell.source.splitlines() if not line.strip().startswith("### "))
                section.rubric = cells.markdown.render("\n".join(lines), levels=cells.LEVELS)
