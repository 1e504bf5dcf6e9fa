"""Takes a download apart: hand-in by hand-in, each with its files. The archive is read within limits, never unpacked.

The name of an entry only says whose it is and how its author called it: it never becomes a path.
"""

import contextlib
import os
import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from grading.intake.files import IGNORED, File, Problem, reader_of
from grading.platforms.names import READ, Named, platform_of
from grading.platforms.roster import Owner, Platform, same

MOST_ENTRIES, MOST_DIRECTORY = 20_000, 16 * 2**20
END = struct.Struct(
    "<4s4H2LH"
)  # the end of a zip: its mark, four counts, size and place of its directory, a comment
MOST_COMMENT, MOST_SHOWN = 2**16, 3
DRIVE = re.compile(r"[A-Za-z]:")


class DownloadError(ValueError):
    """Raised for a file that is no download of a platform; the message says what to do."""


@dataclass
class HandIn:
    """What one student handed in, as the platform names it; `uploads` grow with time, where it says so."""

    owner: Owner
    files: list[File] = field(default_factory=list)
    uploads: dict[File, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    late: bool = False


@dataclass
class Download:
    """Everything in a download: whose it is, and what belongs to nobody."""

    platform: Platform
    hand_ins: list[HandIn]
    problems: list[Problem]


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Download]:
    """Open a download; its files can be read until the block ends.

    Raises
    ------
    DownloadError
        If it is no zip, too large a one, or of no form that is known.
    """
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise DownloadError(f"{path} is not a file.")
            _refuse_many(path, file)
            archive = stack.enter_context(zipfile.ZipFile(file))
            _refuse_unless(len(archive.infolist()) <= MOST_ENTRIES, path)
        except OSError as error:
            raise DownloadError(f"{path} cannot be opened ({error.strerror}).") from error
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
            if isinstance(error, DownloadError):
                raise
            raise DownloadError(f"{path} is not a zip, or is damaged ({error}).") from error
        yield _download(path, archive)


def _refuse_many(path: Path, file: BinaryIO) -> None:
    """Refuse a zip whose directory alone would fill the memory, before anything is built from it."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - MOST_COMMENT - END.size))
    tail = file.read()
    begin = tail.rfind(b"PK\5\6")
    if begin < 0 or begin + END.size > len(tail):
        raise DownloadError(f"{path} is not a zip, or was cut short. Download it again.")
    _, _, _, _, entries, directory, _, _ = END.unpack_from(tail, begin)
    _refuse_unless(entries <= MOST_ENTRIES and directory <= MOST_DIRECTORY, path)
    file.seek(0)


def _refuse_unless(few: bool, path: Path) -> None:
    if not few:
        raise DownloadError(
            f"{path} has more than {MOST_ENTRIES} entries. Download the submissions in several parts."
        )


def _download(path: Path, archive: zipfile.ZipFile) -> Download:
    entries = [(entry, _parts(entry.filename)) for entry in archive.infolist() if not entry.is_dir()]
    entries = [(entry, parts) for entry, parts in entries if not _is_systems(parts)]
    platform = platform_of([parts for _, parts in entries])
    if platform is None:
        there = ", ".join(legible(entry.filename) for entry, _ in entries[:MOST_SHOWN]) or "nothing"
        raise DownloadError(
            f"{path} is neither Moodle's 'Download all submissions' nor Canvas's 'Download Submissions': it holds "
            f"{there}. Give the zip as the platform made it."
        )
    download, found = Download(platform, [], []), {}
    for entry, parts in entries:
        label, named = legible(entry.filename), READ[platform](parts)
        if _leads_out(entry.filename, parts):
            named, why = None, "has a name that leads out of the archive"
        else:
            why = named.why if named else f"is not named as {platform.value} names hand-ins"
        hand_in = _hand_in(found, named) if named and named.owner else None
        if named is None or hand_in is None or why:
            (hand_in or download).problems.append(Problem(label, why))
            continue
        file = File((), named.file, reader_of(archive, entry), zipped=True)
        hand_in.files.append(file)
        hand_in.uploads[file] = named.upload
    download.hand_ins = list(found.values())
    return download


def _hand_in(found: dict[tuple[str, str], HandIn], named: Named) -> HandIn:
    owner = named.owner
    one = found.setdefault((same(owner.name), owner.number), HandIn(owner))
    one.late |= named.late
    return one


def _parts(name: str) -> list[str]:
    return [part for part in name.replace("\\", "/").split("/") if part] or [""]


def _is_systems(parts: list[str]) -> bool:
    """Tell whether a system left this beside what was handed in."""
    return bool(IGNORED & set(parts)) or parts[-1].startswith("._")


def _leads_out(name: str, parts: list[str]) -> bool:
    return name.startswith(("/", "\\")) or ".." in parts or bool(DRIVE.match(name))


def legible(name: str) -> str:
    """Return a name as a report may show it: short, without signs that move or hide what follows."""
    shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)
    return shown if len(shown) <= 120 else f"{shown[:117]}..."
