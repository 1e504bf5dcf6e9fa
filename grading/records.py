"""What was graded, and of what: kept in the gradebook, in the same transaction as the marks.

A submission is done when the gradebook says so: this very hand-in, with these points, this due date and this version
of the lesson. An answer that a person has marked stays marked for as long as it does not change.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from sqlalchemy import Column, MetaData, String, Table, delete, insert, select

from grading.intake.reading import UnreadableError, read_bytes

MOST_ENTRIES, MOST_READ = 5000, 32 * 2**20
_TABLES = MetaData()
# What a submitted notebook was graded from.
_GRADED = Table(
    "course_graded", _TABLES, Column("id", String(32), primary_key=True), Column("made_of", String(64))
)
# Of the answer behind a grade: the one graded last, and the one that a person's mark was given for.
_ANSWERS = Table(
    "course_answers",
    _TABLES,
    Column("id", String(32), primary_key=True),
    Column("graded", String(64)),
    Column("marked", String(64)),
)


class Records:
    """The records in an open gradebook."""

    def __init__(self, gradebook: Gradebook) -> None:
        self.gradebook = gradebook
        _TABLES.create_all(gradebook.engine)

    def is_done(self, lesson: str, student: str, made_of: str) -> bool:
        """Tell whether the gradebook holds a score, or a wait for one, of what is described by `made_of`."""
        try:
            notebook = self.gradebook.find_submission_notebook(lesson, lesson, student)
        except MissingEntry:
            return False
        known = self.gradebook.db.scalar(select(_GRADED.c.made_of).where(_GRADED.c.id == notebook.id))
        scored = (
            g.needs_manual_grade or (g.auto_score, g.manual_score) != (None, None) for g in notebook.grades
        )
        return known == made_of and all(scored)

    def begin(self, lesson: str, student: str) -> None:
        """Note, before a submission is graded again, which of its answers a person's marks were given for."""
        try:
            notebook = self.gradebook.find_submission_notebook(lesson, lesson, student)
        except MissingEntry:
            return
        for grade in notebook.grades:
            if grade.manual_score is not None and not grade.needs_manual_grade:
                graded, _ = self._answer(grade.id)
                self._note(grade.id, graded, graded)
        self.gradebook.db.commit()

    def _answer(self, grade: str) -> tuple[str | None, str | None]:
        return _known(self.gradebook.db, [grade]).get(grade, (None, None))

    def _note(self, grade: str, graded: str | None, marked: str | None) -> None:
        _note(self.gradebook.db, [{"id": grade, "graded": graded, "marked": marked}])


def finish(db: Any, notebook: Any, answers: dict[str, str], made_of: str) -> None:
    """Record what was graded, and let marks stand that were given for the same answers; the caller commits.

    Parameters
    ----------
    db
        An open session or connection.
    notebook
        The submitted notebook with its grades: nbgrader's, or the rows of the bookkeeping.
    answers
        By cell, a digest of what a person saw who marked it.
    made_of
        What was graded.
    """
    known, notes = _known(db, [grade.id for grade in notebook.grades]), []
    for grade in notebook.grades:
        answer = _digest(answers.get(grade.name, ""), grade.max_score)
        _, marked = known.get(grade.id, (None, None))
        if grade.manual_score is not None and marked == answer:
            grade.needs_manual_grade = False
        notes.append({"id": grade.id, "graded": answer, "marked": marked})
    _note(db, notes)
    db.execute(delete(_GRADED).where(_GRADED.c.id == notebook.id))
    db.execute(insert(_GRADED).values(id=notebook.id, made_of=made_of))


def _known(db: Any, grades: list[str]) -> dict[str, tuple[str | None, str | None]]:
    """Return by grade what was graded last, and what a person's mark was given for."""
    found = select(_ANSWERS.c.id, _ANSWERS.c.graded, _ANSWERS.c.marked).where(_ANSWERS.c.id.in_(grades))
    return {id_: (graded, marked) for id_, graded, marked in db.execute(found)}


def _note(db: Any, notes: list[dict[str, str | None]]) -> None:
    if notes:
        db.execute(delete(_ANSWERS).where(_ANSWERS.c.id.in_([note["id"] for note in notes])))
        db.execute(insert(_ANSWERS), notes)


