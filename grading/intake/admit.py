"""Makes a clean copy of every submission before nbgrader looks at it; nothing that was handed in is changed.

nbgrader follows links, waits for pipes and stops a whole class at one odd cell. It gets to see the copies only.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.utils import parse_utc

from course_lib.exercises import LESSONS
from grading.intake import versions
from grading.intake.mending import Marked, mend
from grading.intake.reading import UnreadableError, cells_of, read_bytes

MOST_FILES, MOST_FILE, MOST_ALL, MOST_DEPTH = 500, 32 * 2**20, 64 * 2**20, 8
IGNORED = {".ipynb_checkpoints", "__pycache__", ".DS_Store"}


def admit(source: Path, target: Path, lesson: str, known: list[Marked]) -> list[str]:
    """Copy the submission in `source` into the new folder `target` and return what is to be said about it."""
    target.mkdir(parents=True)
    notes = _copy_files(source, target)
    notebook, more = _notebook(source, lesson, known)
    notebook.metadata["grading"]["notes"] = [*more, *notes]
    nbformat.write(notebook, target / f"{lesson}.ipynb")
    return [*more, *notes]


def _notebook(source: Path, lesson: str, known: list[Marked]) -> tuple[NotebookNode, list[str]]:
    """Return the notebook of `lesson`, mended; where there is none, an unanswered one."""
    path, notes = source / f"{lesson}.ipynb", []
    if not os.path.lexists(path):
        others = _candidates(source, known)
        if len(others) != 1:
            told = "; several others are there" if others else ""
            why = f"The notebook {lesson}.ipynb is missing{told}. Everything in it scores 0."
            return _empty(known), [why]
        path = others[0]
        notes.append(
            f"The notebook {lesson}.ipynb is missing; {path.name!r:.80} has its cells and was graded."
        )
    try:
        read = cells_of(read_bytes(path))
    except UnreadableError as error:
        why = f"The notebook {path.name!r:.80} {error}. Everything in it scores 0."
        return _empty(known), [*notes, why]
    notebook, mended = mend(read.cells, known)
    version = versions.compared(versions.stamped(read.metadata), LESSONS[lesson].exercises)
    notebook.metadata["grading"] = {"open": sorted(version.open)}
    return notebook, [*notes, *read.notes, *version.notes, *mended]


def _empty(known: list[Marked]) -> NotebookNode:
    notebook, _ = mend([], known)
    notebook.metadata["grading"] = {"open": []}
    return notebook


def _candidates(source: Path, known: list[Marked]) -> list[Path]:
    names = {cell.name for cell in known if cell.solution}
    found = []
    for path in sorted(source.glob("*.ipynb"))[:20]:
        try:
            cells = cells_of(read_bytes(path)).cells
        except UnreadableError:
            continue
        if any(cell["mark"] in names for cell in cells):
            found.append(path)
    return found


def _copy_files(source: Path, target: Path) -> list[str]:
    """Copy plain files, up to a size; say what was left out."""
    left, count, notes = MOST_ALL, 0, []
    for path, name, problem in _files(source):
        if not problem and (count >= MOST_FILES or left <= 0):
            problem = "is one of too many files"
        if not problem:
            try:
                content = read_bytes(path, min(MOST_FILE, left))
                if name == "timestamp.txt":
                    parse_utc(content.decode().strip())
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                (target / name).write_bytes(content)
                left, count = left - len(content), count + 1
                continue
            except UnreadableError as error:
                problem = str(error)
            except (ValueError, OverflowError):
                problem = "holds no time; the submission counts as in time"
            except OSError as error:
                problem = f"cannot be copied ({error.strerror})"
        notes.append(f"{ascii(name)[1:-1]:.80} {problem}; it was left out.")
    return notes if len(notes) <= 10 else [*notes[:10], f"{len(notes) - 10} more files were left out."]


def _files(source: Path, prefix: str = "", depth: int = 0) -> Iterator[tuple[Path, str, str]]:
    """Yield every file that is no notebook: its path, its name relative to `source`, and what is wrong with it."""
    try:
        entries = sorted(os.scandir(source), key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        yield source, prefix or ".", f"cannot be listed ({error.strerror})"
        return
    for entry in entries:
        name, path = f"{prefix}{entry.name}", Path(entry.path)
        mode = entry.stat(follow_symlinks=False).st_mode
        if entry.name in IGNORED or (entry.name.endswith(".ipynb") and stat.S_ISREG(mode)):
            continue
        if not name.isprintable() or not _is_utf8(name):
            yield path, name, "has an odd name"
        elif stat.S_ISDIR(mode) and depth < MOST_DEPTH:
            yield from _files(path, f"{name}/", depth + 1)
        elif not stat.S_ISREG(mode):
            kind = "a link" if stat.S_ISLNK(mode) else "no plain file"
            yield path, name, f"is {kind}"
        else:
            yield path, name, ""


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
