"""Who may read and write what a course keeps, on a machine that several accounts use.

What students handed in, their marks and the secret are the graders' alone: one account's, or a group's where
`CourseDirectory.groupshared` is set. The exchange belongs to everyone, and nobody can move what is another's there.
"""

import os
import stat
from pathlib import Path

# Everything that a grader alone may see; the sources of the lessons too, for who keeps a copy of them private.
SOURCES = ("solutions", "edition/lessons")
CLOSED = (*SOURCES, "grading/submitted", "grading/autograded", "grading/feedback", "grading/logs")
CLOSED_FILES = ("grading/gradebook.db", "grading/secret", "grades.csv")
# What a group of graders has to write to as well: a database needs a journal beside it.
WRITTEN = (".", "grading", "notebooks", "edition", "edition/notebooks", "edition/sources")
EXCHANGE = 0o1777


def close(course: Path, exchange: Path, *, shared: bool) -> None:
    """Close the folders of a course to others before anything is written there, and open its exchange, made if need be.

    From here on this process, and what it starts, makes no file that others can read, unless it says so: nbgrader
    says so of what it puts into the exchange. What belongs to another account is left as it is. With `shared` a group
    grades: the one that the folder `course` belongs to.
    """
    os.umask(0o007 if shared else 0o077)
    group = course.stat().st_gid if shared else -1
    if os.access(course, os.W_OK):
        (course / "grading").mkdir(exist_ok=True)
    if shared:
        for name in WRITTEN:
            if _set(course / name, _mode(course / name) | 0o2770, group) and Path(name).name == "notebooks":
                _share(course / name, group)
        if os.access(course / "grading", os.W_OK):
            # SQLite would make it writable for one account only; the empty file is an empty gradebook.
            (course / "grading" / "gradebook.db").touch(0o660)
    for name in CLOSED:
        folder = course / name
        if name not in SOURCES and _is_ours(folder.parent):
            folder.mkdir(exist_ok=True)
        changed = _set(folder, 0o2770 if shared else 0o700, group)
        if changed and shared:
            _share(folder, group)
    for name in CLOSED_FILES:
        _set(course / name, 0o660 if shared else 0o600, group)
    if not exchange.exists() and os.access(exchange.parent, os.W_OK):
        exchange.mkdir()
    _set(exchange, EXCHANGE | (stat.S_ISGID if shared else 0), group)


def _is_ours(path: Path) -> bool:
    return path.exists() and path.stat().st_uid == os.geteuid()


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode) if path.exists() else 0


def open_release(folder: Path) -> None:
    """Let everyone read a lesson that was generated: what students are given is no secret."""
    for path in (folder.parent, folder, *folder.rglob("*")):
        if path.is_dir():
            _set(path, _mode(path) | 0o755, -1)


def _share(folder: Path, group: int) -> None:
    """Give the group what was made before it graded."""
    for path in folder.rglob("*"):
        if not path.is_symlink():
            _set(path, _mode(path) | (0o2770 if path.is_dir() else 0o660), group)


def _set(path: Path, mode: int, group: int) -> bool:
    """Set group and mode of what belongs to this account; tell whether they were others."""
    if path.is_symlink() or not _is_ours(path):
        return False
    other_group = group not in (-1, path.stat().st_gid)
    if other_group:
        try:
            os.chown(path, -1, group)
        except PermissionError as error:
            raise PermissionError(
                f"{path} cannot be given to the group with the id {group}, to which the course belongs, because this "
                "account is not in that group. Add it, or give the course to the group of its graders: chgrp -R GROUP"
            ) from error
    if _mode(path) == mode:
        return other_group
    path.chmod(mode)
    return True
