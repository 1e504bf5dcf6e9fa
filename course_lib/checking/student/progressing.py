"""`progress`: how far every lesson is, from the notebooks beside this one as they were last saved."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from course_lib import answers, edition
from course_lib.checking.calling.by_kind import is_automatic
from course_lib.checking.cards.content import Card, state_of
from course_lib.checking.cards.verdict import Shown
from course_lib.checking.student.cells import lessons_seen
from course_lib.checking.student.summarizing import of_points, summary
from course_lib.exercises import COMPLETE, EXERCISES, LESSONS, Lesson

NOT_HERE, NOT_STARTED = "not beside this lesson", "not started"
_STATE = re.compile(r'data-state="(\w+)"')


class Standing(NamedTuple):
    """How far one lesson is: its exercises that are right, its points, and what to say where nothing is known."""

    lesson: Lesson
    right: tuple[str, ...] = ()
    points: float = 0.0
    note: str = ""


@dataclass(frozen=True, repr=False)
class Progress(Shown):
    """Every lesson with its points and the next exercise to take up; shows as a card."""

    standings: tuple[Standing, ...]
    label = "Progress through the course"

    @property
    def card(self) -> Card:
        """The list as a card."""
        rows = [("lesson", "points", "exercises right"), *map(_row, self.standings)]
        done = sum(len(s.right) == len(_automatic(s.lesson)) for s in self.standings)
        begun = any(s.right or s.points for s in self.standings)
        state = state_of(done, len(self.standings)) if done else "partly" if begun else "unanswered"
        result = f"{done} of {len(self.standings)} lessons done."
        saved = "Other lessons count as they were last checked and saved; this one was checked just now."
        said = (_next(self.standings), saved, _not_counted())
        return Card(state, result, tuple(filter(None, said)), tuple(rows))

    @property
    def score(self) -> str:
        """The points reached in all lessons, and how many of them a check cannot give."""
        exercises = [exercise for standing in self.standings for exercise in standing.lesson.exercises]
        return of_points(sum(standing.points for standing in self.standings), exercises)


def progress() -> Progress:
    """Show how far every lesson of the course is.

    Returns
    -------
    Progress
        The lessons checked in this kernel by their answers now; the others by the checks saved in the notebooks
        of their folders, beside the folder of this one. Nothing is run there and nothing is written.
    """
    here, now = lessons_seen(), {v.exercise: v for v in summary().verdicts}
    beside = answers.folder().parent
    return Progress(
        tuple(
            _standing(lesson, {e.id: (now[e.id].right, now[e.id].points) for e in lesson.exercises})
            if lesson.id in here
            else _saved(lesson, beside / lesson.id / f"{lesson.id}.ipynb")
            for lesson in LESSONS.values()
        )
    )


def _saved(lesson: Lesson, path: Path) -> Standing:
    """Return the standing of `lesson` by the outputs that its notebook was saved with."""
    if not path.is_file():
        return Standing(lesson, note=NOT_HERE)
    try:
        found = dict(_checks(json.loads(path.read_bytes())))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Standing(lesson, note=f"cannot be read: {path.parent.name}/{path.name}")
    return _standing(lesson, found) if found else Standing(lesson, note=NOT_STARTED)


def _checks(notebook: dict) -> Any:
    """Yield the exercises of which a verdict was saved, each with (right, points)."""
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "").removesuffix("_check")
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            state = _STATE.search("".join(data.get("text/html", "")))
            if name in EXERCISES and state:
                # NaN compares false with everything, so it counts as nothing.
                points = float("".join(data["text/plain"]))
                yield name, (state[1] == "right", points if 0 <= points <= EXERCISES[name].points else 0.0)


def _standing(lesson: Lesson, found: dict[str, tuple[bool, float]]) -> Standing:
    known = {name: found.get(name, (False, 0.0)) for name in _automatic(lesson)}
    if not any(points or right for right, points in known.values()):
        return Standing(lesson, note="none yet")
    right = tuple(name for name, (is_right, _) in known.items() if is_right)
    return Standing(lesson, right, sum(points for _, points in known.values()))


def _automatic(lesson: Lesson) -> tuple[str, ...]:
    return tuple(exercise.id for exercise in lesson.exercises if is_automatic(exercise))


def _row(standing: Standing) -> tuple[str, str, str]:
    lesson = standing.lesson
    points = f"{standing.points:g} of {lesson.points:g}" if lesson.points else "practice"
    right = f"{len(standing.right)} of {len(_automatic(lesson))}"
    return f"{lesson.id[:2]} {lesson.title}", points, standing.note or right


def _not_counted() -> str:
    """Name the lessons of the instructor's own: they have tests, not checks, so nothing is known of them here."""
    own = ", ".join(f"`{name}`" for name in edition.order(COMPLETE) if name not in COMPLETE)
    return own and f"Not counted here, since its points come after you hand it in: {own}."


def _next(standings: tuple[Standing, ...]) -> str:
    for standing in standings:
        left = [name for name in _automatic(standing.lesson) if name not in standing.right]
        if left:
            return f"Next: `{left[0]}` in {standing.lesson.id}."
    return "Every lesson is done. Well done."
