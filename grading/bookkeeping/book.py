"""The gradebook as tables: what it knows of a lesson, asked once, and a submission read and written as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from nbgrader import api
from nbgrader.api import MissingEntry
from sqlalchemy import Connection, and_, bindparam, create_engine, func, insert, select, update
from sqlalchemy.pool import NullPool

_ASSIGNMENT, _NOTEBOOK, _CELL, _STUDENT, _SUBMISSION, _SUBMITTED, _GRADE, _COMMENT = (
    kind.__table__
    for kind in (
        *(api.Assignment, api.Notebook, api.BaseCell, api.Student),
        *(api.SubmittedAssignment, api.SubmittedNotebook, api.Grade, api.Comment),
    )
)
_GRADED, _TASK = api.GradeCell.__table__, api.TaskCell.__table__
GRADED, ANSWERED = ("GradeCell", "TaskCell"), ("SolutionCell", "TaskCell")


@dataclass
class GradeRow:
    """A grade, with the attributes of nbgrader's class that grading asks for."""

    id: str
    cell_id: str
    name: str
    max_score: float
    auto_score: float | None = None
    manual_score: float | None = None
    extra_credit: float | None = None
    needs_manual_grade: bool = True


@dataclass
class CommentRow:
    """A comment, with the attributes of nbgrader's class that grading asks for."""

    id: str
    cell_id: str
    name: str
    auto_comment: str | None = None


@dataclass
class SubmittedRows:
    """What the gradebook knows of a submission; `is_new` where nothing of it has been written yet."""

    id: str
    is_new: bool
    seconds_late: float
    grades: list[GradeRow] = field(default_factory=list)
    comments: list[CommentRow] = field(default_factory=list)
    late_submission_penalty: float | None = None


