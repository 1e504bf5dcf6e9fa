"""Finds every file of a submission: in its folder, in folders inside it, in zips. All of it is bounded.

A file is read through the object that found it. The name of an entry of a zip is only looked at: it never becomes a
path.
"""

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from grading.intake.reading import UnreadableError, read_bytes

MOST_FILES, MOST_FILE, MOST_DEPTH = 500, 128 * 2**20, 8
# A zip has its own limits: its size, how often zips may lie in zips, how tightly an entry may be packed.
MOST_ZIP, MOST_ZIPS, MOST_NESTING, MOST_RATIO, FREELY_PACKED = 32 * 2**20, 10, 2, 200, 2**20
IGNORED = {".ipynb_checkpoints", "__pycache__", "__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}
# What a hand-in is looked for in comes before all else, so that no number of other files hides it.
LOOKED_AT = (".ipynb", ".ipynb.txt", ".json", ".zip")
ENTRY_MARK = b"PK\x01\x02"  # begins every entry in the directory of a zip


@dataclass(frozen=True)
class File:
    """A file of a submission: the folders and zips that it lies in, its name, and how to read it."""

    place: tuple[str, ...]
    name: str
    read: Callable[[int], bytes]
    zipped: bool = False

    @property
    def label(self) -> str:
        """How the report calls it."""
        return shown("/".join([*self.place, self.name]))

    @property
    def is_notebook(self) -> bool:
        """Whether its name is that of a notebook, or of one that was saved as a text from a browser."""
        return self.name.lower().endswith((".ipynb", ".ipynb.json", ".ipynb.txt"))

    @property
    def suffix(self) -> str:
        """The end of its name, in small letters: ``.ipynb``."""
        return os.path.splitext(self.name)[1].lower()


class Problem(NamedTuple):
    """Something that was left out, and why."""

    label: str
    why: str


def shown(name: str) -> str:
    """Return a name as a report may show it: short, without signs that move or hide what follows."""
    return ascii(name)[1:-1] if len(name) <= 80 else f"{ascii(name[:77])[1:-1]}..."


def files_of(folder: Path) -> tuple[list[File], list[Problem]]:
    """Return the files of a submission, up to a number, and what was left out."""
    files: list[File] = []
    problems: list[Problem] = []
    zips = 0
    for found in _in_folder(folder, ()):
        if isinstance(found, Problem):
            problems.append(found)
        elif len(files) >= MOST_FILES:
            problems.append(Problem(found.label, f"is beyond the first {MOST_FILES} files"))
        elif found.suffix != ".zip":
            files.append(found)
        elif (zips := zips + 1) > MOST_ZIPS:
            problems.append(Problem(found.label, f"is beyond the first {MOST_ZIPS} zips"))
        else:
            _add_zip(found, files, problems)
    return files, problems


def _add_zip(found: File, files: list[File], problems: list[Problem]) -> None:
    for inside in in_zip(found, 1):
        if isinstance(inside, Problem):
            problems.append(inside)
        elif len(files) >= MOST_FILES:
            problems.append(Problem(inside.label, f"is beyond the first {MOST_FILES} files"))
        else:
            files.append(inside)


def _in_folder(folder: Path, place: tuple[str, ...]) -> Iterator[File | Problem]:
    try:
        entries = sorted(os.scandir(folder), key=_importance)
    except OSError as error:
        yield Problem(shown("/".join(place)) or "the folder", f"cannot be listed ({error.strerror})")
        return
    for entry in entries:
        label, mode = shown("/".join([*place, entry.name])), entry.stat(follow_symlinks=False).st_mode
        if entry.name in IGNORED:
            continue
        if not _is_plain_name(entry.name):
            yield Problem(label, "has a name that cannot be used")
        elif stat.S_ISDIR(mode) and len(place) < MOST_DEPTH:
            yield from _in_folder(Path(entry.path), (*place, entry.name))
        elif stat.S_ISDIR(mode):
            yield Problem(label, f"is more than {MOST_DEPTH} folders deep")
        elif not stat.S_ISREG(mode):
            yield Problem(label, "is a link" if stat.S_ISLNK(mode) else "is not a regular file")
        else:
            path = Path(entry.path)
            yield File(place, entry.name, lambda most, path=path: read_bytes(path, min(most, MOST_FILE)))


def _importance(entry: os.DirEntry) -> tuple:
    folder = entry.is_dir(follow_symlinks=False)
    return folder, not folder and not entry.name.lower().endswith(LOOKED_AT), os.fsencode(entry.name)


def _is_plain_name(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return name.isprintable()


def in_zip(packed: File, nesting: int) -> Iterator[File | Problem]:
    """Yield what is in a zip that itself lies in `nesting` - 1 zips, and what is left out of it."""
    try:
        content = packed.read(MOST_ZIP)
        if content.count(ENTRY_MARK) > MOST_FILES:  # before anything is built from them
            raise UnreadableError(f"has more than {MOST_FILES} entries")
        opened = zipfile.ZipFile(io.BytesIO(content))
    except UnreadableError as error:
        yield Problem(packed.label, str(error))
        return
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, OSError) as error:
        yield Problem(packed.label, f"is not a zip, or is damaged ({error})"[:120])
        return
    for entry in sorted(opened.infolist(), key=lambda entry: not entry.filename.lower().endswith(LOOKED_AT)):
        *folders, name = [part for part in entry.filename.replace("\\", "/").split("/") if part] or [""]
        if entry.is_dir() or IGNORED & {name, *folders} or name.startswith("._"):
            continue
        found = File((*packed.place, packed.name, *folders), name, reader_of(opened, entry), zipped=True)
        if len(folders) > MOST_DEPTH:
            yield Problem(found.label, f"is more than {MOST_DEPTH} folders deep")
        elif found.suffix != ".zip":
            yield found
        elif nesting < MOST_NESTING:
            yield from in_zip(found, nesting + 1)
        else:
            yield Problem(found.label, f"is a zip in more than {MOST_NESTING} zips")


def reader_of(opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[int], bytes]:
    """Return what reads an entry of a zip up to a number of bytes, or raises UnreadableError."""

    def read(most: int) -> bytes:
        most = min(most, MOST_FILE)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise UnreadableError("is a link")
        if entry.flag_bits & 1:
            raise UnreadableError("is protected by a password")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableError("is packed in a way that is not read; pack it as a plain zip")
        if entry.file_size > max(FREELY_PACKED, MOST_RATIO * entry.compress_size):
            raise UnreadableError("is packed too tightly to be a hand-in")
        try:
            with opened.open(entry) as file:
                content = file.read(most + 1)  # the size that the zip states is not believed
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError) as error:
            raise UnreadableError(f"is damaged ({error})"[:120]) from error
        if len(content) > most:
            raise UnreadableError(f"has more than {most // 2**20} MB")
        return content

    return read
