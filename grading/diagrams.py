"""The picture of what was answered in a diagram, for the feedback: drawn outside, from the answers alone."""

import contextlib
import os
from pathlib import Path

from course_lib.answers import NAME, SavedAnswers
from course_lib.answers.file import save
from course_lib.exercises import Exercise
from grading.scratch import Scratch


def figure(exercise: Exercise, book: SavedAnswers) -> str:
    """Return what the lesson's own diagram shows where there are no widgets, as HTML.

    The diagram reads the file beside it, so it is shown a copy, in a folder made for it.
    """
    from course_lib.widgets import diagram

    before = os.getcwd()
    with Scratch() as folder, contextlib.ExitStack() as stack:
        save(Path(folder) / NAME, book.answers, SavedAnswers(), exercise.lesson)
        os.chdir(folder)
        stack.callback(os.chdir, before)
        made = diagram(exercise.id)
        stack.callback(made.close)
        return made.static_html()
