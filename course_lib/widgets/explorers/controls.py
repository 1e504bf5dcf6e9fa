"""What an explorer is set with: fields with labels of their own, usable with the arrow keys alone."""

from __future__ import annotations

from typing import Any

import ipywidgets

# Wide enough for the longest label; a narrow screen wraps the row, not the field.
LAYOUT, STYLE = {"width": "280px"}, {"description_width": "100px"}


def number(label: str, value: float, low: float, high: float, step: float) -> Any:
    """Return a field for a number between `low` and `high`; an arrow key changes it by `step`."""
    if not low <= value <= high:
        raise ValueError(f"{label}: expected a number between {low:g} and {high:g}, got {value:g}")
    return ipywidgets.BoundedFloatText(
        float(value), min=low, max=high, step=step, description=label, layout=LAYOUT, style=STYLE
    )


def count(label: str, value: int, low: int, high: int) -> Any:
    """Return a field for a whole number between `low` and `high`."""
    if not low <= value <= high:
        raise ValueError(f"{label}: expected a whole number between {low} and {high}, got {value}")
    return ipywidgets.BoundedIntText(value, min=low, max=high, description=label, layout=LAYOUT, style=STYLE)


def choice(label: str, value: str, options: dict[str, str]) -> Any:
    """Return a list to choose from; `options` is name -> the words shown for it."""
    return ipywidgets.Dropdown(
        options=[(words, name) for name, words in options.items()],
        value=value,
        description=label,
        layout=LAYOUT,
        style=STYLE,
    )