class Record(NbGraderPreprocessor):
    """The very last step: records what was graded, in the gradebook and in the graded notebook."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook with the description of what it was made from."""
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            names = (about["notebook"], about["assignment"], about["student"])
            self.settle(nb, resources, gradebook.find_submission_notebook(*names), gradebook.db)
            gradebook.db.commit()
        return nb, resources

    def settle(self, nb: NotebookNode, resources: dict, submitted: Any, db: Any) -> None:
        """Record what was graded; `submitted` and `db` are as in `finish`."""
        made_of = self.parent.parent.made_of[resources["nbgrader"]["student"]]
        finish(db, submitted, dict(_answers(nb, submitted, made_of)), made_of)
        nb.metadata["grading"]["made_of"] = made_of


def _answers(nb: NotebookNode, notebook: Any, made_of: str) -> Iterator[tuple[str, str]]:
    """Yield what a person saw who marked each grade cell: the text of an essay, else the whole submission."""
    cells = {cell.metadata.nbgrader["grade_id"]: cell for cell in nb.cells if is_grade(cell)}
    elsewhere = {*nb.metadata["grading"]["open"], *nb.metadata["grading"]["look"]}
    for grade in notebook.grades:
        cell = cells.get(grade.name)
        if cell and is_solution(cell) and grade.name not in elsewhere:
            yield grade.name, _digest(cell.source.split(), cell.get("attachments"))
        else:
            yield grade.name, _digest(made_of, grade.auto_score)


def description(gradebook: Gradebook, lesson: str, student: str, source: Path, version: Any) -> str:
    """Return what grading a submission begins with: its files, its due date, and `version`, the lesson's part in it."""
    try:
        due = gradebook.find_submission(lesson, student).duedate
    except MissingEntry:
        due = gradebook.find_assignment(lesson).duedate
    return _digest(list(_contents(source)), due, version)


def graded_from(notebook: Path) -> str | None:
    """Return the description that a graded notebook carries; None where its grading did not come to its end."""
    try:
        about = json.loads(read_bytes(notebook))["metadata"]["grading"]
        return about["made_of"] if about["finished"] is True else None
    except (UnreadableError, ValueError, KeyError, TypeError):
        return None


def waiting(gradebook: Gradebook, lesson: str) -> dict[str, list[str]]:
    """Return by student the cells of a lesson that wait for a person, for everyone of whom there are grades."""
    grades = (
        select(SubmittedAssignment.student_id, BaseCell.name, Grade.needs_manual_grade)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .where(Assignment.name == lesson)
    )
    found: dict[str, list[str]] = {}
    for student, name, waits in gradebook.db.execute(grades):
        found.setdefault(student, []).extend([name] if waits else [])
    return found


def marks(gradebook: Gradebook, lesson: str, student: str, graded: Path) -> str:
    """Return what a page of feedback is made from: the graded notebook, and every mark and comment.

    MissingEntry is raised where the gradebook knows no grades of it.
    """
    notebook = gradebook.find_submission_notebook(lesson, lesson, student)
    given = [
        (g.name, g.auto_score, g.manual_score, g.extra_credit, g.max_score, g.needs_manual_grade)
        for g in notebook.grades
    ]
    said = [(c.name, c.auto_comment, c.manual_comment) for c in notebook.comments]
    return _digest(_file(graded), sorted(given), sorted(said, key=str), notebook.late_submission_penalty)


def _contents(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield name and content of every file of a submission, whatever is in it, up to a number."""
    left, count = [folder], 0
    while left:
        here = left.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if (count := count + 1) > MOST_ENTRIES:
                return
            if entry.is_dir(follow_symlinks=False):
                left.append(Path(entry.path))
            else:
                yield os.path.relpath(entry.path, folder), _file(Path(entry.path))


def _file(path: Path) -> str:
    """Return a digest of a file: of its content, or for what is no notebook's size of when it was changed."""
    try:
        return hashlib.sha256(read_bytes(path, MOST_READ)).hexdigest()
    except UnreadableError as error:
        with contextlib.suppress(OSError):
            return f"{error} {path.lstat().st_mtime_ns}"
        return str(error)


def _digest(*facts: Any) -> str:
    return hashlib.sha256(repr(facts).encode(errors="surrogateescape")).hexdigest()
