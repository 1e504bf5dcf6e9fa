"""The points of a class as Canvas's gradebook imports them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from nbgrader.api import Assignment, Gradebook
from traitlets import Dict, Unicode

from grading.platforms.cells import as_it_is, number, points_in
from grading.platforms.exporting import PlatformExporter, students_by_row
from grading.platforms.roster import Platform
from grading.platforms.scores import Score, State
from grading.platforms.tables import Table, TableError, read_table
from grading.spreadsheets import harmless

KEYS = ("ID", "SIS User ID", "SIS Login ID")
STUDENT = ("Student", *KEYS, "Section")
POINTS = "    Points Possible"
# As Canvas heads the column of an assignment: its name, and its number in brackets.
HEADING = re.compile(r"(?P<title>.*\S)\s*\(\d+\)")
EXCUSED = "ex"
DIGITS = 2


class CanvasExporter(PlatformExporter):
    """``nbgrader export --exporter=grading.platforms.CanvasExporter``: a CSV for Canvas's gradebook.

    With the gradebook that Canvas exported, its own rows are filled: the way that Canvas recommends, and the only one
    in which it finds everyone for sure. Without, a new table has everyone of our gradebook.
    """

    file_name = "grades-canvas.csv"
    gradebook = Unicode("", help="the gradebook as Canvas exported it, whose rows are to be filled").tag(
        config=True
    )
    columns = Dict(
        help="the heading of each lesson's column in Canvas, by the lesson's id: 'Lesson 3 (4711)'"
    ).tag(config=True)

    def table(self, gradebook: Gradebook) -> Iterable[Sequence[object]]:
        """Return the rows of the table, its header first."""
        if self.gradebook:
            return self._filled(gradebook, read_table(Path(self.gradebook)))
        return self._new(gradebook)

    def _new(self, gradebook: Gradebook) -> list[list[str]]:
        lessons = self.lessons(gradebook)
        scores = [self.points(gradebook, lesson) for lesson in lessons]
        headings = [harmless(self.columns.get(lesson.name, lesson.name)) for lesson in lessons]
        rows = [
            [*STUDENT, *headings],
            [POINTS, "", "", "", "", *(number(lesson.max_score, DIGITS) for lesson in lessons)],
        ]
        for student in gradebook.students:
            if self.student and student.id not in map(str, self.student):
                continue
            name = ", ".join(filter(None, (student.last_name, student.first_name)))
            ids = (student.lms_user_id or "", "", student.id)
            keys = [as_it_is(text, f"the {key}") for key, text in zip(KEYS, ids, strict=True)]
            points = [number(found[student.id].points, DIGITS) for found in scores]
            rows.append([harmless(name), *keys, "", *points])
        return rows

    def _filled(self, gradebook: Gradebook, table: Table) -> list[list[str]]:
        if not {"id", "section"} <= table.columns.keys():
            raise TableError(f"{table.name} is no gradebook of Canvas: it has no columns ID and Section.")
        chosen = self._chosen(gradebook, table)
        about = [row for row in table.rows if any(table.cell(row, key) for key in KEYS)]
        keyed = [
            ([table.cell(row, key) for key in KEYS[1:]], _name(table, row), table.cell(row, "ID"))
            for row in about
        ]
        whose, unclear = students_by_row(Platform.CANVAS, keyed, gradebook.students)
        self.tell(gradebook, whose, [keyed[n][1] for n in unclear], table.name)
        possible = next((row for row in table.rows if row[0].strip() == POINTS.strip()), [])
        info = table.header[: table.columns["section"] + 1]
        rows = [info, [POINTS, *[""] * (len(info) - 1)]]
        rows += [[_own(name, table.cell(row, name)) for name in info] for row in about]
        for lesson, heading in chosen.items():
            most = table.cell(possible, heading)
            factor, scores = self.factor(lesson, points_in(most), heading), self.points(gradebook, lesson)
            column = [as_it_is(heading, "the column"), most or number(lesson.max_score, DIGITS)]
            for row, student in zip(about, whose, strict=True):
                column.append(_filled(scores.get(student or ""), factor, table.cell(row, heading)))
            rows = [[*row, cell] for row, cell in zip(rows, column, strict=True)]
        return rows

    def _chosen(self, gradebook: Gradebook, table: Table) -> Mapping[Assignment, str]:
        """Return the lessons with the headings of their columns; TableError where one has none."""
        assignments = table.header[table.columns["section"] + 1 :]
        named = [
            (found["title"] if (found := HEADING.fullmatch(name)) else name, name) for name in assignments
        ]
        counts = Counter(title for title, _ in named)
        titles = {title: name for title, name in named if counts[title] == 1}
        chosen = {}
        for lesson in self.lessons(gradebook):
            wanted = self.columns.get(lesson.name, lesson.name)
            heading = wanted if wanted in assignments else titles.get(wanted)
            if heading:
                chosen[lesson] = heading
            elif self.assignment or lesson.name in self.columns:
                raise TableError(_no_column(table, wanted, lesson.name, assignments))
        if not chosen:
            raise TableError(_no_column(table, "one of a lesson", "LESSON", assignments))
        return chosen


def _no_column(table: Table, wanted: str, lesson: str, assignments: Sequence[str]) -> str:
    return (
        f"{table.name} has no column {wanted!r}. It has: {', '.join(assignments)[:500]}. Say which it is: "
        f"--CanvasExporter.columns={lesson}='HEADING'"
    )


def _filled(score: Score | None, factor: float, there: str) -> str:
    """Return what goes into a cell: an empty one takes a score away in Canvas, so what is not ours stays."""
    if score is None or score.state is State.MISSING or there.casefold() == EXCUSED:
        return harmless(there)
    return number(None if score.points is None else score.points * factor, DIGITS)


def _name(table: Table, row: list[str]) -> str:
    """Return the name in a row, which Canvas writes into one column or, where it is set so, into two."""
    return table.cell(row, "Student") or table.cell(row, "LastName") + table.cell(row, "FirstName")


def _own(name: str, text: str) -> str:
    return as_it_is(text, f"the {name}") if name.strip() in KEYS else harmless(text)
