"""The lessons that are taught here: the course's, and the instructor's own from ``edition/lessons``, in one order.

An own notebook is read anew when it has changed: the formgrader goes on running while its owner edits it.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from course_lib import edition
from course_lib.exercises import COMPLETE, Exercise, Lesson
from course_lib.exercises import LESSONS as OF_THE_COURSE
from grading.lessons.own import OwnLesson, read

__all__ = ["LESSONS", "OwnLesson", "exercises_of", "notebooks_of_own"]


class _Lessons(Mapping[str, Lesson]):
    """Every lesson by id."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[int, int], OwnLesson]] = {}

    def __getitem__(self, name: str) -> Lesson:
        folder = edition.own_lesson(name)
        if folder is None:
            return OF_THE_COURSE[name]
        if name not in edition.order(COMPLETE):
            raise KeyError(name)
        return self._own(folder)

    def __iter__(self) -> Iterator[str]:
        return (name for name in edition.order(COMPLETE) if name in OF_THE_COURSE or edition.own_lesson(name))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _own(self, folder: Path) -> OwnLesson:
        path = folder / f"{folder.name}.ipynb"
        about = path.stat() if path.is_file() else None
        version = (about.st_mtime_ns, about.st_size) if about else (0, 0)
        if path not in self._known or self._known[path][0] != version:
            self._known[path] = version, read(path, COMPLETE.get(folder.name), OF_THE_COURSE.get(folder.name))
        return self._known[path][1]


LESSONS: Mapping[str, Lesson] = _Lessons()


def exercises_of(lesson: str) -> dict[str, Exercise]:
    """Return the exercises of a lesson by id; none of one that is not taught here."""
    known = LESSONS.get(lesson)
    return {exercise.id: exercise for exercise in known.exercises} if known else {}


def notebooks_of_own() -> Iterator[Path]:
    """Yield the notebooks of the instructor's own lessons."""
    return (lesson.notebook for lesson in LESSONS.values() if isinstance(lesson, OwnLesson))
