"""Writing a file in one step: whoever reads it finds all of the old content or all of the new."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# What a killed writer left behind ends in this.
PARTIAL = ".half"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a path beside `path` to write to; when the block ends without an error, that file takes its place.

    Where it cannot be written, an OSError is raised and `path` is as it was.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}{PARTIAL}")
    try:
        yield partial
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
