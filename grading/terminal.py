"""What a person sees of nbgrader's commands: a summary at the end, one line at Ctrl-C, no warnings of others."""

import json
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from sqlalchemy.exc import SAWarning

from course_lib.exercises import EXERCISES, EssayExercise
from grading.lessons import exercises_of
from grading.records import waiting as waiting_of

STOPPED = "Stopped by Ctrl-C. What was finished is kept; run the same command again to go on."
# Longer lists say how many there are.
MOST_LINES = 20
# In ten lines there is room for two names below a title, and for what a terminal is wide.
MOST_IN_TEN, MOST_SIGNS = 2, 150


class Submitted(NamedTuple):
    """How one submission stands after the run."""

    student: str
    graded: bool
    finished: bool
    notes: list[str]
    waiting: list[str]
    lesson: str = ""  # where its exercises are not those of the course

    @property
    def essays(self) -> list[str]:
        """What waits, and is marked by a person in any case."""
        known = exercises_of(self.lesson) if self.lesson else EXERCISES
        return [name for name in self.waiting if isinstance(known.get(name), EssayExercise)]


class NotBegunError(NbGraderException):
    """Raised where no submission was begun, so that there is nothing to sum up."""


def tidy(convert: Callable[[Autograde], None] = BaseConverter.convert_notebooks) -> None:
    """Make nbgrader's commands say what matters; nbgrader has no setting for any of it.

    `convert` grades the submissions that a command has taken in.
    """
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
    Autograde.convert_notebooks = lambda converter: _convert_and_sum_up(converter, convert)


def _one_line(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        print(f"\n{STOPPED}", file=sys.stderr)
    else:
        _one_line.otherwise(kind, error, trace)


def _convert_and_sum_up(converter: Autograde, convert: Callable[[Autograde], None]) -> None:
    begun = time.time() - 1  # a file system's clock may be a little behind
    try:
        convert(converter)
    except NotBegunError:
        raise
    except NbGraderException:
        _sum_up(converter, begun)
        raise
    _sum_up(converter, begun)


def _sum_up(converter: Autograde, begun: float) -> None:
    submissions = _submitted(converter, begun)
    if converter.batch.settings.progress:
        print(*in_ten_lines(submissions, time.time() - begun, converter.batch.logs), sep="\n", flush=True)
        return
    for line in summary(submissions):
        converter.log.info(line)


def summary(submissions: list[Submitted]) -> list[str]:
    """Return the lines that say how a class stands after grading it, and whom a person is to look at."""
    failed = [s.student for s in submissions if not s.finished]
    lines = [_counts(submissions)]
    lines += [f"Failed: {', '.join(failed)}"] if failed else []
    lines += [f"To be marked by a person: {name}, {count} times." for name, count in _essays(submissions)]
    lines += _listed("To be looked at by a person", [(s.student, _looked_at(s)) for s in submissions])
    return lines + _listed(
        "Out of the ordinary", [(s.student, " ".join(s.notes[:2])[:200]) for s in submissions]
    )


def in_ten_lines(submissions: list[Submitted], seconds: float, logs: Path) -> list[str]:
    """Return at most ten lines that say how a class stands, how long it took, and whom a person is to look at, and why.

    What there is no room for stands in the folder `logs`.
    """
    graded = sum(s.graded and s.finished for s in submissions)
    each = f", {seconds / graded:.2g} s a submission" if graded else ""
    lines = [_counts(submissions), f"Time: {timedelta(seconds=round(seconds))}{each}."]
    lines += _named("Failed", [s.student for s in submissions if not s.finished])
    lines += _named("Mended, or out of the ordinary", [s.student for s in submissions if s.notes])
    essays = "; ".join(f"{name}, {count} times" for name, count in _essays(submissions))
    lines += [f"To be marked by a person: {essays}."] if essays else []
    look = [(s.student, f"{_looked_at(s)} {' '.join(s.notes)}") for s in submissions if _looked_at(s)]
    lines += _listed("To be looked at by a person", [(who, _cut(why)) for who, why in look], MOST_IN_TEN)
    return [*lines, f"What was said about each submission: {logs}"]


def _counts(submissions: list[Submitted]) -> str:
    graded = sum(s.graded and s.finished for s in submissions)
    skipped = sum(s.finished and not s.graded for s in submissions)
    failed = sum(not s.finished for s in submissions)
    return f"Graded: {graded}. Graded before and not changed: {skipped}. Failed: {failed}."


def _essays(submissions: list[Submitted]) -> list[tuple[str, int]]:
    return sorted(Counter(name for s in submissions for name in s.essays).items())


def _looked_at(submitted: Submitted) -> str:
    return ", ".join(name for name in submitted.waiting if name not in submitted.essays)


def _named(title: str, students: list[str]) -> list[str]:
    return [_cut(f"{title}: {len(students)} ({', '.join(students)})")] if students else []


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SIGNS else f"{text[: MOST_SIGNS - 4].rstrip()} ..."


def _listed(title: str, found: list[tuple[str, str]], most: int = MOST_LINES) -> list[str]:
    rows = [f"  {student}: {what}" for student, what in found if what]
    if not rows:
        return []
    rest = [f"  and {len(rows) - most} more"] if len(rows) > most else []
    return [f"{title}:", *rows[:most], *rest]


def _submitted(converter: Autograde, begun: float) -> list[Submitted]:
    lesson, course = converter.batch.lesson.id, converter.coursedir
    with Gradebook(course.db_url, course.course_id) as gradebook:
        waiting = waiting_of(gradebook, lesson)
    found = [(student, None) for student in converter.done] + [
        (student, begun) for student in converter.made_of
    ]
    return sorted(
        _one(Path(converter._format_dest(lesson, student)), lesson, waiting.get(student), since)
        for student, since in found
    )


def _one(folder: Path, lesson: str, waiting: list[str] | None, begun: float | None) -> Submitted:
    """Tell how one submission stands; where it was to be graded, a notebook from before `begun` does not count."""
    student, notebook = folder.parent.name, folder / f"{lesson}.ipynb"
    try:
        about: dict[str, Any] = json.loads(notebook.read_bytes())["metadata"]["grading"]
    except (OSError, ValueError, KeyError):
        waiting = None
    if waiting is None:
        return Submitted(student, False, False, [], [])
    new = begun is None or notebook.stat().st_mtime >= begun
    finished = new and about.get("finished", False)
    names = sorted(name.removesuffix("_check") for name in waiting)
    return Submitted(student, begun is not None, finished, about.get("notes", []), names)
