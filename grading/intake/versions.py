"""Which version of a lesson a submission was made from: told by marks that generation writes into the notebook.

A lesson may be corrected while copies of it are at work. What such a copy did not have, or had in another form,
is not counted as wrong: the report names it, and where it did not earn full points a person decides.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

KEY = "backprop_course"
FORM = ("kind", "asks", "parts", "slots", "tiles", "functions", "name")
# Copies that are at work carry marks made when an essay was called so; it is asked as before.
FORMERLY = {"essay": "person"}


class Mismatch(NamedTuple):
    """What is to be said, and the exercises that are left for manual grading unless they are right."""

    notes: tuple[str, ...] = ()
    open: frozenset[str] = frozenset()


def mark(exercise: Any) -> str:
    """Return the points of an exercise and a short hash of the form in which it is asked."""
    form = [getattr(exercise, name, ()) for name in FORM]
    form = repr([FORMERLY.get(form[0], form[0]), *form[1:]])
    return f"{exercise.points:g} {hashlib.sha256(form.encode()).hexdigest()[:8]}"


def stamp(notebook: Any, lesson: str, exercises: Mapping[str, Any]) -> None:
    """Write the marks of the exercises of `lesson` into the metadata of a notebook that is to be released."""
    marks = {e.id: mark(e) for e in exercises.values() if e.lesson == lesson}
    notebook.metadata[KEY] = {"exercises": marks}


def stamped(metadata: Any) -> dict[str, str]:
    """Return the marks that a submission carries; none where they were lost, or are no marks."""
    about = metadata.get(KEY) if isinstance(metadata, dict) else None
    marks = about.get("exercises") if isinstance(about, dict) else None
    if not isinstance(marks, dict) or len(marks) > 200:
        return {}
    return {str(name)[:60]: text for name, text in marks.items() if isinstance(text, str) and len(text) < 40}


def compared(had: Mapping[str, str], exercises: Iterable[Any]) -> Mismatch:
    """Compare the marks of a submission with the exercises as they are; without any it counts as up to date."""
    now = {exercise.id: mark(exercise) for exercise in exercises}
    if not had.keys() & now.keys() or had == now:
        return Mismatch()
    new = [name for name in now if name not in had]
    form = [name for name in now if name in had and had[name].split(" ")[-1] != now[name].split(" ")[-1]]
    worth = [name for name in now if name in had and name not in form and had[name] != now[name]]
    gone = [ascii(name)[1:-1] for name in had if name not in now]
    parts = ["The submission was made from another version of this lesson."]
    parts += [f"It did not have: {', '.join(new)}."] if new else []
    parts += [f"Asked in a different form since then: {', '.join(form)}."] if form else []
    parts += ["Anything short of full points there is left for manual grading."] if new or form else []
    parts += (
        [f"Worth different points since then: {', '.join(worth)}; today's points count."] if worth else []
    )
    parts += [f"No longer in the lesson, and not graded: {', '.join(gone[:10])}."] if gone else []
    return Mismatch((" ".join(parts),), frozenset(new + form))
