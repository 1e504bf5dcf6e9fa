"""Compiling Python for the browser, where it takes many times as long and would be done again at every start."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path


def interpreter(version: str) -> str | None:
    """Return a Python that compiles for `version`: of the same minor version. None where there is none here."""
    wanted = minor(version)
    for each in (sys.executable, shutil.which(f"python{wanted}")):
        if each and _version(each) == wanted:
            return each
    return None


def minor(version: str) -> str:
    """Return of a version what decides which compiled files it can read: 3.12 of 3.12.7."""
    return ".".join(version.split(".")[:2])


def _version(python: str) -> str:
    asked = [python, "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    return subprocess.run(asked, capture_output=True, text=True).stdout.strip()


def compiled(files: Mapping[str, bytes], place: str, python: str, sources: bool = False) -> dict[str, bytes]:
    """Return `files` with every module compiled by `python`, as if they stood in `place`.

    `sources` are kept beside the compiled modules, as a library needs that reads its own; otherwise the compiled
    modules take their place, as in Pyodide's own compiled distribution.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        where = ["-s", folder, "-p", place, *([] if sources else ["-b"])]
        # Nothing in the site changes, so no start has to look whether a source did. What has no valid syntax is left.
        options = ["-qq", "-j", "0", "--invalidation-mode", "unchecked-hash", *where, folder]
        subprocess.run(
            [python, "-I", "-W", "ignore", "-m", "compileall", *options], capture_output=True, check=False
        )
        found = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(Path(folder).rglob("*"))
            if path.is_file()
        }
    return {name: content for name, content in found.items() if f"{name}c" not in found}
