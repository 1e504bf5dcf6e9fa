"""The points of a class as Moodle imports them: in its grading worksheet, or as a table for its gradebook."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from nbgrader.api import Assignment, Gradebook
from traitlets import Dict, Unicode

from grading.platforms.cells import as_it_is, number, points_in
from grading.platforms.exporting import PlatformExporter, students_by_row
from grading.platforms.roster import Platform
from grading.platforms.scores import Score, State
from grading.platforms.tables import Table, TableError, read_table
from grading.spreadsheets import harmless

# What Moodle reads of its worksheet, what it finds a student by, and what helps a person.
READ = ("Identifier", "Grade", "Last modified (grade)")
IDS = ("Username", "ID number", "Email address")
KEPT = ("Identifier", "Full name", *IDS, "Grade", "Maximum Grade", "Last modified (grade)")
PEOPLE = ("First name", "Last name", "ID number", "Email address")
DIGITS = 5


class MoodleExporter(PlatformExporter):
    """``nbgrader export --exporter=grading.platforms.MoodleExporter``: a CSV for Moodle.

    With the grading worksheet of an assignment, downloaded from Moodle, its grades are filled. Without, a table with a
    column a lesson is made for the import into Moodle's gradebook, where a person says which column is which.
    """

    file_name = "grades-moodle.csv"
    worksheet = Unicode("", help="Moodle's grading worksheet of the lesson, to be filled").tag(config=True)
    headings = Dict(
        help="the headings of a worksheet in another language, by the English ones: Grade='Bewertung'"
    ).tag(config=True)

    def table(self, gradebook: Gradebook) -> Iterable[Sequence[object]]:
        """Return the rows of the table, its header first."""
        if self.worksheet:
            return self._filled(gradebook, read_table(Path(self.worksheet)))
        return self._new(gradebook)

    def _new(self, gradebook: Gradebook) -> list[list[str]]:
        lessons = self.lessons(gradebook)
        scores = [self.points(gradebook, lesson) for lesson in lessons]
        rows = [[*PEOPLE, *(lesson.name for lesson in lessons)]]
        for student in gradebook.students:
            if self.student and student.id not in map(str, self.student):
                continue
            rows.append(
                [
                    harmless(student.first_name or ""),
                    harmless(student.last_name or ""),
                    as_it_is(student.id, "the ID number"),
                    as_it_is(student.email or "", "the Email address"),
                    *(number(found[student.id].points, DIGITS) for found in scores),
                ]
            )
        return rows

    def _filled(self, gradebook: Gradebook, table: Table) -> list[list[str]]:
        lesson = self._only_lesson(gradebook)
        named = {name: self.headings.get(name, name) for name in KEPT}
        for name in READ:
            if named[name].casefold() not in table.columns:
                raise TableError(
                    f"{table.name} has no column {named[name]!r}, without which Moodle does not import it. It has: "
                    f"{', '.join(table.header)[:500]}. A worksheet in another language: "
                    f"--MoodleExporter.headings={name}='HEADING'"
                )
        keyed = [
            ([table.cell(row, named[name]) for name in IDS], table.cell(row, named["Full name"]), "")
            for row in table.rows
        ]
        whose, unclear = students_by_row(Platform.MOODLE, keyed, gradebook.students)
        self.tell(gradebook, whose, [keyed[n][1] for n in unclear], table.name)
        kept = {name: named[name] for name in KEPT if named[name].casefold() in table.columns}
        scores = self.points(gradebook, lesson)
        rows = [[table.header[table.columns[heading.casefold()]] for heading in kept.values()]]
        for row, student in zip(table.rows, whose, strict=True):
            theirs = points_in(table.cell(row, named["Maximum Grade"]))
            factor = self.factor(lesson, theirs, table.name)
            grade = self._grade(scores.get(student or ""), factor, theirs, table.cell(row, named["Grade"]))
            rows.append([_cell(name, table.cell(row, heading), grade) for name, heading in kept.items()])
        return rows

    def _only_lesson(self, gradebook: Gradebook) -> Assignment:
        if len(self.assignment) != 1:
            raise TableError(
                "A worksheet of Moodle's is of one assignment: say which lesson it is, "
                "--assignment='[\"03_identify_gradients\"]'"
            )
        return self.lessons(gradebook)[0]

    def _grade(self, score: Score | None, factor: float, most: float | None, there: str) -> str:
        """Return the grade of a row: what is not ours stays, and Moodle passes over an empty one."""
        if score is None or score.state is State.MISSING:
            return harmless(there)
        points = None if score.points is None else score.points * factor
        if points is not None and most is not None and points > most:
            self.log.warning(
                "%s has %s of %s points: Moodle passes over more than all of them. Enter these by hand.",
                score.student.id,
                number(points, DIGITS),
                number(most, DIGITS),
            )
        return number(points, DIGITS)


def _cell(name: str, text: str, grade: str) -> str:
    if name == "Grade":
        return grade
    return as_it_is(text, f"the {name}") if name in READ else harmless(text)
