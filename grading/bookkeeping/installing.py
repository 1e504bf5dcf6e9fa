"""Puts the bookkeeping in one go into the place of `Autograde`'s, wherever it gives the same."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import find_all_files

from grading.bookkeeping.book import Book
from grading.bookkeeping.steps import Steps

_begin, _convert = Autograde.init_assignment, Autograde.convert_single_notebook
_wanted: list[type[NbGraderPreprocessor]] = []


def configure(steps: list[type[NbGraderPreprocessor]]) -> None:
    """Do in one go what is done by `steps`; by any others, an instructor's, nbgrader goes one after the other."""
    _wanted[:] = steps
    Autograde.init_assignment = _init_assignment
    Autograde.convert_single_notebook = _convert_single_notebook


def _steps_of(converter: Autograde) -> Steps | None:
    """Return the steps of a converter, if they may be done in one go; it is asked with its first submission."""
    if not hasattr(converter, "steps"):
        batch, steps = converter.batch, None
        if [*converter.sanitize_preprocessors, *converter.autograde_preprocessors] == _wanted:
            batch.book = getattr(batch, "book", None) or Book(converter.coursedir.db_url, batch.lesson.id)
            steps = Steps(converter, batch.book)
        converter.steps = steps if steps and steps.are_plain() else None
    return converter.steps


def _init_assignment(converter: Autograde, assignment: str, student: str) -> None:
    """Stand in the place of nbgrader's method: copy the files, and leave what the gradebook is told to the end."""
    if not _steps_of(converter):
        _begin(converter, assignment, student)
        return
    BaseConverter.init_assignment(converter, assignment, student)
    if not converter.create_student and not converter.batch.book.knows(student):
        message = f"No student with ID '{student}' exists in the database"
        converter.log.error(message)
        raise NbGraderException(message)
    _copy_from_source(converter, assignment, student)


def _copy_from_source(converter: Autograde, assignment: str, student: str) -> None:
    """Put the lesson's own files in the place of a student's, as nbgrader does."""
    course = converter.coursedir
    source = course.format_path(course.source_directory, ".", assignment)
    kept = {os.path.join(source, name) for name in converter.exclude_overwriting.get(assignment, [])}
    for file in {*find_all_files(source, [*course.ignore, "*.ipynb"])} - kept:
        copy = Path(converter._format_dest(assignment, student), os.path.relpath(file, source))
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.unlink(missing_ok=True)
        converter.log.info("Copying %s -> %s", file, copy)
        shutil.copy(file, copy)


def _convert_single_notebook(converter: Autograde, notebook: str) -> None:
    """Stand in the place of nbgrader's method."""
    if steps := _steps_of(converter):
        steps.convert(notebook)
    else:
        _convert(converter, notebook)
