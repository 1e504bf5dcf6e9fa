"""Tables as CSV: what a platform or a teacher wrote is read whatever separates its cells."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from grading.intake.reading import UnreadableError, read_bytes

MOST_BYTES = 32 * 2**20
SEPARATORS = (",", ";", "\t")


class TableError(ValueError):
    """Raised for a table that cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Table:
    """The first row of a table, the others, and what separates its cells."""

    name: str
    header: list[str]
    rows: list[list[str]]
    separator: str = ","

    @property
    def columns(self) -> dict[str, int]:
        """Where each column stands, by its name in small letters; of two with one name, the first."""
        found: dict[str, int] = {}
        for position, name in enumerate(self.header):
            found.setdefault(name.strip().casefold(), position)
        return found

    def cell(self, row: list[str], column: str) -> str:
        """Return the content of a cell; "" where there is no such column, or the row ends before it."""
        position = self.columns.get(column.casefold())
        return row[position].strip() if position is not None and position < len(row) else ""


def read_table(path: Path) -> Table:
    """Return the table in a file.

    Raises
    ------
    TableError
        If there is none that could be read.
    """
    try:
        text = read_bytes(path, MOST_BYTES).decode("utf-8-sig")
    except UnreadableError as error:
        raise TableError(f"{path} {error}.") from error
    except UnicodeDecodeError as error:
        raise TableError(
            f"{path} is not in UTF-8, so names would come out wrong. Save it as CSV UTF-8."
        ) from error
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if any(row)]
    except csv.Error as error:
        raise TableError(f"{path} is not a table in CSV ({error}).") from error
    if not rows:
        raise TableError(f"{path} is empty.")
    return Table(path.name, rows[0], rows[1:], separator)
