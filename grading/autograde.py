"""Puts sandbox, collector and judge into `nbgrader autograde`: the command, the Python API, the formgrader's button.

`configure` sets nbgrader's own traits, with a preprocessor in the place of `Execute`. Of nbgrader itself one method
is replaced: the one that finds the submissions.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets.config import Config

from course_lib.answers import NAME
from course_lib.checking.calling.by_kind import in_file
from course_lib.checking.cards import Verdict
from course_lib.exercises import EXERCISES, LESSONS
from grading import diagrams, safe_output, score
from grading.collect import Collected, collect
from grading.intake.submissions import Batch, take_in
from grading.submission import Cell, Submission


class Grade(NbGraderPreprocessor):
    """Stands in the place of `Execute`: runs the cells in the sandbox and writes the verdicts reached outside."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook with safe outputs, and every grade cell with its points and its card."""
        batch: Batch = self.parent.parent.batch
        code = [c for c in nb.cells if c.cell_type == "code" and (not is_grade(c) or is_solution(c))]
        cells = [Cell(c.source) for c in code]
        folder = os.path.abspath(resources["metadata"]["path"])
        unsafe = batch.settings.unsafe_no_sandbox
        with Submission(cells, str(batch.box), folder, batch.limits, unsafe) as submission:
            found = collect(submission, score.questions(batch.lesson.exercises, batch.secret))
        self._saved = score.diagram_answers(found.answers_file, Path(folder) / NAME)
        for cell, ran in zip(code, cells, strict=True):
            cell.outputs = safe_output.outputs(ran.outputs, ran.note)
            self._draw(cell)
        verdicts = {e.id: self._verdict(batch, e, found) for e in batch.lesson.exercises}
        for cell in nb.cells:
            if is_grade(cell) and not is_solution(cell):
                self._write(cell, verdicts)
        self._report(nb, found, verdicts, unsafe)
        return nb, resources

    def _draw(self, cell: NotebookNode) -> None:
        """Show a diagram as it was answered; its widget was not there while the cells ran."""
        exercise = EXERCISES.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if exercise and in_file(exercise):
            figure = diagrams.figure(exercise, self._saved)
            data = {"text/html": figure, "text/plain": f"[diagram: {exercise.title}]"}
            cell.outputs = [new_output("display_data", data=data)]

    def _verdict(self, batch: Batch, exercise: Any, found: Collected) -> Verdict:
        if in_file(exercise):
            return score.verdict_on_diagram(exercise, self._saved)
        outcomes = found.outcomes.get(exercise.id, [])
        reads = found.reads.get(exercise.id, score.NOTHING_READ)
        return score.verdict_on(
            exercise, batch.secret, outcomes, found.name, batch.settings.numerical_only, reads
        )

    def _write(self, cell: NotebookNode, verdicts: dict[str, Verdict]) -> None:
        """Write the points where nbgrader looks for them, never more than the gradebook allows."""
        verdict = verdicts.get(cell.metadata.nbgrader["grade_id"].removesuffix("_check"))
        most = float(cell.metadata.nbgrader["points"])
        points = min(verdict.points, most) if verdict else 0.0
        data = {"text/plain": repr(float(points))}
        if verdict:
            data["text/html"] = safe_output.calm(verdict._repr_html_())
        cell.outputs = [new_output("execute_result", data=data, execution_count=None)]

    def _report(self, nb: NotebookNode, found: Collected, verdicts: dict, unsafe: bool) -> None:
        admitted = nb.metadata.get("grading", {})
        notes = [*admitted.get("notes", []), *found.notes]
        scores = {
            name: {"points": v.points, "max_points": v.max_points, "diagnosis": list(v.diagnosis)}
            for name, v in verdicts.items()
        }
        nb.metadata["grading"] = {"notes": notes, "verdicts": scores, "sandbox": not unsafe}
        nb.metadata["grading"]["drawn"] = sorted(self._saved.answers)
        nb.metadata["grading"]["open"] = [
            name for name in admitted.get("open", []) if name in verdicts and not verdicts[name].right
        ]
        cell = safe_output.report(notes, unsafe)
        if cell:
            nb.cells.insert(0, cell)


class Seal(NbGraderPreprocessor):
    """The last step: marks the notebook as graded to the end, for whoever starts again after an interruption."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook with the mark."""
        about = resources["nbgrader"]
        self._take_back_no_response(about, nb.metadata["grading"].pop("drawn"))
        self._leave_open(about, nb, nb.metadata["grading"].pop("open"))
        nb.metadata["grading"]["finished"] = True
        return nb, resources

    def _take_back_no_response(self, about: dict, drawn: list[str]) -> None:
        """Clear nbgrader's "No response." from cells that nobody edits because the answer is given in a diagram."""
        where = (about["notebook"], about["assignment"], about["student"])
        with Gradebook(about["db_url"]) as gradebook:
            for exercise in LESSONS[about["assignment"]].exercises:
                if in_file(exercise) and exercise.id in drawn:
                    gradebook.find_comment(exercise.id, *where).auto_comment = None
            gradebook.db.commit()

    def _leave_open(self, about: dict, nb: NotebookNode, names: list[str]) -> None:
        """Leave to a person what this version of the submission cannot be blamed for; nobody gets 0 for it."""
        where = (about["notebook"], about["assignment"], about["student"])
        ids = {c.metadata.nbgrader["grade_id"] for c in nb.cells if is_grade(c) and not is_solution(c)}
        with Gradebook(about["db_url"]) as gradebook:
            for name in ids:
                exercise = name.removesuffix("_check")
                # The gradebook may also be of an older version than the exercises.
                if exercise in names or exercise not in EXERCISES:
                    grade = gradebook.find_grade(name, *where)
                    grade.auto_score, grade.needs_manual_grade = None, True
            gradebook.db.commit()


def configure(c: Config) -> None:
    """Make nbgrader grade this way, and show submissions without running what they hold."""
    Autograde.init_notebooks = take_in  # no trait of nbgrader's decides this
    steps = Autograde.class_traits()["autograde_preprocessors"].default()
    c.Autograde.autograde_preprocessors = [Grade if step is Execute else step for step in steps] + [Seal]
    # nbgrader's pages put Markdown into HTML as it is; every other output was made safe when it was graded.
    c.HTMLExporter.filters = {"markdown2html": safe_output.markdown}
