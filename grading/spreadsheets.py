"""What goes into a cell of a table that a spreadsheet may open: nothing in it is taken for a formula."""

# Full-width signs too: some spreadsheets read them as the narrow ones.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet may take a text for a formula, which could do anything; a lone ``-`` is none."""
    return text not in FORMULA and (text.startswith(FORMULA) or text.lstrip().startswith(FORMULA))


def harmless(text: str) -> str:
    """Return a text as it is, or behind an apostrophe, which a spreadsheet takes for text."""
    return f"'{text}" if is_formula(text) else text
