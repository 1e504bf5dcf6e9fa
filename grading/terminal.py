"""What a person sees of nbgrader's commands: a summary at the end, one line at Ctrl-C, no warnings of others."""

import json
import sys
import time
import warnings
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from sqlalchemy.exc import SAWarning

from course_lib.exercises import EXERCISES, EssayExercise

STOPPED = "Stopped by Ctrl-C. What was finished is kept; run the same command again to go on."
# Longer lists say how many there are.
MOST_LINES = 20


class Submitted(NamedTuple):
    """How one submission stands after the run."""

    student: str
    graded: bool
    finished: bool
    notes: list[str]
    waiting: list[str]


def tidy() -> None:
    """Make nbgrader's commands say what matters; nbgrader has no setting for any of it."""
    # nbgrader 0.9.6 adds new submissions to the gradebook in an order about which SQLAlchemy 2 warns; nothing is lost.
    warnings.filterwarnings(
        "ignore",
        r"Object of type <Submitted(Assignment|Notebook)> not in session, add operation along "
        r"'(Student|Assignment|Notebook)\.submissions' will not proceed",
        SAWarning,
    )
    if sys.excepthook is not _one_line:
        _one_line.otherwise = sys.excepthook
        sys.excepthook = _one_line
    Autograde.convert_notebooks = _convert_and_sum_up


def _one_line(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        print(f"\n{STOPPED}", file=sys.stderr)
    else:
        _one_line.otherwise(kind, error, trace)


def _convert_and_sum_up(converter: Autograde) -> None:
    begun = time.time() - 1  # a file system's clock may be a little behind
    try:
        BaseConverter.convert_notebooks(converter)
    except NbGraderException:
        _sum_up(converter, begun)
        raise
    _sum_up(converter, begun)


def _sum_up(converter: Autograde, begun: float) -> None:
    for line in summary(_submitted(converter, begun)):
        converter.log.info(line)


def summary(submissions: list[Submitted]) -> list[str]:
    """Return the lines that say how a class stands after grading it, and whom a person is to look at."""
    graded = sum(s.graded and s.finished for s in submissions)
    skipped = sum(s.finished and not s.graded for s in submissions)
    failed = [s.student for s in submissions if not s.finished]
    lines = [f"Graded: {graded}. Graded before and not changed: {skipped}. Failed: {len(failed)}."]
    lines += [f"Failed: {', '.join(failed)}"] if failed else []
    essays = Counter(name for s in submissions for name in s.waiting if _is_essay(name))
    lines += [f"To be marked by a person: {name}, {count} times." for name, count in sorted(essays.items())]
    lines += _listed(
        "To be looked at by a person",
        [(s.student, ", ".join(n for n in s.waiting if not _is_essay(n))) for s in submissions],
    )
    return lines + _listed(
        "Out of the ordinary", [(s.student, " ".join(s.notes[:2])[:200]) for s in submissions]
    )


def _listed(title: str, found: list[tuple[str, str]]) -> list[str]:
    rows = [f"  {student}: {what}" for student, what in found if what]
    if not rows:
        return []
    rest = [f"  and {len(rows) - MOST_LINES} more"] if len(rows) > MOST_LINES else []
    return [f"{title}:", *rows[:MOST_LINES], *rest]


def _is_essay(name: str) -> bool:
    return isinstance(EXERCISES.get(name), EssayExercise)


def _submitted(converter: Autograde, begun: float) -> list[Submitted]:
    lesson, course = converter.batch.lesson.id, converter.coursedir
    with Gradebook(course.db_url, course.course_id) as gradebook:
        done = [
            _one(Path(converter._format_dest(lesson, student)), lesson, gradebook, None)
            for student in converter.done
        ]
        asked_for = [
            _one(Path(converter._format_dest(lesson, student)), lesson, gradebook, begun)
            for student in converter.made_of
        ]
    return sorted(done + asked_for)


def _one(folder: Path, lesson: str, gradebook: Gradebook, begun: float | None) -> Submitted:
    """Tell how one submission stands; where it was to be graded, a notebook from before `begun` does not count."""
    student, notebook = folder.parent.name, folder / f"{lesson}.ipynb"
    try:
        about: dict[str, Any] = json.loads(notebook.read_bytes())["metadata"]["grading"]
        grades = gradebook.find_submission_notebook(lesson, lesson, student).grades
    except (OSError, ValueError, KeyError, MissingEntry):
        return Submitted(student, False, False, [], [])
    waiting = sorted(g.name.removesuffix("_check") for g in grades if g.needs_manual_grade)
    new = begun is None or notebook.stat().st_mtime >= begun
    finished = new and about.get("finished", False)
    return Submitted(student, begun is not None, finished, about.get("notes", []), waiting)
