"""What goes into the folder of a submission: from a hand-in to names and contents, and what was done on the way."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from course_lib.answers import NAME
from grading.intake.admit import MOST_COPIED, NBGRADERS, PLAIN_NAME
from grading.intake.files import MOST_NESTING, File, Problem, in_zip
from grading.intake.reading import UnreadableError
from grading.platforms.download import HandIn, legible
from grading.platforms.names import without_number

MOST_NAME = 200  # bytes, of the 255 that systems take
SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")


@dataclass
class Taken:
    """The files of a submission by name, what was left out of it, and what else there is to be said."""

    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left: int = MOST_COPIED

    def add(self, name: str, content: bytes) -> None:
        """Add a file under a name that is free."""
        self.left -= len(content)
        self.files[name] = content


def taken(hand_in: HandIn, lesson: str) -> Taken:
    """Return what is taken of a hand-in of that lesson."""
    found = Taken(problems=list(hand_in.problems))
    wanted = (f"{lesson}.ipynb", f"{lesson}.zip", NAME)
    zips = []
    for name, file in _latest(hand_in, wanted, found):
        content = _content(file, found)
        if content is None:
            continue
        if name.lower().endswith(".zip"):
            zips.append((name, file, content))
        else:
            _add(name, content, found)
    # Last, so that what lies beside a zip keeps its name.
    for name, file, content in zips:
        unpacked = _unpacked(file, found)
        if unpacked is None:
            _add(name, content, found)
            continue
        for inside, part in unpacked.items():
            found.add(inside, part)
    return found


def _latest(hand_in: HandIn, wanted: tuple[str, ...], found: Taken) -> Iterator[tuple[str, File]]:
    """Yield the files, each under the name it is to have: of one that was uploaded again, only the latest."""
    latest: dict[str, File] = {}
    for file in sorted(hand_in.files, key=lambda file: hand_in.uploads[file]):
        first = without_number(file.name) if hand_in.uploads[file] else file.name
        name = first if first in wanted else file.name
        if name in latest and hand_in.uploads[file]:
            why = f"was uploaded before {legible(file.name)!r}, and the latest counts"
            found.problems.append(Problem(legible(latest[name].name), why))
        elif name in latest:
            yield file.name, file
            continue
        latest[name] = file
    yield from latest.items()


def _content(file: File, found: Taken) -> bytes | None:
    if file.name.casefold() in NBGRADERS:
        found.problems.append(
            Problem(legible(file.name), "has the name of a file that nbgrader itself writes")
        )
        return None
    try:
        return file.read(max(found.left, 0))
    except UnreadableError as error:
        found.problems.append(Problem(legible(file.name), str(error)))
        return None


def _add(name: str, content: bytes, found: Taken) -> None:
    stored = _free_name(name, found.files)
    if stored != unicodedata.normalize("NFC", name):
        found.notes.append(f"{legible(name)!r} is stored as {stored}")
    found.add(stored, content)


def _free_name(name: str, there: dict[str, bytes]) -> str:
    """Return a name that is safe for a file and free: the file's own, where that is both."""
    plain = unicodedata.normalize("NFC", name)
    if not _is_plain(plain):
        suffix = SUFFIX.fullmatch(PurePosixPath(plain).suffix)
        plain = f"handed in{suffix[0] if suffix else ''}"
    used, path, n = {name.casefold() for name in there}, PurePosixPath(plain), 1
    while plain.casefold() in used:
        plain = f"{path.stem[:40]} ({n}){path.suffix}"
        n += 1
    return plain


def _is_plain(name: str) -> bool:
    return bool(PLAIN_NAME.fullmatch(name)) and len(name.encode()) <= MOST_NAME


def _unpacked(file: File, found: Taken) -> dict[str, bytes] | None:
    """Return the files of a zip such as `pack` makes: no folders in it, and names that are plain and free.

    Any other zip stays as it is: grading looks into it with more care than a name allows here.
    """
    entries, contents = list(in_zip(file, MOST_NESTING)), {}
    used, left = {name.casefold() for name in found.files}, found.left
    for entry in entries:
        if isinstance(entry, Problem):
            found.notes.append(f"{entry.label} {entry.why}; the zip is stored as it is")
            return None
        name = unicodedata.normalize("NFC", entry.name)
        free = name.casefold() not in used | NBGRADERS
        if len(entry.place) > 1 or not free or not _is_plain(name):
            return None
        try:
            contents[name] = entry.read(max(left, 0))
        except UnreadableError as error:
            found.notes.append(f"{entry.label} {error}; the zip is stored as it is")
            return None
        used, left = used | {name.casefold()}, left - len(contents[name])
    return contents or None
