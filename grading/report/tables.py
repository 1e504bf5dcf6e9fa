"""The tables of a report as CSV, for a spreadsheet: no cell of theirs is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from course_lib.mistakes import MISTAKES
from grading.report.facts import Facts, Names
from grading.report.submissions import State
from grading.spreadsheets import harmless

TOTAL = "total"
SCORES = (
    *("lesson", "student", "exercise", "points", "max_points", "state", "mistakes"),
    *("hours_late", "late_penalty"),
)
EXERCISES = (
    *("lesson", "exercise", "title", "max_points", "mean_share", "discrimination"),
    *(f"students_{state.name.lower()}" for state in State),
    "students_who_answered_nothing_after_it",
)
MISTAKES_MADE = ("lesson", "mistake", "meaning", "students", "of_them_perhaps_another", "share", "exercises")
LOOKS = ("lesson", "student", "reason", "exercises", "beside")


def csv_of(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table as CSV; None is an empty cell, a number has six digits."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)  # its lines end in \r\n, or a \r in a cell would not be quoted
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return buffer.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    return harmless(value) if isinstance(value, str) else value


def tables_of(facts: Sequence[Facts], names: Names) -> dict[str, str]:
    """Return every table of a report by the name of its file."""
    return {
        "scores.csv": csv_of(SCORES, (row for one in facts for row in _scores(one, names))),
        "exercises.csv": csv_of(EXERCISES, (row for one in facts for row in _exercises(one))),
        "mistakes.csv": csv_of(MISTAKES_MADE, (row for one in facts for row in _mistakes(one))),
        "look.csv": csv_of(LOOKS, (row for one in facts for row in _looks(one, names))),
    }


def _scores(facts: Facts, names: Names) -> Iterator[tuple]:
    for submission in facts.told.submissions:
        about = facts.told.lesson.id, names(submission.student)
        for exercise in facts.told.lesson.exercises:
            if answer := submission.answers.get(exercise.id):
                made = " ".join(answer.mistakes)
                yield (
                    *about,
                    exercise.id,
                    answer.points,
                    exercise.points,
                    answer.state.value,
                    made,
                    None,
                    None,
                )
        late = submission.seconds_late / 3600
        yield *about, TOTAL, submission.points, facts.told.lesson.points, None, None, late, submission.penalty


def _exercises(facts: Facts) -> Iterator[tuple]:
    for one in facts.exercises:
        exercise, counts = one.exercise, (len(one.students[state]) for state in State)
        about = exercise.lesson, exercise.id, exercise.title, exercise.points
        yield *about, one.mean_share, one.discrimination, *counts, one.last


def _mistakes(facts: Facts) -> Iterator[tuple]:
    graded = len(facts.told.submissions)
    for one in facts.mistakes:
        about = facts.told.lesson.id, one.id, MISTAKES[one.id].done
        yield *about, one.count, len(one.maybe), one.count / graded, " ".join(one.exercises)


def _looks(facts: Facts, names: Names) -> Iterator[tuple]:
    for look in facts.looks:
        yield (
            facts.told.lesson.id,
            names(look.student),
            look.reason.value,
            " ".join(look.exercises),
            ", ".join(map(names, look.others)),
        )
