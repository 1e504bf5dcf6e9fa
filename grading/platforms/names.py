"""What the names of the files in a download say: whose a file is, how its author called it, whether it was late.

Moodle: ``Anna Muster_4711_assignsubmission_file/name.ipynb`` (``_file_`` before Moodle 4), or, not in folders,
``Anna Muster_4711_assignsubmission_file_name.ipynb``. Canvas: ``musteranna_LATE_815_99001_name.ipynb``, with the number
of the student and of the upload.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from grading.platforms.roster import Owner, Platform

MOODLE = r"(?P<name>.+?)(?:_(?P<number>\d+))?_assignsubmission_(?P<kind>[a-z]+)"
MOODLE_FOLDER, MOODLE_FILE = re.compile(f"{MOODLE}_?"), re.compile(f"{MOODLE}_(?P<file>.+)")
CANVAS = re.compile(
    r"(?P<name>.+?)(?P<late>_late)?_(?P<number>\d+)_(?P<upload>\d+)_(?P<file>.+)", re.IGNORECASE
)
# What was typed into Canvas, and what was handed in where Canvas hides the names.
CANVAS_TYPED = re.compile(r"(?P<name>.+?)(?P<late>_late)?_(?P<number>\d+)_(text|link)\.html", re.IGNORECASE)
CANVAS_HIDDEN = re.compile(r"(?:late_)?anon_\w+?_\d+_.+", re.IGNORECASE)
# Canvas calls a file that was uploaded again X-1.ipynb, and the next one X-2.ipynb.
AGAIN = re.compile(r"(?P<stem>.+)-\d+(?P<suffix>\.\w+)")


class Named(NamedTuple):
    """What the name of a file says; `upload` grows with every file that is uploaded; `why` it cannot be taken."""

    owner: Owner | None = None
    file: str = ""
    late: bool = False
    upload: int = 0
    why: str = ""


def _moodle(parts: Sequence[str]) -> Named | None:
    """Read a name in Moodle's form: the first of its parts that has that form says whose it is."""
    for position, part in enumerate(parts, 1):
        found = (MOODLE_FOLDER if position < len(parts) else MOODLE_FILE).fullmatch(part)
        if not found:
            continue
        owner = Owner(Platform.MOODLE, found["name"], found["number"] or "")
        if found["kind"] != "file":
            return Named(owner, why="was typed into Moodle and is no file")
        return Named(owner, found.groupdict().get("file", parts[-1]))
    return None


def _canvas(parts: Sequence[str]) -> Named | None:
    """Read a name in Canvas's form, whatever folders it lies in: Canvas makes none."""
    if CANVAS_HIDDEN.fullmatch(parts[-1]):
        return Named(
            why="hides whose it is: the assignment is anonymous in Canvas. Show the names there first"
        )
    if typed := CANVAS_TYPED.fullmatch(parts[-1]):
        owner = Owner(Platform.CANVAS, typed["name"], typed["number"])
        return Named(owner, late=bool(typed["late"]), why="was typed into Canvas and is no file")
    if found := CANVAS.fullmatch(parts[-1]):
        owner = Owner(Platform.CANVAS, found["name"], found["number"])
        return Named(owner, found["file"], bool(found["late"]), int(found["upload"][:18]))
    return None


READ: dict[Platform, Callable[[Sequence[str]], Named | None]] = {
    Platform.MOODLE: _moodle,
    Platform.CANVAS: _canvas,
}


def platform_of(names: Sequence[Sequence[str]]) -> Platform | None:
    """Return whose form most of the names have, each given by its parts; None where none has any."""
    counts = {platform: sum(read(parts) is not None for parts in names) for platform, read in READ.items()}
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] else None


def without_number(name: str) -> str:
    """Return the name that a file had before Canvas numbered it; the same name where it has no number."""
    found = AGAIN.fullmatch(name)
    return found["stem"] + found["suffix"] if found else name
