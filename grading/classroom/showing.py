"""Shows how a class gets on, and says in the end what failed."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from nbgrader.converters.base import BaseConverter, NbGraderException

from grading.batch import Grading
from grading.classroom.hands import NotOfHands, Show


@contextlib.contextmanager
def shown(converter: BaseConverter, settings: Grading, title: str, total: int) -> Iterator[Show]:
    """Show a bar instead of what is logged about each submission, if that is asked for."""
    if not settings.progress:
        yield lambda student, stands: None
        return
    from grading.classroom.progress import Shown  # only whoever asks for a bar needs rich

    quiet = NotOfHands()
    logger = getattr(converter.log, "logger", converter.log)
    terminals = [handler for handler in logger.handlers if type(handler) is logging.StreamHandler]
    for handler in terminals:
        handler.addFilter(quiet)
    try:
        with Shown(title, total) as show:
            yield show
    finally:
        for handler in terminals:
            handler.removeFilter(quiet)


def raise_for(converter: BaseConverter, failed: Sequence[str], logs: Path) -> None:
    """Fail as nbgrader does where a submission did, and say which, and where to read more."""
    if failed:
        message = f"There was an error with the submission of {', '.join(sorted(failed))}."
        converter.log.error("%s Read more in %s.", message, logs)
        raise NbGraderException(message)
