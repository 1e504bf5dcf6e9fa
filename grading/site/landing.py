"""The page that a visitor sees first: what the course is, a card that was really made, the lessons, kept work."""

from __future__ import annotations

import hashlib
import json
import linecache
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

import course_lib
from course_lib.checking.cards.card_html import inline
from course_lib.exercises import Lesson
from course_lib.penguin_film import film
from grading.contents import paragraph_below_title, time_needed
from grading.lessons import LESSONS
from grading.site.lite import TITLE

TEMPLATES = Path(__file__).parent / "page"
PAGE_FILES = ("style.css", "keeping.js", "kept_work.js", "first_visit.js")
DESCRIPTION = (
    "A course on gradient descent and backpropagation that checks every gradient you write, in your browser."
)


@dataclass(frozen=True)
class Example:
    """A wrong answer to an exercise, and what somebody would say who knows what is wrong."""

    exercise: str
    lacks: str
    answer: str


# The page shows the first whose exercise is in the edition.
EXAMPLES = (
    Example(
        "gradient_W12",
        "One factor of the chain rule is missing.",
        """\
def gradient_W12(weights, X, D):
    net, y = forward(weights, X)
    e = 2 / len(X) * (y[-1] - D)
    return y[1].T @ e
""",
    ),
    Example(
        "dE_dw11_12",
        "One factor of the chain rule is missing.",
        """\
def dE_dw11_12(W01, W12, X, D):
    net, y = forward([W01, W12], X)
    e = 2 / len(X) * (y[-1] - D)
    return (e * y[1][:, [0]]).sum()
""",
    ),
    Example(
        "warm_up",
        "It is asked for the slope of x², and a factor is missing.",
        """\
def warm_up(x):
    return x
""",
    ),
)


@dataclass(frozen=True)
class Row:
    """A lesson as the page lists it."""

    id: str
    number: str
    title: str
    question: Markup
    minutes: str
    facts: str
    address: str
    edition: str


def page(notebooks: Path, first_visit: int, repository: str = "") -> str:
    """Return the page in HTML; `first_visit` is how many bytes a first visit loads at most."""
    shown = example()
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("index.html").render(
        title=TITLE,
        description=DESCRIPTION,
        lessons=[_row(lesson, notebooks) for lesson in LESSONS.values()],
        film=Markup(film("load this page again")._repr_html_()),
        example=shown,
        card=Markup(verdict(shown)._repr_html_()) if shown else "",
        first=f"{first_visit / 1e6:.0f} MB",
        repository=repository,
        version=course_lib.__version__,
    )


def example() -> Example | None:
    """Return the wrong answer for the page; None where the edition has none of their exercises."""
    asked = {exercise.id for lesson in LESSONS.values() for exercise in lesson.exercises}
    return next((each for each in EXAMPLES if each.exercise in asked), None)


def verdict(example: Example) -> course_lib.Verdict:
    """Return what the check says of a wrong answer."""
    name, text = "<ipython-input-page>", example.answer  # a card quotes lines that stand in a cell
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    space = {"forward": course_lib.forward}
    exec(compile(text, name, "exec"), space)
    return course_lib.check(example.exercise, space[example.exercise])


def _row(lesson: Lesson, notebooks: Path) -> Row:
    path = notebooks / lesson.id / f"{lesson.id}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    text = next((cell.source for cell in cells if cell.cell_type == "markdown"), "")
    exercises = len(lesson.exercises)
    points = f" · {lesson.points:g} points" if lesson.points else ""
    return Row(
        id=lesson.id,
        number=lesson.id[:2],
        title=lesson.title,
        question=Markup(inline(plain(paragraph_below_title(text)))),
        minutes=time_needed(lesson.minutes),
        facts=f"{exercises} exercise{'' if exercises == 1 else 's'}{points}",
        address=f"lab/index.html?path={lesson.id}/{lesson.id}.ipynb",
        edition=edition(path),
    )


def plain(markdown: str) -> str:
    """Return a paragraph without the marks of its bold beginning."""
    return " ".join(markdown.split()).replace("**The question.** ", "").replace("**", "")


def edition(notebook: Path) -> str:
    """Return what tells one edition of a lesson from the next."""
    return hashlib.sha256(notebook.read_bytes()).hexdigest()[:12]


def with_edition(notebook: Path) -> str:
    """Return a notebook's text with its edition in its metadata, so that a copy knows of which it is one."""
    content = nbformat.read(notebook, as_version=4)
    content.metadata["backprop_course"] = {"edition": edition(notebook)}
    content.metadata.setdefault(
        "language_info", {"name": "python"}
    )  # or a visitor is asked to choose a kernel
    return nbformat.writes(content) + "\n"


def write(site: Path, notebooks: Path, weights: Mapping[str, int], repository: str = "") -> None:
    """Put the page and its files into a site."""
    (site / "page").mkdir()
    for name in PAGE_FILES:
        (site / "page" / name).write_bytes((TEMPLATES / name).read_bytes())
    (site / "index.html").write_text(page(notebooks, weights["together"], repository), encoding="utf-8")
    (site / "service-worker.js").rename(site / "jupyterlite-service-worker.js")
    (site / "service-worker.js").write_bytes((TEMPLATES / "service-worker.js").read_bytes())
    lesson = site / "lab" / "index.html"
    head, rest = lesson.read_text(encoding="utf-8").split("<head>", 1)
    settings = json.loads((site / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    version = escape(settings["appVersion"])
    first = f'<head>\n    <script src="../page/first_visit.js" data-version="{version}"></script>'
    lesson.write_text(head + first + rest, encoding="utf-8")
