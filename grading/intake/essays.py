"""Notices an essay that was written into another cell than its own: only a person can tell whether it is one."""

from typing import Any

from grading.intake.released import Released


def elsewhere(cells: list[dict[str, Any]], lesson: Released) -> dict[str, str]:
    """Return the exercises whose essay is empty while a text of the student's own may be it: id -> what to say."""
    essays = {cell.name: cell for cell in lesson.cells if cell.essay}
    written = {
        cell["mark"]
        for cell in cells
        if cell["mark"] in essays and cell["source"].strip() not in ("", essays[cell["mark"]].source.strip())
    }
    found = {}
    for name in essays.keys() - written:
        if any(_may_be(name, number, cells, lesson) for number in range(len(cells))):
            found[name] = f"The cell of {name} is empty, but another cell holds text that may be the answer."
    return found


def _may_be(name: str, number: int, cells: list[dict[str, Any]], lesson: Released) -> bool:
    cell = cells[number]
    text = cell["source"].strip()
    if not text or text in lesson.texts or cell["mark"] is not None:
        return False
    # Whoever adds a cell and types gets a cell of code; anywhere else code is code.
    return cell["cell_type"] != "code" or _follows(name, number, cells, lesson)


def _follows(name: str, number: int, cells: list[dict[str, Any]], lesson: Released) -> bool:
    """Tell whether nothing but the student's own cells stands between the essay's cell and this one."""
    for before in reversed(cells[:number]):
        if before["mark"] == name:
            return True
        if before["mark"] is not None or before["source"].strip() in lesson.texts:
            return False
    return False
