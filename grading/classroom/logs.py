"""A log a submission: everything that was said while it was graded."""

import hashlib
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(message)s"
LONGEST_NAME = 255 - len(".log")


@contextmanager
def log_of(folder: Path, student: str, log: logging.Logger | logging.LoggerAdapter) -> Iterator[None]:
    """Write what this thread says in `log` into a new file of the student's in `folder` as well."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(
        folder / _file_of(student), mode="w", encoding="utf-8", errors="backslashreplace"
    )
    handler.setFormatter(logging.Formatter(FORMAT))
    handler.setLevel(logging.INFO)
    here = threading.get_ident()
    handler.addFilter(lambda record: record.thread == here)
    logger = getattr(log, "logger", log)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()


def _file_of(student: str) -> str:
    """Return the name of a student's log; the name of a folder may be too long for one with something behind it."""
    name = os.fsencode(student)
    if len(name) > LONGEST_NAME:
        digest = hashlib.sha256(name).hexdigest()[:16]
        student = name[: LONGEST_NAME - len(digest) - 1].decode(errors="ignore") + f"-{digest}"
    return f"{student}.log"
