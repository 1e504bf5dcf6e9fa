"""Downloads in the forms in which Moodle and Canvas make them, for tests."""

from __future__ import annotations

import io
import json
import stat
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path

LESSON = "03_identify_gradients"
NOTEBOOK = f"{LESSON}.ipynb"


def notebook(answer: str = "1") -> bytes:
    """Return a small notebook with one answer."""
    cell = {"cell_type": "code", "source": answer, "metadata": {}, "outputs": [], "execution_count": None}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return a zip with these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(name, text)
    return content.getvalue()


def pack_zip(answer: str = "packed") -> bytes:
    """Return what `pack` makes: the notebook, answers.json and the receipt, in no folder."""
    files = {NOTEBOOK: notebook(answer), "answers.json": b'{"a": 1}', "receipt.json": b"{}"}
    return packed(files)


def write(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write a download, its entries in the order given."""
    path.write_bytes(packed(files))
    return path


def moodle(name: str, number: int | None, file: str, *, folders: bool = True, kind: str = "file") -> str:
    """Return the name of an entry as Moodle makes it: underscores of a name become spaces."""
    who = name.replace("_", " ") + ("" if number is None else f"_{number}")
    return f"{who}_assignsubmission_{kind}{'/' if folders else '_'}{file}"


def canvas(sortable: str, number: int, upload: int, file: str, *, late: bool = False) -> str:
    """Return the name of an entry as Canvas makes it: of a sortable name ("Muster, Anna") letters and digits."""
    words = "".join(c for c in sortable.lower() if c.isalnum() or c == "_" or unicodedata.combining(c))
    return f"{words}{'_LATE' if late else ''}_{number}_{upload}_{file}"


def with_link(path: Path, name: str, target: str) -> Path:
    """Add a symbolic link to a download."""
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(entry, target)
    return path


def encrypted(content: bytes) -> bytes:
    """Return a zip whose entries say that a password protects them."""
    changed = bytearray(content)
    for mark, flag in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        position = changed.find(mark)
        while position >= 0:
            changed[position + flag] |= 1
            position = changed.find(mark, position + 4)
    return bytes(changed)
