"""Reads what a class has handed in and how it was graded: the gradebook, and the records in the graded notebooks."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from nbgrader import api
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import select

from course_lib.exercises import EssayExercise, Lesson
from grading.bounded import MB, BoundedError, Budget, run
from grading.intake.reading import UnreadableError, cells_of, read_bytes
from grading.lessons import LESSONS
from grading.report.forms import forms
from grading.report.submissions import ALL_SIGNS, Grade, LessonOfClass, Submission, answer_of

# So many submissions are read by one child; where that fails, each by a child of its own.
AT_ONCE = 40
BUDGET = Budget(memory=448 * MB, seconds=60.0, cpu=30, answer=32 * MB)
GRADED = "finished"


class Late(NamedTuple):
    """How late a submission was, and what that cost."""

    seconds: float
    penalty: float


class Graded(NamedTuple):
    """What a graded notebook holds: the record of its grading, and its code by exercise."""

    record: dict[str, Any]
    code: dict[str, str]


def lessons_of(course: CourseDirectory) -> list[str]:
    """Return the lessons for which something was handed in."""
    return [lesson for lesson in LESSONS if _handed_in(course, lesson)]


def read(course: CourseDirectory, lesson: Lesson) -> LessonOfClass:
    """Return what a class handed in for a lesson, as far as it is graded."""
    with api.Gradebook(course.db_url, course.course_id) as gradebook:
        grades, late = _grades(gradebook, lesson.id), _late(gradebook, lesson.id)
    graded = {student: found for student in sorted(grades) if (found := _graded(course, lesson.id, student))}
    told = [
        _submission(lesson, student, found.record, grades[student], late.get(student, Late(0.0, 0.0)))
        for student, found in graded.items()
    ]
    read_forms = _forms([found.code for found in graded.values()])
    submissions = [replace(one, forms=its) for one, its in zip(told, read_forms, strict=True)]
    return LessonOfClass(lesson, len(_handed_in(course, lesson.id) | graded.keys()), tuple(submissions))


def known_forms(course: CourseDirectory, lesson: str) -> dict[str, frozenset[str]]:
    """Return the forms that everybody was given: those of the released lesson, and of its public solutions."""
    known: dict[str, frozenset[str]] = defaultdict(frozenset)
    for folder in (course.release_directory, course.source_directory):
        try:
            cells = cells_of(
                read_bytes(Path(course.format_path(folder, ".", lesson), f"{lesson}.ipynb"))
            ).cells
        except UnreadableError:
            continue
        code = _code((cell["mark"], cell["source"]) for cell in cells if cell["cell_type"] == "code")
        for exercise, found in _forms([code])[0].items():
            known[exercise] |= found
    return dict(known)


def _handed_in(course: CourseDirectory, lesson: str) -> set[str]:
    pattern = Path(course.format_path(course.submitted_directory, "*", lesson))
    return {folder.parent.name for folder in pattern.parent.parent.glob(f"*/{lesson}") if folder.is_dir()}


def _grades(gradebook: api.Gradebook, lesson: str) -> dict[str, dict[str, Grade]]:
    """Return the marks of everyone, by student and exercise."""
    columns = (
        api.Grade.auto_score,
        api.Grade.manual_score,
        api.Grade.extra_credit,
        api.Grade.needs_manual_grade,
    )
    query = _of_lesson(select(api.Student.id, api.BaseCell.name, *columns), lesson)
    query = query.join(api.Grade, api.Grade.notebook_id == api.SubmittedNotebook.id)
    found: dict[str, dict[str, Grade]] = defaultdict(dict)
    for student, cell, auto, manual, extra, waits in gradebook.db.execute(
        query.join(api.BaseCell, api.BaseCell.id == api.Grade.cell_id)
    ):
        found[student][cell.removesuffix("_check")] = Grade(auto, manual, extra or 0.0, bool(waits))
    return found


def _late(gradebook: api.Gradebook, lesson: str) -> dict[str, Late]:
    columns = (api.Student.id, api.SubmittedNotebook.late_submission_penalty, api.SubmittedAssignment)
    found = gradebook.db.execute(_of_lesson(select(*columns), lesson))
    return {
        student: Late(float(submitted.total_seconds_late), penalty or 0.0)
        for student, penalty, submitted in found
    }


def _of_lesson(query: Any, lesson: str) -> Any:
    query = query.select_from(api.SubmittedNotebook)
    query = query.join(
        api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id
    )
    query = query.join(api.Student, api.Student.id == api.SubmittedAssignment.student_id)
    return query.join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id).where(
        api.Assignment.name == lesson
    )


def _graded(course: CourseDirectory, lesson: str, student: str) -> Graded | None:
    """Return what a graded notebook holds; None while it is being graded, or graded again."""
    folder = course.format_path(course.autograded_directory, student, lesson)
    try:
        notebook = json.loads(read_bytes(Path(folder, f"{lesson}.ipynb")))
        record = notebook["metadata"]["grading"]
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        marked = [(cell["metadata"].get("nbgrader", {}).get("grade_id"), cell["source"]) for cell in code]
        return Graded(record, _code(marked)) if record.get(GRADED) else None
    except (UnreadableError, ValueError, KeyError, TypeError):
        return None


def _code(cells: Iterator[tuple[str | None, str]] | Sequence[tuple[str | None, str]]) -> dict[str, str]:
    code: dict[str, str] = {}
    for name, source in cells:
        source = "".join(source)
        code[name or ""] = f"{code[name or '']}\n{source}" if (name or "") in code else source
    return code


def _submission(
    lesson: Lesson, student: str, record: Mapping[str, Any], grades: Mapping[str, Grade], late: Late
) -> Submission:
    verdicts = record.get("verdicts", {})
    if {e.id for e in lesson.exercises if e.points} <= {*record.get("open", ())}:
        verdicts = {}  # nothing could be read, so nothing is known of what has no points either
    answers = {
        e.id: answer_of(e, verdicts.get(e.id, {}), grades.get(e.id), isinstance(e, EssayExercise))
        for e in lesson.exercises
        if e.id in grades or not e.points
    }
    return Submission(
        student=student,
        answers=answers,
        signs=ALL_SIGNS & frozenset(record.get("signs", ())),
        name=str(record.get("name", "")),
        penalty=late.penalty,
        seconds_late=late.seconds,
        has_grounds="signs" in record,
    )


def _forms(told: list[dict[str, str]]) -> list[dict[str, frozenset[str]]]:
    """Return the forms of the code of each submission; none of one that cannot be read within the limits."""
    found: list[dict[str, list[str]]] = []
    for begin in range(0, len(told), AT_ONCE):
        some = told[begin : begin + AT_ONCE]
        try:
            found += run(forms, json.dumps(some).encode(), BUDGET)
        except BoundedError:
            found += [_forms_of_one(one) for one in some]
    return [{exercise: frozenset(each) for exercise, each in one.items()} for one in found]


def _forms_of_one(told: dict[str, str]) -> dict[str, list[str]]:
    try:
        return run(forms, json.dumps([told]).encode(), BUDGET)[0]
    except BoundedError:
        return {}
