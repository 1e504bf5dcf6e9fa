"""What a page shows, in its order: the exercises with their points, and the rest of the notebook around them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from markupsafe import Markup
from nbformat.notebooknode import NotebookNode

from course_lib.checking.cards.card_html import inline
from course_lib.exercises import EXERCISES, DiagramExercise
from grading.lessons.own import name_of
from grading.pages import cells, markdown
from grading.pages.anonymous import Names
from grading.pages.marks import NO_MARK, Mark, Marks

_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
NOTHING = Markup("")
HEADINGS = {
    "lesson": NOTHING,
    "failed": Markup("A cell of the lesson that ended with an error"),
    "own": Markup("Beside the exercises"),
}
UNNAMED = Names()


class Plain(NamedTuple):
    """Where a marked cell of an own lesson belongs: an exercise, its heading, and whether a test gives its points."""

    exercise: str
    heading: str
    tested: bool


NO_PLAIN: Mapping[str, Plain] = MappingProxyType({})


@dataclass
class Section:
    """A part of the page; its role is ``"exercise"``, ``"lesson"`` (as it was given), ``"failed"`` or ``"own"``.

    `answer` is the name of the cell that comments are on; with `tested` a test in the student's kernel gave its points,
    and `test` is its code, for the marker's eyes only.
    """

    role: str
    heading: Markup
    id: str = ""
    pieces: list[Markup] = field(default_factory=list)
    card: Markup = NOTHING
    mark: Mark = NO_MARK
    grade: str = ""
    answer: str = ""
    tested: bool = False
    test: Markup = NOTHING
    comment: Markup = NOTHING
    rubric: Markup = NOTHING
    state: str = ""

    @property
    def is_essay(self) -> bool:
        """Whether a person marks it: there is a rubric beside it, or nothing else to go by."""
        return bool(self.grade) and self.grade == self.id and not self.tested


@dataclass
class Page:
    """A page: its sections, and what is to be said above them."""

    title: str
    sections: list[Section]
    marks: Marks
    notes: list[str]
    sandboxed: bool

    @property
    def exercises(self) -> list[Section]:
        """The exercises in the order of the notebook."""
        return [section for section in self.sections if section.role == "exercise"]

    @property
    def to_read(self) -> list[Section]:
        """What waits for a person, or was marked by one."""
        return [s for s in self.exercises if s.is_essay or s.mark.waits]

    @property
    def waiting(self) -> list[Section]:
        """What nobody has marked yet, or is to be looked at again."""
        return [section for section in self.exercises if section.mark.waits]


def build(
    nb: NotebookNode,
    title: str,
    marks: Marks,
    given: frozenset[str],
    names: Names = UNNAMED,
    plain: Mapping[str, Plain] = NO_PLAIN,
) -> Page:
    """Return the page of a graded notebook; `given` holds the cells as the lesson has them, `plain` those not ours."""
    about = nb.metadata.get("grading", {})
    sections: list[Section] = []
    for cell in nb.cells:
        if cell.get("id") != "grading-report":
            _add(sections, cell, given, names, plain)
    for section in sections:
        if section.role == "exercise":
            _judge(section, marks, about.get("verdicts", {}))
    notes = [names.prose(note) for note in about.get("notes", [])]
    return Page(title, sections, marks, notes, about.get("sandbox", True))


def _add(
    sections: list[Section],
    cell: NotebookNode,
    given: frozenset[str],
    names: Names,
    plain: Mapping[str, Plain],
) -> None:
    about = cell.metadata.get("nbgrader", {})
    if about.get("solution") or about.get("grade"):
        section = _exercise(sections, name_of(about), plain)
        _fill(section, cell, about, names)
        return
    role = "own" if cell.source.strip() not in given else "failed" if cells.has_error(cell) else "lesson"
    if not sections or sections[-1].role != role:
        sections.append(Section(role, HEADINGS[role]))
    section = sections[-1]
    section.pieces.extend(cells.pieces(cell, names))
    title = _HEADING.search(cell.source) if role == "lesson" and cell.cell_type == "markdown" else None
    if title and not section.heading:
        section.heading = Markup(markdown.render(title[1]).removeprefix("<p>").strip().removesuffix("</p>"))


def _exercise(sections: list[Section], name: str, plain: Mapping[str, Plain]) -> Section:
    belongs = plain.get(name)
    name = belongs.exercise if belongs else name
    for section in sections:
        if section.role == "exercise" and section.id == name:
            return section
    exercise = belongs or EXERCISES.get(name)
    heading = Markup(inline(exercise.heading)) if exercise else Markup("Exercise")
    sections.append(Section("exercise", heading, name, tested=bool(belongs) and belongs.tested))
    return sections[-1]


def _fill(section: Section, cell: NotebookNode, about: dict, names: Names) -> None:
    exercise = EXERCISES.get(section.id)
    if about.get("grade"):
        section.grade = about["grade_id"]
    if about.get("solution"):
        section.answer = about["grade_id"]
        if isinstance(exercise, DiagramExercise):
            section.pieces += [cells.code(names.code(cell.source)), cells.figure(cell)]
        else:
            section.pieces.extend(cells.pieces(cell, names))
    elif about.get("grade"):
        section.card += cells.card(cell, names)
        section.test += cells.code(cell.source) if section.tested else NOTHING


def _judge(section: Section, marks: Marks, verdicts: dict) -> None:
    section.mark = marks.grades.get(section.grade, NO_MARK)
    said = marks.comments.get(section.answer)
    if said:
        section.comment = markdown.render(said, levels=cells.LEVELS)
    section.state = section.mark.state(verdicts.get(section.id, {}).get("state", ""))


def given_cells(notebook: NotebookNode) -> Iterator[str]:
    """Yield the cells of a lesson that are not the student's to fill in."""
    return (cell.source.strip() for cell in notebook.cells if not cell.metadata.get("nbgrader"))
