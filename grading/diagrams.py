"""The picture of what was answered in a diagram, for the feedback: drawn outside, from the answers alone."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from course_lib.answers import NAME, SavedAnswers
from course_lib.answers.file import save
from course_lib.exercises import Exercise
from grading.scratch import Scratch


@contextlib.contextmanager
def beside(book: SavedAnswers) -> Iterator[None]:
    """Be, inside a ``with`` block, in a folder made for it, with a copy of the file that diagrams read."""
    before = os.getcwd()
    with Scratch() as folder, contextlib.ExitStack() as stack:
        save(Path(folder) / NAME, book.answers, SavedAnswers(), "")
        os.chdir(folder)
        stack.callback(os.chdir, before)
        yield


def figure(exercise: Exercise) -> str:
    """Return what the lesson's own diagram shows where there are no widgets, as HTML; call it `beside` the answers."""
    from course_lib.widgets import diagram

    made = diagram(exercise.id)
    try:
        return made.static_html()
    finally:
        made.close()
