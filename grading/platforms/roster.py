"""Who is in the class: read from a list, and found again by the names and numbers that a platform writes."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from grading.platforms.tables import Table, TableError, read_table

FOLDER = re.compile(r"\w[\w.@-]{0,99}")


class Platform(Enum):
    """Where students hand in."""

    MOODLE = "Moodle"
    CANVAS = "Canvas"


@dataclass(frozen=True)
class Person:
    """A student: the id in this course, what else they are called, their numbers on platforms.

    `names` hold what `same` makes of each name; `also` are login, e-mail and id in small letters. `submitted` is what
    the list says of when they handed in.
    """

    id: str
    names: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()
    numbers: dict[Platform, str] = field(default_factory=dict, hash=False)
    masked: str = ""
    submitted: str = ""


class Owner(NamedTuple):
    """Whose something is, as a platform says: a name, and the number it has for this student, where it says one."""

    platform: Platform
    name: str
    number: str = ""


class Columns(NamedTuple):
    """The columns of a list, each by the names that it may have, of which the first is taken that is filled."""

    what: str
    needs: frozenset[str]
    id: tuple[str, ...]
    whole: str = ""
    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    moodle: str = "identifier"
    canvas: str = "lms_user_id"
    submitted: str = "timestamp"


# A list as nbgrader imports it, and what Moodle and Canvas let a teacher download.
KNOWN = (
    Columns(
        "a list with the columns id, first_name, last_name and, where known, email, login, lms_user_id",
        frozenset({"id", "first_name", "last_name"}),
        id=("id",),
        first=("first_name",),
        last=("last_name",),
        also=("email", "login"),
    ),
    Columns(
        "the gradebook as Canvas exports it (Student, ID, ..., Section)",
        frozenset({"id", "section"}),
        id=("sis login id", "sis user id", "id"),
        whole="student",
        first=("firstname",),
        last=("lastname",),
        also=("sis login id", "sis user id"),
        canvas="id",
    ),
    Columns(
        "Moodle's grading worksheet (Identifier, Full name, ...)",
        frozenset({"identifier", "full name"}),
        id=("username", "id number", "email address"),
        whole="full name",
        also=("username", "id number", "email address"),
        submitted="last modified (submission)",
    ),
    Columns(
        "Moodle's list of participants (First name, Last name, Email address)",
        frozenset({"first name", "email address"}),
        id=("username", "id number", "email address"),
        first=("first name",),
        last=("last name", "surname"),
        also=("username", "id number", "email address"),
    ),
)


def same(text: str) -> str:
    """Return what two ways to write one name have in common, whatever their case, signs and spaces."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text).casefold())


class Roster:
    """The students of a class, and the search for one of them."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = tuple(people)
        self._named: dict[str, list[Person]] = defaultdict(list)
        self._called: dict[str, list[Person]] = defaultdict(list)
        self._numbered: dict[tuple[Platform, str], list[Person]] = defaultdict(list)
        for person in self.people:
            for name in person.names:
                self._named[name].append(person)
            for name in {same(text) for text in person.also}:
                self._called[name].append(person)
            for platform, number in person.numbers.items():
                self._numbered[platform, number].append(person)

    def find(self, owner: Owner) -> tuple[Person, ...]:
        """Return everyone who may be meant: nobody, one, or several who cannot be told apart.

        A number that the list has decides, unless the name is another one's; then a name in either order; then an
        id, a login or an e-mail address.
        """
        name, found = same(owner.name), self._numbered.get((owner.platform, owner.number), [])
        named = self._named.get(name) or self._called.get(name) or []
        if found:
            agree = [p for p in found if name in {*p.names, *map(same, p.also), p.masked}]
            return tuple(agree or dict.fromkeys([*found, *named]))
        others = {owner.number, ""} if owner.number else None
        return tuple(p for p in named if others is None or p.numbers.get(owner.platform, "") in others)

    def called(self, ids: Iterable[str]) -> tuple[Person, ...]:
        """Return everyone who has one of these ids, logins or addresses."""
        wanted = {text.casefold() for text in ids if text}
        near = (p for text in wanted for p in self._called.get(same(text), []))
        return tuple(dict.fromkeys(p for p in near if wanted & p.also))


def read_roster(path: Path) -> Roster:
    """Return the class that a list in CSV describes.

    Raises
    ------
    TableError
        If it is no list that is known, or does not name everyone by an id of their own.
    """
    table = read_table(path)
    columns = next((known for known in KNOWN if known.needs <= table.columns.keys()), None)
    if columns is None:
        raise TableError(
            f"{path} has the columns {', '.join(table.header)[:300]}. A roster is one of these: "
            f"{'; '.join(known.what for known in KNOWN)}."
        )
    return Roster(_people(table, columns))


def _people(table: Table, columns: Columns) -> Iterator[Person]:
    rows = [(n, row) for n, row in enumerate(table.rows, 2) if _is_person(table, columns, row)]
    if not rows:
        raise TableError(f"{table.name} names nobody.")
    # One kind of id for everyone.
    kind = next((name for name in columns.id if any(table.cell(row, name) for _, row in rows)), columns.id[0])
    seen: dict[str, int] = {}
    for n, row in rows:
        about = f"{table.name}, row {n}:"
        name = table.cell(row, kind)
        if not FOLDER.fullmatch(name):
            raise TableError(
                f"{about} {name!r} in the column {kind!r} cannot be the id of a student, which names a folder: "
                "letters, digits and . @ - _ only, beginning with a letter or a digit."
            )
        if name.casefold() in seen:
            raise TableError(f"{about} the id {name!r} stands in row {seen[name.casefold()]}, too.")
        seen[name.casefold()] = n
        yield _person(table, columns, row, name)


def _is_person(table: Table, columns: Columns, row: Sequence[str]) -> bool:
    """Tell whether a row is about a student; Canvas has rows about the assignments before them."""
    return any(table.cell(list(row), name) for name in columns.id)


def _person(table: Table, columns: Columns, row: list[str], name: str) -> Person:
    identifier = table.cell(row, columns.moodle)
    digits = re.search(r"\d+$", identifier)
    numbers = {
        Platform.MOODLE: digits[0] if digits else "",
        Platform.CANVAS: table.cell(row, columns.canvas),
    }
    also = {name, *(table.cell(row, column) for column in columns.also)}
    return Person(
        name,
        names=frozenset(filter(None, map(same, _names(table, columns, row)))),
        also=frozenset(text.casefold() for text in also if text),
        numbers={platform: number for platform, number in numbers.items() if number},
        # Where marking is anonymous, Moodle calls everyone by this word.
        masked=same(identifier[: digits.start()]) if digits else "",
        submitted=table.cell(row, columns.submitted),
    )


def _names(table: Table, columns: Columns, row: list[str]) -> Iterator[str]:
    """Yield a student's name in every order."""
    whole = table.cell(row, columns.whole) if columns.whole else ""
    if not whole:
        first, last = (
            next(filter(None, (table.cell(row, name) for name in names)), "")
            for names in (columns.first, columns.last)
        )
        yield from (first + last, last + first)
        return
    words = whole.split(",", 1) if "," in whole else whole.split()
    for n in range(len(words)):
        yield "".join(words[n:] + words[:n])
