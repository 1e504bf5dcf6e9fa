"""The page of contents beside the released lessons, made from the lessons themselves."""

from pathlib import Path

import nbformat

from course_lib.exercises import DiagramExercise, EssayExercise, Exercise, Lesson
from grading.lessons import OwnLesson

NAME = "README.md"
CLOSING = "## What you can now do"
_HEAD = """\
# The lessons

One story: three kinds of penguins, and a network that learns to tell them apart. Each lesson from 01 on opens with
three questions about those before, and closes with a challenge.

Start with lesson 00 and go down the list. No lesson uses what you wrote in another, so you may skip one. The times
are estimates for a first visit; each lesson has a resting place halfway. `make lab`, in the folder above, copies the
lessons into `work/` and opens them there; everything in this folder is generated, so do not edit it.
"""
# What can be explored in a lesson: a picture beside the workflows of the repository, and what it shows.
PICTURES = {
    "01_gradient_descent": {
        "explore_descent": "A walk on a hillside and on its map, its height at every step, and a prediction.",
    },
    "02_forward_pass": {
        "fill": "The 2-2-1 network with some symbols in their places, each marked right or wrong; the rest on tiles.",
        "forward": "The 3-4-2 network with a number at every node and weight; a chosen weight with its slider.",
    },
    "03_identify_gradients": {
        "choose": "The 2-2-1 network with one weight drawn strong, and the factors chosen for its derivative.",
        "trace": "The 3-4-2 network with both paths of a weight drawn strong, and every factor on them in numbers.",
    },
    "04_backpropagation": {
        "watch_backward": "The 3-4-2 network in the middle of the backward pass, with each sum written out below.",
        "explore_training": "The error of a network while it learns, its outputs for every penguin, and its weights.",
    },
    "05_vanishing_and_exploding_gradients": {
        "explore_depth": "The norm of the gradient in each of ten layers, for tanh and for the sigmoid.",
        "explore_clipping": "The error of a run that explodes, and of the same run with its gradient clipped.",
    },
}
_KINDS = {DiagramExercise: "in the diagram", EssayExercise: "marked by hand"}


def page(lessons: dict[str, Lesson], solutions: Path) -> str:
    """Return the page, in Markdown: what each lesson asks and teaches, how long it takes, what its exercises are.

    A lesson with no question to begin with, or no list of what one can do at its end, is a ValueError, unless it is of
    the instructor's own.
    """
    rows = [
        f"| [{lesson.id[:2]} · {lesson.title}]({lesson.id}/{lesson.id}.ipynb) | {time_needed(lesson.minutes)} "
        f"| {len(lesson.exercises)} | {lesson.points or 'none'} |"
        for lesson in lessons.values()
    ]
    minutes = sum(lesson.minutes for lesson in lessons.values())
    points = sum(lesson.points for lesson in lessons.values())
    exercises = sum(len(lesson.exercises) for lesson in lessons.values())
    table = [
        "| lesson | about | exercises | points |",
        "|---|---|---|---|",
        *rows,
        f"| together | {time_needed(minutes)} | {exercises} | {points} |",
    ]
    parts = [_HEAD, "\n".join(table) + "\n", *(_section(lesson, solutions) for lesson in lessons.values())]
    return "\n".join(parts)


def _section(lesson: Lesson, solutions: Path) -> str:
    path = solutions / lesson.id / f"{lesson.id}.ipynb"
    texts = [c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "markdown"]
    learnt = next((_list(text) for text in texts if text.startswith(CLOSING)), "")
    question = paragraph_below_title(texts[0]) if texts else ""
    if not (learnt and question) and not isinstance(lesson, OwnLesson):
        raise ValueError(
            f"{path.parent.name}/{path.name}: the page of contents needs a paragraph under the title, "
            f"and a cell {CLOSING!r} with a list"
        )
    pictures = PICTURES.get(lesson.id, {}).items()
    shown = [f"![{alt}](../.github/pictures/{name}.png)\n" for name, alt in pictures]
    exercises = ["| exercise | | points |", "|---|---|---|", *map(_row, lesson.exercises)]
    said = (
        f"## {lesson.id[:2]} · {lesson.title}",
        question,
        f"Afterwards you can:\n\n{learnt}" if learnt else "",
    )
    return "\n".join(
        [
            *(f"{part}\n" for part in said if part),
            *shown,
            *exercises,
            "",
        ]
    )


def paragraph_below_title(text: str) -> str:
    """Return the first paragraph under the title."""
    return next((part for part in text.split("\n\n") if part and not part.startswith("#")), "")


def _list(text: str) -> str:
    """Return the items of a list, each begun with a small letter since they go on after "you can"."""
    items = [line[2:] for line in text.splitlines() if line.startswith("- ")]
    return "\n".join(f"- {item[0].lower()}{item[1:].rstrip('.')}" for item in items)


def _row(exercise: Exercise) -> str:
    where = f" ({_KINDS[type(exercise)]})" if type(exercise) in _KINDS else ""
    return f"| `{exercise.id}` | {exercise.title}{where} | {exercise.points or 'practice'} |"


def time_needed(minutes: int) -> str:
    """Return a time in hours and minutes."""
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest else "")))
