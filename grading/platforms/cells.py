"""What goes into a cell of a table that a spreadsheet may open: nothing in it is taken for a formula."""

from grading.platforms.tables import TableError

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet may take a text for a formula, which could do anything; a lone ``-`` is none."""
    return text not in FORMULA and (text.startswith(FORMULA) or text.lstrip().startswith(FORMULA))


def harmless(text: str) -> str:
    """Return a text as it is, or behind an apostrophe, which a spreadsheet takes for text."""
    return f"'{text}" if is_formula(text) else text


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
