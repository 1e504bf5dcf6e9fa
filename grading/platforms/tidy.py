"""The points of a class as a tidy table: one row for each exercise of each student."""

from collections.abc import Iterable, Iterator, Sequence

from nbgrader.api import Assignment, Grade, Gradebook, Student

from grading.platforms.cells import number
from grading.platforms.exporting import TableExporter
from grading.platforms.scores import Score, State, lessons_of, scores_of
from grading.spreadsheets import harmless

HEADER = (
    "lesson",
    "exercise",
    "student",
    "last_name",
    "first_name",
    "email",
    "state",
    "auto_score",
    "manual_score",
    "extra_credit",
    "score",
    "max_score",
    "submitted",
    "seconds_late",
    "lesson_penalty",
)
DIGITS = 6


class TidyExporter(TableExporter):
    """``nbgrader export --exporter=grading.platforms.TidyExporter``: a row for each exercise of each student.

    An exercise that waits for a person has no score, whatever it was given automatically. The penalty for being late
    is of the whole lesson: it stands in every row of it, and is part of no row's score.
    """

    file_name = "grades-tidy.csv"

    def table(self, gradebook: Gradebook) -> Iterator[Sequence[object]]:
        """Yield the rows of the table, its header first."""
        yield HEADER
        for lesson in lessons_of(gradebook, [str(name) for name in self.assignment]):
            cells = [cell for one in lesson.notebooks for cell in (*one.grade_cells, *one.task_cells)]
            for score in scores_of(gradebook, lesson, [str(name) for name in self.student]):
                yield from _rows(score, lesson, cells)


def _rows(score: Score, lesson: Assignment, cells: Iterable) -> Iterator[list[str]]:
    submission = score.submission
    grades = (
        {grade.name: grade for notebook in submission.notebooks for grade in notebook.grades}
        if submission and score.state is not State.MISSING
        else {}
    )
    when = submission.timestamp.isoformat() if submission and submission.timestamp else ""
    late = number(submission.total_seconds_late, 0) if when else ""
    penalty = number(submission.late_submission_penalty, DIGITS) if grades else ""
    for cell in cells:
        grade = grades.get(cell.name)
        yield [
            lesson.name,
            harmless(cell.name.removesuffix("_check")),
            *_who(score.student),
            *_points(grade, State.MISSING if score.state is State.MISSING else State.UNGRADED),
            number(cell.max_score, DIGITS),
            when,
            late,
            penalty,
        ]


def _who(student: Student) -> list[str]:
    return [
        harmless(text or "") for text in (student.id, student.last_name, student.first_name, student.email)
    ]


def _points(grade: Grade | None, without: State) -> list[str]:
    """Return the state of an exercise and its points: automatic, a person's, extra, all together."""
    if grade is None:
        return [without.value, "", "", "", ""]
    waits = grade.needs_manual_grade
    parts = (grade.auto_score, grade.manual_score, grade.extra_credit, None if waits else grade.score)
    return [(State.WAITS if waits else State.GRADED).value, *(number(part, DIGITS) for part in parts)]
