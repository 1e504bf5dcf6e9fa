"""A lesson may change while submissions of it exist: the gradebook takes the change over, and no mark is lost."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    Notebook,
    SolutionCell,
    SourceCell,
)
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import SaveCells

from course_lib.edition import LESSON_FOLDER
from course_lib.exercises import EXERCISES
from grading import rights, sources
from grading.lessons import LESSONS

_start = GenerateAssignment.start


class SaveChangedCells(SaveCells):
    """Records the cells of a lesson also where submissions exist: new ones get a place in each of them."""

    def _create_notebook(self, nb: NotebookNode) -> None:
        """Stand in the place of nbgrader's method, which takes no change of cells once something was handed in."""
        try:
            notebook = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        except MissingEntry:
            notebook = None
        if notebook and notebook.submissions:
            self._take_over(notebook)
        super()._create_notebook(nb)

    def _take_over(self, notebook: Notebook) -> None:
        """Bring the cells that the gradebook knows in line with the lesson, in one transaction."""
        database = self.gradebook.db
        for cell in (*notebook.grade_cells, *notebook.solution_cells):
            new = self.new_grade_cells if isinstance(cell, GradeCell) else self.new_solution_cells
            if cell.name not in new:
                for entry in (*cell.grades, *cell.comments, cell):
                    database.delete(entry)
        entries = [entry.id for entry in notebook.submissions]
        for name in self.new_grade_cells.keys() - {cell.name for cell in notebook.grade_cells}:
            cell = self._added(GradeCell, notebook, name, self.new_grade_cells[name])
            database.add_all(Grade(cell_id=cell.id, notebook_id=entry) for entry in entries)
        for name in self.new_solution_cells.keys() - {cell.name for cell in notebook.solution_cells}:
            cell = self._added(SolutionCell, notebook, name, self.new_solution_cells[name])
            database.add_all(Comment(cell_id=cell.id, notebook_id=entry) for entry in entries)
        for cell in notebook.source_cells:
            database.delete(cell)
        database.flush()  # so that they stand in the order of the lesson
        for name, about in self.new_source_cells.items():
            self._added(SourceCell, notebook, name, about)
        database.commit()

    def _added(self, kind: type, notebook: Notebook, name: str, about: dict) -> Any:
        cell = kind(name=name, notebook_id=notebook.id, **about)
        self.gradebook.db.add(cell)
        self.gradebook.db.flush()
        return cell


def marked_and_gone(gradebook: Gradebook, lesson: str, names: Iterable[str]) -> Iterator[str]:
    """Find what a person has marked or commented in cells that `names`, the cells of the lesson, leaves out."""
    kept = set(names)
    try:
        notebook = gradebook.find_notebook(lesson, lesson)
    except MissingEntry:
        return
    for cell in (*notebook.grade_cells, *notebook.solution_cells):
        if cell.name in kept:
            continue
        given = [g for g in cell.grades if g.manual_score is not None or g.extra_credit is not None]
        given += [c for c in cell.comments if c.manual_comment]
        if given:
            yield (
                f"{lesson}: the cell {cell.name!r} is no longer in the lesson, but {len(given)} marks or comments "
                "were given for it, which would be lost. Keep the exercise and give it 0 points, or take them back "
                "in the formgrader first."
            )


def disagreements(points: Mapping[str, float | None], exercises: Iterable[Any]) -> Iterator[str]:
    """Find where the gradebook, whose grade cells have these `points` by exercise, states others than the exercises."""
    for exercise in exercises:
        stated = points.get(exercise.id, exercise.points)
        if stated != exercise.points:
            yield (
                f"{exercise.id} is worth {stated:g} points in the gradebook, and {exercise.points:g} in "
                "course_lib.exercises."
            )


def start(converter: GenerateAssignment) -> None:
    """Stand in the place of `GenerateAssignment.start`: refuse what cannot be released before anything is touched."""
    course = converter.coursedir
    folder = Path(course.format_path(course.source_directory, ".", course.assignment_id))
    if folder.is_dir() and LESSON_FOLDER.fullmatch(course.assignment_id):
        problems = sources.problems(folder, LESSONS, EXERCISES)
        if not problems and not converter.no_database:
            names = sources.names_of_cells(folder)
            with Gradebook(course.db_url, course.course_id) as gradebook:
                problems = list(marked_and_gone(gradebook, course.assignment_id, names))
        for problem in problems:
            converter.log.error(problem)
        if problems:
            raise NbGraderException("\n".join(problems))
    _start(converter)


def run_post_convert_hook(converter: GenerateAssignment) -> None:
    """Stand in the place of the last step: open what was generated, before another command may replace it."""
    course = converter.coursedir
    rights.open_release(Path(course.format_path(course.release_directory, ".", course.assignment_id)))
    super(GenerateAssignment, converter).run_post_convert_hook()


def configure() -> None:
    """Make `nbgrader generate_assignment`, and the formgrader's button, ask first."""
    GenerateAssignment.start = start
    GenerateAssignment.run_post_convert_hook = run_post_convert_hook
