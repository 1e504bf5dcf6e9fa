"""The last step of grading: what only a person can grade is left to a person, and the notebook is marked as done."""

from __future__ import annotations

from nbformat.notebooknode import NotebookNode
from nbgrader.api import Comment, Grade, Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from course_lib.exercises import EXERCISES


class Finish(NbGraderPreprocessor):
    """Writes into the gradebook what waits for manual grading; whoever starts again sees that this one is done."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook with the mark."""
        which, about = resources["nbgrader"], nb.metadata["grading"]
        where = (which["notebook"], which["assignment"], which["student"])
        with Gradebook(which["db_url"]) as gradebook:
            for cell in nb.cells:
                name = cell.metadata.get("nbgrader", {}).get("grade_id")
                if is_grade(cell):
                    _leave_to_a_person(gradebook.find_grade(name, *where), about)
                if is_solution(cell):
                    _take_back_no_response(gradebook.find_comment(name, *where), about)
            gradebook.db.commit()
        waiting = sorted({*about["open"], *about["look"]})
        if waiting:
            self.log.warning("%s: waiting for manual grading: %s", which["student"], ", ".join(waiting))
        about["finished"] = True
        return nb, resources


def _leave_to_a_person(grade: Grade, about: dict) -> None:
    """Take back the 0 of what was not right for reasons of form; ask for a look where there was a choice."""
    exercise = grade.name.removesuffix("_check")
    # The gradebook may also be of an older version than the exercises.
    if exercise in about["open"] or exercise not in EXERCISES:
        grade.auto_score, grade.needs_manual_grade = None, True
    elif exercise in about["look"]:
        grade.needs_manual_grade = True


def _take_back_no_response(comment: Comment, about: dict) -> None:
    """Clear nbgrader's "No response." where the answer is in a diagram, or may be in another cell."""
    if comment.name in {*about["drawn"], *about["open"], *about["look"]}:
        comment.auto_comment = None
