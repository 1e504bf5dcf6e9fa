"""The points of the exercises in the text of the lessons and in the README: written from the exercises, never by hand.

In `solutions/` the text says ``{points:backprop}``, which becomes "5 points", or ``{points each:clinic_1}`` for what
each part of an exercise is worth.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

PLACEHOLDER = re.compile(r"\{points( each)?:(\w+)\}")
# What was meant as one, and what should have been one.
MISSPELT = re.compile(r"\{\s*points?\b[^}\n]*\}?", re.IGNORECASE)
BY_HAND = re.compile(r"^#+ .*\((\d+(?:\.\d+)? points?)\b", re.MULTILINE)


def in_words(points: float) -> str:
    """Return the points as the text says them."""
    known = {0.0: "no points", 0.5: "half a point", 1.0: "1 point"}
    return known.get(points, f"{points:g} points")


def problems(notebook: Any, exercises: Mapping[str, Any], by_hand: bool = False) -> Iterator[str]:
    """Find the placeholders of `notebook` that cannot be written, and points in headings unless these are `by_hand`."""
    for position, cell in enumerate(notebook.cells):
        if cell.cell_type != "markdown":
            continue
        name = f"cell {position} ({cell.get('id', 'without id')})"
        for found in PLACEHOLDER.finditer(cell.source):
            if found[2] not in exercises:
                yield f"{name}: {found[0]} names no exercise; put the id of one after the colon"
        for found in MISSPELT.finditer(PLACEHOLDER.sub("", cell.source)):
            yield (
                f"{name}: {found[0]} would stay in the text as it is; write {{points:ID}} or {{points each:ID}}, "
                "with the id of an exercise"
            )
        for found in BY_HAND.finditer(cell.source) if not by_hand else ():
            yield f"{name}: the heading says '{found[1]}' itself; write {{points:ID}}, with the id of the exercise"


def write(notebook: Any, exercises: Mapping[str, Any]) -> None:
    """Put the points in the place of every placeholder of a notebook that has no `problems`."""

    def points(found: re.Match[str]) -> str:
        exercise = exercises[found[2]]
        return in_words(exercise.points / exercise.parts if found[1] else exercise.points)

    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = PLACEHOLDER.sub(points, cell.source)


def in_table(text: str, lessons: Mapping[str, Any]) -> str:
    """Return the README `text` with the points of every lesson in its table; a lesson without a row is a ValueError."""
    for lesson in lessons.values():
        row = re.compile(rf"^(\| `{lesson.id}` \|.*\|)[^|\n]*\|$", re.MULTILINE)
        text, rows = row.subn(rf"\g<1> {lesson.points:g} |", text)
        if not rows:
            raise ValueError(f"the table of lessons has no row that begins with | `{lesson.id}` |; add one")
    return text
