"""Answers given in a diagram: saved at once in answers.json beside the notebook.

nbgrader discards the state of widgets, so such an answer needs a file. It is written in one step and read
tolerantly, and a file that cannot be read completely is copied before the first write, never just overwritten.
"""

from course_lib.answers.file import NAME, SavedAnswers
from course_lib.answers.store import folder, load, place, read, valid, watch, write, writes_file

__all__ = [
    "NAME",
    "SavedAnswers",
    "folder",
    "load",
    "place",
    "read",
    "valid",
    "watch",
    "write",
    "writes_file",
]
