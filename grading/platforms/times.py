"""When something was handed in: from what a list says, and never from a guess."""

import re
from datetime import UTC, datetime, tzinfo

from dateutil import parser
from dateutil.tz import gettz

from grading.platforms.tables import TableError

# With the month as a word or in ISO's order; "09/10/2026" is one day here and another there.
CLEAR = re.compile(r"\d{4}-\d\d-\d\d.*|.*\d{1,2}.*[^\W\d_]{3,}.*\d{4}.*|.*[^\W\d_]{3,} \d{1,2}.*\d{4}.*")


def zone_named(name: str) -> tzinfo:
    """Return a time zone by its name, such as Europe/Vienna.

    Raises
    ------
    TableError
        If there is none of that name.
    """
    found = gettz(name)
    if found is None:
        raise TableError(f"{name!r} is no time zone; give one such as Europe/Vienna or UTC.")
    return found


def moment(text: str, zone: tzinfo | None) -> datetime | None:
    """Return the moment that a text names, or None where it names none that is clear.

    A text without a time zone is read in `zone`; where there is none, it is not clear.
    """
    if not CLEAR.fullmatch(text):
        return None
    try:
        found = parser.parse(text)
    except (ValueError, OverflowError):
        return None
    if found.tzinfo is None:
        if zone is None:
            return None
        found = found.replace(tzinfo=zone)
    return found.astimezone(UTC)


def stamp(when: datetime) -> bytes:
    """Return a moment as nbgrader writes it into timestamp.txt."""
    return when.strftime("%Y-%m-%d %H:%M:%S.%f UTC").encode()
