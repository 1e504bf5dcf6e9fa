"""Renders a page in a process of its own: no text of a student's may keep the class from its feedback."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict

from grading.bounded import MB, BoundedError, Budget, run
from grading.pages import cells, html, markdown
from grading.pages.anonymous import Names
from grading.pages.marks import Mark, Marks
from grading.pages.page import Plain, build

BUDGET = Budget(memory=448 * MB, seconds=90.0, cpu=30, answer=64 * MB)


@dataclass(frozen=True)
class Order:
    """A page to be made: its template and title, the graded notebook, and what the gradebook says of it.

    `given` are the cells as the lesson has them, `hidden` the names that are not shown, `rubrics` the solutions of
    essays by exercise; `plain` are the marked cells of plain nbgrader by name; `about` is for the template.
    """

    template: str
    title: str
    notebook: dict[str, Any]
    marks: Marks
    given: Iterable[str] = ()
    hidden: Iterable[str] | None = None
    rubrics: dict[str, str] = field(default_factory=dict)
    plain: dict[str, Plain] = field(default_factory=dict)
    about: dict[str, Any] | None = None


def rendered(order: Order, budget: Budget = BUDGET) -> str:
    """Return the page as HTML; where that takes too much, one with the points alone, which says so."""
    sent = {name: getattr(order, name) for name in Order.__dataclass_fields__}
    sent |= {"given": sorted(order.given), "marks": asdict(order.marks)}
    sent["hidden"] = None if order.hidden is None else list(order.hidden)
    try:
        return str(run(page, json.dumps(sent).encode(), budget))
    except BoundedError as error:
        return _page(replace(order, notebook=_without_answers(order.notebook, str(error))))


def page(order: bytes) -> str:
    """Return a page as HTML; this runs in the process with limits."""
    told = json.loads(order)
    grades = {name: Mark(*mark) for name, mark in told["marks"]["grades"].items()}
    return _page(Order(**told | {"marks": Marks(**told["marks"] | {"grades": grades})}))


def _page(order: Order) -> str:
    notebook = from_dict(order.notebook)
    names = Names() if order.hidden is None else Names.of(notebook, order.hidden)
    plain = {name: Plain(*told) for name, told in order.plain.items()}
    made = build(notebook, order.title, order.marks, frozenset(order.given), names, plain)
    for section in made.exercises:
        if section.is_essay and section.id in order.rubrics:
            section.rubric = markdown.render(order.rubrics[section.id], levels=cells.LEVELS)
    return html.render(order.template, made, **({} if order.about is None else {"about": order.about}))


def _without_answers(notebook: dict[str, Any], why: str) -> dict[str, Any]:
    """Return a notebook of which nothing is left but where the points go."""
    told = notebook["metadata"].get("grading", {})
    note = f"What was handed in cannot be shown here ({why}). The points are those of the grading."
    grading = {"notes": [note], "verdicts": told.get("verdicts", {}), "sandbox": told.get("sandbox", True)}
    graded = [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade")]
    kept = [
        NotebookNode(cell_type="raw", source="", metadata=cell["metadata"] | {"nbgrader": _mark(cell)})
        for cell in graded
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"grading": grading}, "cells": kept}


def _mark(cell: dict[str, Any]) -> dict[str, Any]:
    return {"grade_id": cell["metadata"]["nbgrader"]["grade_id"], "grade": True, "solution": False}
