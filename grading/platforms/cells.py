"""What goes into a cell of a table for a platform."""

from grading.platforms.tables import TableError
from grading.spreadsheets import is_formula


def as_it_is(text: str, what: str) -> str:
    """Return a text by which a platform finds a student, and which may therefore not be changed.

    Raises
    ------
    TableError
        If a spreadsheet may take it for a formula.
    """
    if is_formula(text):
        raise TableError(
            f"{what} {text!r} begins like a formula of a spreadsheet, and the platform needs it as it is: nothing was "
            "written. Change it in the gradebook, or leave that student out with --student."
        )
    return text


def number(value: float | None, digits: int) -> str:
    """Return points as a cell shows them, with a point and no zeros behind it; "" for None."""
    if value is None:
        return ""
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def points_in(text: str) -> float | None:
    """Return the points that a cell of a platform shows, with a point or a comma; None where it shows none."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
