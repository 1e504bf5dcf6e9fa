"""``python -m grading report``: a page and tables of what a class knows, made from what is graded so far."""

from __future__ import annotations

import random
import secrets
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from course_lib.files import replacing
from grading.here import NoCourseError, configured
from grading.lessons import LESSONS
from grading.report.facts import Facts, Names, facts_of
from grading.report.page import page
from grading.report.tables import tables_of

PAGE = "index.html"


class ReportError(Exception):
    """Raised where no report can be made; says why, and what to do."""


def run(lessons: Sequence[str], out: Path, *, names: bool) -> int:
    """Write a report into the folder `out`, say what is in it, and return the exit status."""
    try:
        facts = _facts(lessons)
        write(facts, out, names=names)
    except (ReportError, NoCourseError) as error:
        print(error, file=sys.stderr)
        return 2
    print(*_summary(facts), f"The page: {out / PAGE}", sep="\n")
    return 0


def write(facts: Sequence[Facts], out: Path, *, names: bool, rng: random.Random | None = None) -> None:
    """Write the page and the tables; `rng` decides who is which number where there are no names."""
    students = {submission.student for one in facts for submission in one.told.submissions}
    called = Names(students, shown=names, rng=rng or secrets.SystemRandom())
    made = {PAGE: page(facts, called, datetime.now()), **tables_of(facts, called)}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            with replacing(out / name) as path:
                path.write_bytes(content.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise ReportError(
            f"The report cannot be written: {error}. Give another folder with --out."
        ) from error


def _facts(lessons: Sequence[str]) -> list[Facts]:
    unknown = [lesson for lesson in lessons if lesson not in LESSONS]
    if unknown:
        raise ReportError(f"There is no lesson {unknown[0]!r}; there are: {', '.join(LESSONS)}.")
    course = configured().coursedir
    from grading.report import reading

    chosen = lessons or reading.lessons_of(course)
    if not chosen:
        raise ReportError(
            f"Nothing was handed in: {course.submitted_directory} has no submission of any lesson."
        )
    told = [reading.read(course, LESSONS[lesson]) for lesson in chosen]
    graded = [one for one in told if one.submissions]
    if not graded:
        counts = ", ".join(f"{one.lesson.id}: {one.handed_in} handed in" for one in told)
        raise ReportError(
            f"Nothing is graded yet ({counts}). Run `python -m grading autograde {told[0].lesson.id}` first."
        )
    return [facts_of(one, reading.known_forms(course, one.lesson.id)) for one in graded]


def _summary(facts: Sequence[Facts]) -> list[str]:
    return [
        f"{one.told.lesson.id}: {len(one.told.submissions)} of {one.told.handed_in} graded, "
        f"{len(one.to_look_at)} to look at, {one.essays_to_mark} essays to mark"
        for one in facts
    ]