class Book:
    """The gradebook at an address, for the submissions of one lesson with one notebook of the same name."""

    def __init__(self, db_url: str, lesson: str) -> None:
        # A connection of its own for each submission: what is not kept open stands in nobody's way.
        self._engine = create_engine(db_url, poolclass=NullPool)
        with self._engine.connect() as db:
            rows = db.execute(
                select(_NOTEBOOK.c.id, _NOTEBOOK.c.name, _NOTEBOOK.c.kernelspec, _ASSIGNMENT.c.id)
                .join(_ASSIGNMENT, _ASSIGNMENT.c.id == _NOTEBOOK.c.assignment_id)
                .where(_ASSIGNMENT.c.name == lesson)
            ).all()
            self.has_one_notebook = [row.name for row in rows] == [lesson]
            if not self.has_one_notebook:
                return
            self._notebook, _, self.kernelspec, self._assignment = rows[0]
            self._cells = db.execute(
                select(
                    _CELL.c.id,
                    _CELL.c.name,
                    _CELL.c.type,
                    func.coalesce(_GRADED.c.max_score, _TASK.c.max_score, 0.0),
                )
                .outerjoin(_GRADED, _GRADED.c.id == _CELL.c.id)
                .outerjoin(_TASK, _TASK.c.id == _CELL.c.id)
                .where(_CELL.c.notebook_id == self._notebook)
            ).all()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Open the gradebook; all that is written is there when the block ends, or nothing."""
        with self._engine.begin() as db:
            yield db

    def knows(self, student: str) -> bool:
        """Tell whether the gradebook has a student."""
        with self._engine.connect() as db:
            return _is_known(db, student)

    def submitted(self, db: Connection, student: str, timestamp: datetime | None) -> SubmittedRows:
        """Return what is known of a student's submission; where there was nothing, the rows to be written.

        The time of the hand-in is noted where there is one.
        """
        lesson, found = self._assignment, self._found(db, student)
        if found is None:
            if not _is_known(db, student):
                db.execute(insert(_STUDENT).values(id=student))
            found = _Found(api.new_uuid(), None, None, None, self._duedate(db))
            about = {"id": found.id, "assignment_id": lesson, "student_id": student}
            db.execute(insert(_SUBMISSION).values(**about, timestamp=timestamp))
        elif timestamp:
            db.execute(update(_SUBMISSION).where(_SUBMISSION.c.id == found.id).values(timestamp=timestamp))
        rows = SubmittedRows(
            found.notebook or api.new_uuid(), found.notebook is None, found.seconds_late(timestamp)
        )
        if rows.is_new:
            db.execute(
                insert(_SUBMITTED).values(id=rows.id, assignment_id=found.id, notebook_id=self._notebook)
            )
            self._fill(rows)
        else:
            self._read(db, rows)
        return rows

    def _found(self, db: Connection, student: str) -> _Found | None:
        row = db.execute(
            select(
                _SUBMISSION.c.id,
                _SUBMITTED.c.id,
                _SUBMISSION.c.timestamp,
                _SUBMISSION.c.extension,
                _ASSIGNMENT.c.duedate,
            )
            .join(_ASSIGNMENT, _ASSIGNMENT.c.id == _SUBMISSION.c.assignment_id)
            .outerjoin(
                _SUBMITTED,
                and_(
                    _SUBMITTED.c.assignment_id == _SUBMISSION.c.id, _SUBMITTED.c.notebook_id == self._notebook
                ),
            )
            .where(_SUBMISSION.c.assignment_id == self._assignment, _SUBMISSION.c.student_id == student)
        ).first()
        return _Found(*row) if row else None

    def _duedate(self, db: Connection) -> datetime | None:
        return db.scalar(select(_ASSIGNMENT.c.duedate).where(_ASSIGNMENT.c.id == self._assignment))

    def _fill(self, rows: SubmittedRows) -> None:
        for cell, name, kind, max_score in self._cells:
            if kind in GRADED:
                rows.grades.append(GradeRow(api.new_uuid(), cell, name, max_score))
            if kind in ANSWERED:
                rows.comments.append(CommentRow(api.new_uuid(), cell, name))

    def _read(self, db: Connection, rows: SubmittedRows) -> None:
        known = {cell: (name, max_score) for cell, name, _, max_score in self._cells}
        columns = (
            _GRADE.c.auto_score,
            _GRADE.c.manual_score,
            _GRADE.c.extra_credit,
            _GRADE.c.needs_manual_grade,
        )
        found = select(_GRADE.c.id, _GRADE.c.cell_id, *columns).where(_GRADE.c.notebook_id == rows.id)
        rows.grades = [
            GradeRow(id_, cell, *known[cell], *given)
            for id_, cell, *given in db.execute(found)
            if cell in known
        ]
        said = select(_COMMENT.c.id, _COMMENT.c.cell_id, _COMMENT.c.auto_comment)
        rows.comments = [
            CommentRow(id_, cell, known[cell][0], text)
            for id_, cell, text in db.execute(said.where(_COMMENT.c.notebook_id == rows.id))
            if cell in known
        ]

    def write(self, db: Connection, rows: SubmittedRows) -> None:
        """Write what grading decides about: the automatic scores and comments, what waits, the penalty."""
        if rows.is_new:
            _insert(db, _GRADE, rows.grades, rows.id)
            _insert(db, _COMMENT, rows.comments, rows.id)
            rows.is_new = False
        else:
            _update(db, _GRADE, rows.grades, "auto_score", "needs_manual_grade")
            _update(db, _COMMENT, rows.comments, "auto_comment")
        penalty = {"late_submission_penalty": rows.late_submission_penalty}
        db.execute(update(_SUBMITTED).where(_SUBMITTED.c.id == rows.id).values(**penalty))

    def score(self, db: Connection, rows: SubmittedRows) -> float:
        """Return the score of a submission, as nbgrader sums it up."""
        return db.scalar(select(api.SubmittedNotebook.score).where(_SUBMITTED.c.id == rows.id))


@dataclass
class _Found:
    id: str
    notebook: str | None
    timestamp: datetime | None
    extension: timedelta | None
    duedate: datetime | None

    def seconds_late(self, timestamp: datetime | None) -> float:
        """Return what nbgrader's `SubmittedAssignment.total_seconds_late` is with a new time."""
        handed_in = timestamp or self.timestamp
        due = self.duedate if self.extension is None else self.duedate + self.extension
        return 0 if handed_in is None or due is None else max(0, (handed_in - due).total_seconds())


def by_name(rows: list[Any], name: str) -> Any:
    """Return the row of a cell."""
    for row in rows:
        if row.name == name:
            return row
    raise MissingEntry(f"The gradebook has no place for {name} in this submission")


def _is_known(db: Connection, student: str) -> bool:
    return db.execute(select(_STUDENT.c.id).where(_STUDENT.c.id == student)).first() is not None


def _insert(db: Connection, table: Any, rows: list[Any], notebook: str) -> None:
    values = [
        {k: v for k, v in asdict(row).items() if k in table.c} | {"notebook_id": notebook} for row in rows
    ]
    if values:
        db.execute(insert(table), values)


def _update(db: Connection, table: Any, rows: list[Any], *names: str) -> None:
    values = [{"row": row.id} | {name: getattr(row, name) for name in names} for row in rows]
    if values:
        db.execute(update(table).where(table.c.id == bindparam("row")), values)
