"""Keeps what a command of nbgrader's is about to replace, until its successor stands.

nbgrader deletes a lesson, a graded notebook or a page first and makes it anew afterwards; what fails in between is
lost. Here the old one is moved aside, and comes back where the new one failed, or was never finished. Of two commands
at a time that would replace the same, one waits.
"""

import contextlib
import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from nbgrader.converters.base import BaseConverter

from grading.scratch import remove

_destination, _convert = BaseConverter.init_destination, BaseConverter.convert_notebooks
_hook = BaseConverter.run_post_convert_hook
# By the class of converter: whether what is there is still as it would be made today.
IsCurrent = Callable[[BaseConverter, str, str], bool]
_current: dict[type[BaseConverter], IsCurrent] = {}


def configure(current: dict[type[BaseConverter], IsCurrent]) -> None:
    """Make every converter keep what it replaces; `current` says of each class what need not be made anew."""
    _current.update(current)
    BaseConverter.init_destination = _init_destination
    BaseConverter.convert_notebooks = _convert_notebooks
    BaseConverter.run_post_convert_hook = _run_post_convert_hook


def _aside(place: Path) -> Path:
    return place.with_name(f".{place.name}.before")


def _init_destination(converter: BaseConverter, lesson: str, student: str) -> bool:
    """Stand in the place of nbgrader's method: move aside what it would delete, then ask it whether to go on."""
    restore(converter)
    place = Path(os.path.normpath(converter._format_dest(lesson, student)))
    converter.lock = _lock(place.parent)
    bring_back(place)
    excluded = student in converter.coursedir.student_id_exclude.split(",")
    if place.exists() and not excluded and (converter.force or not _is_current(converter, lesson, student)):
        place.rename(_aside(place))
    converter.place = place
    return _destination(converter, lesson, student)


def _is_current(converter: BaseConverter, lesson: str, student: str) -> bool:
    return _current.get(type(converter), lambda *names: True)(converter, lesson, student)


def _run_post_convert_hook(converter: BaseConverter) -> None:
    """Stand in the place of the last step of a conversion: the successor stands."""
    _hook(converter)
    remove(_aside(converter.place))


def _convert_notebooks(converter: BaseConverter) -> None:
    """Stand in the place of nbgrader's method, which has deleted what it could not finish."""
    try:
        _convert(converter)
    finally:
        restore(converter)


def restore(converter: BaseConverter) -> None:
    """Bring back what the last conversion of `converter` was to replace, if it failed; let other commands go on."""
    place, converter.place = getattr(converter, "place", None), None
    lock, converter.lock = getattr(converter, "lock", None), None
    if place:
        bring_back(place)
    if lock is not None:
        os.close(lock)


def _lock(folder: Path) -> int:
    """Wait until no other command replaces anything in `folder`; what is locked is free when it is closed."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    with contextlib.suppress(OSError):  # a network's file system may have no locks
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def bring_back(place: Path) -> None:
    """Bring back to `place` what was moved aside there by a command that did not come to its end."""
    aside = _aside(place)
    if aside.exists():
        remove(place)
        aside.rename(place)
