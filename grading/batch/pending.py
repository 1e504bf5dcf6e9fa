"""Which submissions are still to be graded: the gradebook is asked, not the age of a file."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde

from grading.intake import versions
from grading.intake.released import Released
from grading.records import Records, description, graded_from


def lesson_version(lesson: Any, released: Released, numerical_only: str) -> tuple:
    """Return the lesson's part in a grading: the cells as the gradebook knows them, the exercises, the policy."""
    cells = sorted((cell.name, cell.points, cell.checksum) for cell in released.cells)
    return cells, [(e.id, versions.mark(e)) for e in lesson.exercises], numerical_only


def pending(converter: Autograde, found: dict[str, Path], version: tuple) -> dict[str, Path]:
    """Return those of the submissions `found` that are to be graded, and note what each is graded from."""
    lesson, left = converter.batch.lesson.id, {}
    converter.made_of, converter.done = {}, []
    course = converter.coursedir
    with Gradebook(course.db_url, course.course_id) as gradebook:
        records = Records(gradebook)
        for student, source in found.items():
            made_of = description(gradebook, lesson, student, source, version)
            folder = Path(converter._format_dest(lesson, student))
            graded = graded_from(folder / f"{lesson}.ipynb")
            if graded == made_of and not converter.force and records.is_done(lesson, student, made_of):
                converter.log.info("Skipping existing assignment: %s", folder)
                converter.done.append(student)
                continue
            _tell(converter, student, folder, graded)
            records.begin(lesson, student)
            converter.made_of[student], left[student] = made_of, source
    return left


def _tell(converter: Autograde, student: str, folder: Path, graded: str | None) -> None:
    if folder.exists() and graded is None:
        converter.log.warning("Grading of %r was interrupted; it is done again", student)
        shutil.rmtree(folder)
    elif folder.exists() and not converter.force:
        converter.log.info(
            "%r is graded again: the gradebook does not hold the grades of this submission with the lesson, points "
            "and due date of today",
            student,
        )
