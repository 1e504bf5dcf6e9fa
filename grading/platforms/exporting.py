"""What the exporters share: points for the columns of a platform, and a file that is written in one step."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, Student
from nbgrader.plugins import ExportPlugin
from traitlets import Bool

from course_lib.files import replacing
from grading.platforms.roster import Owner, Person, Platform, Roster, same
from grading.platforms.scores import Score, State, lessons_of, scores_of
from grading.platforms.tables import TableError

SAME = 1e-6


class TableExporter(ExportPlugin):
    """Writes the points of a gradebook as a table; what it cannot write it says, and then writes nothing.

    Not named Exporter: what a configuration says of nbconvert's would be meant for it, too.
    """

    file_name = ""

    def export(self, gradebook: Gradebook) -> None:
        """Write the table to ``--to``, or where there is none to the exporter's own file.

        Raises
        ------
        TableError
            If it cannot be written; on the command line that is said, and the exit status is 1.
        """
        path = Path(self.to or self.file_name)
        try:
            rows = [[str(cell) for cell in row] for row in self.table(gradebook)]
            with replacing(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        except (TableError, OSError) as error:
            if self.parent is None:
                raise
            self.log.error(f"{path} cannot be written: {error}" if isinstance(error, OSError) else str(error))
            raise SystemExit(1) from error
        self.log.info("Wrote %s.", path)

    def table(self, gradebook: Gradebook) -> Iterable[Sequence[object]]:
        """Return the rows of the table, its header first."""
        raise NotImplementedError


class PlatformExporter(TableExporter):
    """Fills columns of a platform, one a lesson; a cell is empty where the points are not known yet."""

    scale = Bool(
        False, help="where the platform gives a lesson other points, turn ours into those in proportion"
    ).tag(config=True)

    def lessons(self, gradebook: Gradebook) -> list[Assignment]:
        """Return the lessons that were asked for."""
        return lessons_of(gradebook, [str(name) for name in self.assignment])

    def points(self, gradebook: Gradebook, lesson: Assignment) -> dict[str, Score]:
        """Return the scores of a lesson by student, and say how many there are none of."""
        found = {one.student.id: one for one in scores_of(gradebook, lesson, list(map(str, self.student)))}
        counts = Counter(one.state for one in found.values())
        for state in (State.WAITS, State.UNGRADED, State.MISSING):
            if counts[state]:
                self.log.warning("%s: %d left empty: %s.", lesson.name, counts[state], state.value)
        return found

    def factor(self, lesson: Assignment, theirs: float | None, column: str) -> float:
        """Return by what our points are multiplied; TableError is raised where that was not allowed."""
        ours = lesson.max_score
        if theirs is None or abs(theirs - ours) < SAME:
            return 1.0
        if not self.scale or not ours:
            name = type(self).__name__
            raise TableError(
                f"The platform gives {theirs:g} points for {column!r}, and {lesson.name} has {ours:g}. Set it to "
                f"{ours:g} there, or have the points turned into those: --{name}.scale=True"
            )
        return theirs / ours

    def tell(
        self, gradebook: Gradebook, whose: Sequence[str | None], unclear: Sequence[str], table: str
    ) -> None:
        """Say which rows of a platform's table were not filled, and which of our students have none."""
        for name in unclear:
            self.log.warning("%s: not filled: it cannot be told whose row this is.", name)
        wanted = set(map(str, self.student)) or {student.id for student in gradebook.students}
        for student in sorted(wanted - set(whose)):
            self.log.warning("%s has no row in %s.", student, table)


def students_by_row(
    platform: Platform, rows: Sequence[tuple[Sequence[str], str, str]], students: Iterable[Student]
) -> tuple[list[str | None], list[int]]:
    """Return the student that each row of a platform's table is about, None where that is nobody of ours.

    A row is given by its ids (logins, addresses), its name and the platform's number. The second list holds the rows
    that may be about several students, or share theirs with another row: nobody is guessed.
    """
    roster = Roster(_person(student, platform) for student in students)
    found = [_whose(roster, platform, *row) for row in rows]
    claims = Counter(people[0].id for people in found if len(people) == 1)
    unclear = [
        n for n, people in enumerate(found) if len(people) > 1 or (people and claims[people[0].id] > 1)
    ]
    return [people[0].id if people and n not in unclear else None for n, people in enumerate(found)], unclear


def _whose(
    roster: Roster, platform: Platform, ids: Sequence[str], name: str, number: str
) -> tuple[Person, ...]:
    called = roster.called(ids)
    return called or roster.find(Owner(platform, name, number))


def _person(student: Student, platform: Platform) -> Person:
    first, last = student.first_name or "", student.last_name or ""
    return Person(
        student.id,
        names=frozenset(filter(None, (same(first + last), same(last + first)))),
        also=frozenset(filter(None, (student.id.casefold(), (student.email or "").casefold()))),
        numbers={platform: student.lms_user_id} if student.lms_user_id else {},
    )
