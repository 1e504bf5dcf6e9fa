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
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from nbgrader.utils import compute_checksum, is_grade, is_solution
from traitlets.config import Config

from course_lib.answers import NAME
from course_lib.checking.calling.by_kind import in_file
from course_lib.checking.cards import Verdict
from course_lib.exercises import EXERCISES, LESSONS
from grading import diagrams, pages, predecessors, safe_output, score, terminal
from grading.collect import Collected, collect
from grading.feedback import FeedbackExporter, is_current
from grading.finish import Finish
from grading.intake.submissions import Batch, take_in
from grading.records import Record
from grading.release_feedback import ReleaseFeedback
from grading.second_look import Question, look_again
from grading.submission import Cell, Submission


class Grade(NbGraderPreprocessor):
    """Stands in the place of `Execute`: runs the cells in the sandbox and writes the verdicts reached outside."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook with safe outputs, and every grade cell with its points and its card."""
        batch: Batch = self.parent.parent.batch
        code = [c for c in nb.cells if c.cell_type == "code" and (not is_grade(c) or is_solution(c))]
        cells = [Cell(c.source, name=c.metadata.get("nbgrader", {}).get("grade_id", "")) for c in code]
        folder = os.path.abspath(resources["metadata"]["path"])
        unsafe = batch.settings.unsafe_no_sandbox
        with Submission(cells, str(batch.box), folder, batch.limits, unsafe) as submission:
            found = collect(submission, score.questions(batch.lesson.exercises, batch.secret))
        self._saved = score.diagram_answers(found.answers_file, Path(folder) / NAME)
        for cell, ran in zip(code, cells, strict=True):
            cell.outputs = safe_output.outputs(ran.outputs, ran.note)
            self._draw(cell)
        verdicts = {e.id: self._verdict(batch, e, found) for e in batch.lesson.exercises}
        verdicts |= self._second_look(batch, submission, code, found, verdicts)
        for cell in nb.cells:
            if is_grade(cell) and not is_solution(cell):
                self._write(cell, verdicts)
        self._report(nb, resources, found, verdicts, unsafe)
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

    def _second_look(
        self, batch: Batch, submission: Submission, code: list, found: Collected, verdicts: dict[str, Verdict]
    ) -> dict[str, Verdict]:
        """Return the verdicts on answers that are right as things stood right behind their own cells."""
        own = {
            c.metadata.nbgrader["grade_id"]: n for n, c in enumerate(code) if is_solution(c) and _is_edited(c)
        }
        questions = [
            Question(exercise, own[exercise.id], public, secret)
            for exercise, public, secret in score.questions(batch.lesson.exercises, batch.secret)
            if exercise.id in own and not in_file(exercise) and not verdicts[exercise.id].right
        ]
        if not questions:
            return {}
        strict, better = batch.settings.numerical_only, {}
        for question in look_again(submission.replay, questions, found.name, strict):
            exercise = question.exercise
            verdict = score.verdict_on(exercise, batch.secret, question.outcomes, found.name, strict)
            if verdict.right:
                better[exercise.id] = verdict
                found.notes.append(
                    f"A cell further down changed a name that the answer to {exercise.id} uses. The answer was graded "
                    "as things stood right behind its own cell."
                )
        return better

    def _report(
        self, nb: NotebookNode, resources: dict, found: Collected, verdicts: dict, unsafe: bool
    ) -> None:
        """Write what was found into the metadata and, for people, into a cell on top and the terminal."""
        about = nb.metadata["grading"]
        notes = list(found.notes)
        exercises = [e for e in LESSONS[resources["nbgrader"]["assignment"]].exercises if e.points]
        look, open_ = set(about["look"]), set(about["open"])
        diagrams_lost = {e.id for e in exercises if in_file(e)}
        if diagrams_lost and about["worked"] and not self._saved.present:
            open_ |= diagrams_lost
            notes.append(
                f"{NAME} was not handed in, so answers given in diagrams cannot be seen. They wait for manual grading."
            )
        for note in notes:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], note)
        notes = [*about["notes"], *notes]
        scores = {
            name: {
                "points": v.points,
                "max_points": v.max_points,
                "diagnosis": list(v.diagnosis),
                "state": v.card.state,
            }
            for name, v in verdicts.items()
        }
        wrong = [e.id for e in exercises if e.id in look | open_ and not verdicts[e.id].right]
        about |= {
            "notes": notes,
            "verdicts": scores,
            "sandbox": not unsafe,
            "drawn": sorted(self._saved.answers),
            "open": wrong,
            "look": sorted(look),
        }
        cell = safe_output.report(notes, unsafe)
        if cell:
            nb.cells.insert(0, cell)


def _is_edited(cell: NotebookNode) -> bool:
    return cell.metadata.nbgrader["checksum"] != compute_checksum(cell)


def configure(c: Config) -> None:
    """Make nbgrader grade this way, and show submissions without running what they hold."""
    Autograde.init_notebooks = take_in  # no trait of nbgrader's decides this
    steps = Autograde.class_traits()["autograde_preprocessors"].default()
    c.Autograde.autograde_preprocessors = [Grade if step is Execute else step for step in steps] + [
        Finish,
        Record,
    ]
    c.GenerateFeedback.exporter_class = FeedbackExporter
    c.ExchangeFactory.release_feedback = ReleaseFeedback
    pages.configure(c)
    predecessors.configure({Autograde: lambda *names: False, GenerateFeedback: is_current})
    terminal.tidy()
