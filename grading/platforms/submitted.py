"""The folders of submissions, in nbgrader's layout: written in one step, and nothing in them ever lost."""

import itertools
import os
import shutil
from enum import Enum
from pathlib import Path

from course_lib.files import replacing
from grading.intake.admit import MOST_COPIED
from grading.intake.reading import UnreadableError, read_bytes

TIMESTAMP = "timestamp.txt"
# Beside the lessons of a student: what `--replace` took out of the way.
REPLACED = ".replaced"


class Became(Enum):
    """What became of a hand-in."""

    IMPORTED = "imported"
    UNCHANGED = "unchanged"
    DATED = "unchanged but for the time, which is known now"
    KEPT = "kept what was there"
    REPLACED = "replaced what was there"


def put(folder: Path, files: dict[str, bytes], *, replace: bool) -> Became:
    """Put the files of a submission into `folder`, unless others are there; with `replace` those are moved aside.

    Raises
    ------
    OSError
        If it cannot be written; then what was there is as it was.
    """
    if _holds(folder, files):
        return Became.UNCHANGED if _is_dated(folder, files) else Became.DATED
    there = folder.is_symlink() or folder.exists()
    if there and not replace:
        return Became.KEPT
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = folder.with_name(f".{folder.name}.{os.getpid()}.half")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir()
        for name, content in files.items():
            (partial / name).write_bytes(content)
        if there:
            os.rename(folder, _free(folder.parent / REPLACED, folder.name))
        os.rename(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Became.REPLACED if there else Became.IMPORTED


def _is_dated(folder: Path, files: dict[str, bytes]) -> bool:
    """Write down when the submission in a folder was handed in, where that is new; tell whether it was not."""
    if TIMESTAMP not in files or (folder / TIMESTAMP).exists():
        return True
    with replacing(folder / TIMESTAMP) as partial:
        partial.write_bytes(files[TIMESTAMP])
    return False


def _free(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    return next(path for n in itertools.count(1) if not (path := folder / f"{name}-{n}").exists())


def _holds(folder: Path, files: dict[str, bytes]) -> bool:
    """Tell whether a folder holds these files and no others, and was not handed in at another time."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    there = {path.name for path in folder.iterdir()}
    if there - {TIMESTAMP} != files.keys() - {TIMESTAMP}:
        return False
    try:
        return all(read_bytes(folder / name, MOST_COPIED) == files[name] for name in there & files.keys())
    except UnreadableError:
        return False
