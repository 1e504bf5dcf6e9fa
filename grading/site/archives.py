"""Zip archives as names and contents; the same bytes whenever they are made from the same files."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

_EPOCH = (2020, 1, 1, 0, 0, 0)


def unzipped(content: bytes) -> dict[str, bytes]:
    """Return the files of an archive by their names."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}


def zipped(files: Mapping[str, bytes], folders: bool = False) -> bytes:
    """Return an archive of `files`; with entries for their `folders` too where Python shall import from it.

    Python takes a folder in an archive for a namespace package only where the folder has an entry of its own.
    """
    parents = (
        {f"{parent}/" for name in files for parent in PurePosixPath(name).parents[:-1]} if folders else set()
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parents):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), b"")
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), text, zipfile.ZIP_DEFLATED)
    return content.getvalue()
