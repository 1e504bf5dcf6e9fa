"""Chooses, among the files of a submission, the notebook and the answers.json that a fair person would take."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from course_lib.answers import NAME
from course_lib.answers.file import MOST_BYTES, SavedAnswers, parse
from course_lib.checking.calling.by_kind import in_file
from course_lib.exercises import EXERCISES
from grading.intake import versions
from grading.intake.files import MOST_FILE, File
from grading.intake.reading import Read, UnreadableError, cells_of
from grading.intake.released import Released
from grading.lessons import LESSONS

MOST_NOTEBOOKS = 20
# answers.json, and what systems call a second one: "answers (1).json", "answers - Copy.json", "answers-Copy1.json".
ANSWERS = re.compile(r"answers(?!\.damaged)\b.*\.json", re.IGNORECASE)


@dataclass
class Notebook:
    """A notebook that was handed in: what could be read of it, and which exercises are answered in it."""

    file: File
    read: Read
    own: frozenset[str] = frozenset()  # the sources of cells that are not as released
    answered: dict[str, str] = field(default_factory=dict)  # exercise id -> source of its solution cell
    ours: bool = False  # whether it is of this lesson


@dataclass
class Choice:
    """The files taken, and what is to be said; `open` and `look` are exercises left for manual grading.

    Those in `open` only where they are not right, those in `look` in any case.
    """

    notebook: Notebook | None = None
    answers: File | None = None
    notes: list[str] = field(default_factory=list)
    open: set[str] = field(default_factory=set)
    look: set[str] = field(default_factory=set)


def choose(files: Iterable[File], lesson: Released) -> Choice:
    """Return what is to be graded, and say where that was a choice."""
    files, choice = list(files), Choice()
    _choose_notebook(files, lesson, choice)
    _choose_answers(files, lesson, choice)
    return choice


def _choose_notebook(files: list[File], lesson: Released, choice: Choice) -> None:
    wanted = f"{lesson.lesson}.ipynb"
    notebooks, broken = _notebooks(files, lesson)
    named = [notebook for notebook in notebooks if notebook.file.name == wanted]
    candidates = [notebook for notebook in notebooks if notebook.ours] or named or notebooks
    best = max(candidates, key=lambda one: _rank(one, wanted), default=None)
    # A broken one counts where it has the name asked for, or where it may be the one that was worked on.
    broken = [(file, why) for file, why in broken if file.name == wanted or not (best and best.own)]
    choice.notes += [f"The notebook {file.label!r} {why}." for file, why in broken]
    if broken or not best:
        choice.open |= lesson.exercises
    if not best:
        missing = "" if broken else f"The notebook {wanted} is missing. "
        choice.notes.append(
            f"{missing}No answer could be graded, so every exercise waits for manual grading."
        )
        return
    choice.notebook = best
    _tell_of_name(best, named, broken, choice)
    _tell_of_others(best, candidates, lesson, choice)


def _rank(one: Notebook, wanted: str) -> tuple:
    return len(one.answered), len(one.own), one.file.name == wanted, -len(one.file.place)


def _notebooks(files: list[File], lesson: Released) -> tuple[list[Notebook], list[tuple[File, str]]]:
    found, broken = [], []
    for file in [file for file in files if file.is_notebook][:MOST_NOTEBOOKS]:
        try:
            found.append(_notebook(file, cells_of(file.read(MOST_FILE)), lesson))
        except UnreadableError as error:
            broken.append((file, str(error)))
    return found, broken


def _notebook(file: File, read: Read, lesson: Released) -> Notebook:
    solutions = {cell.name: cell for cell in lesson.cells if cell.solution}
    own = {text for cell in read.cells if (text := cell["source"].strip())} - lesson.texts
    answered = {
        cell["mark"]: text
        for cell in read.cells
        if cell["mark"] in solutions and (text := cell["source"].strip()) in own
    }
    marked = any(cell["mark"] in solutions for cell in read.cells)
    stamped = versions.stamped(read.metadata).keys() & lesson.exercises
    return Notebook(file, read, frozenset(own), answered, ours=marked or bool(stamped))


def _tell_of_name(best: Notebook, named: list[Notebook], broken: list, choice: Choice) -> None:
    label = best.file.label
    if best in named:
        if best.file.place:
            choice.notes.append(f"The notebook was found at {label!r}.")
    elif named and not named[0].own:
        choice.notes.append(f"{named[0].file.label!r} was not worked on; {label!r} was, and is graded.")
    elif not broken and not named:
        choice.notes.append(f"There is no notebook of the name asked for; {label!r} was graded in its place.")
    elif not named:
        choice.notes.append(f"{label!r} was graded in its place.")


def _tell_of_others(best: Notebook, candidates: list[Notebook], lesson: Released, choice: Choice) -> None:
    """Name every other notebook that was worked on and differs; a person looks at what differs."""
    for other in candidates:
        if other is best or not other.own or other.own == best.own:
            continue
        if _is_older(other.file, other.answered, best.file, best.answered):
            choice.notes.append(f"{other.file.label!r} holds other answers; {best.file.label!r} was graded.")
            continue
        names = lesson.exercises & (best.answered.keys() | other.answered.keys())
        differ = {name for name in names if best.answered.get(name) != other.answered.get(name)}
        choice.look |= differ
        choice.open |= lesson.exercises
        counts = f"{len(best.answered)} against {len(other.answered)}"
        choice.notes.append(
            f"Two different notebooks were worked on. {best.file.label!r} was graded because it has at least as many "
            f"answers ({counts}); please look at {other.file.label!r}, too."
        )


def _is_older(file: File, answered: dict, best: File, better: dict) -> bool:
    """Tell whether `file` is what `pack` once put into a zip, and `best`, beside it, was worked on since."""
    return file.zipped and not best.zipped and answered.keys() <= better.keys()


def _choose_answers(files: list[File], lesson: Released, choice: Choice) -> None:
    place = choice.notebook.file.place if choice.notebook else ()
    found = [(file, book) for file in files if (book := _book(file)) is not None]
    diagrams = {exercise.id for exercise in LESSONS[lesson.lesson].exercises if in_file(exercise)}
    books = [
        (file, {name: book.answers[name] for name in diagrams & book.answers.keys()}) for file, book in found
    ]
    if not books:
        return

    def worth(one: tuple[File, dict]) -> tuple:
        file, answers = one
        return sum(map(len, answers.values())), file.place == place, file.name == NAME, -len(file.place)

    best, answers = max(books, key=worth)
    choice.answers = best
    if best.name != NAME:
        choice.notes.append(f"{best.label!r} was taken as {NAME}.")
    elif best.place != place:
        choice.notes.append(f"{NAME} was found at {best.label!r}.")
    for file, other in books:
        differ = {name for name in other if other[name] != answers.get(name)}
        if differ and not _is_older(file, other, best, answers):
            choice.look |= differ
            choice.notes.append(
                f"{best.label!r} and {file.label!r} hold different answers given in diagrams; the one with more of "
                f"them, {best.label!r}, was graded. Please look at the other, too."
            )


def _book(file: File) -> SavedAnswers | None:
    if not ANSWERS.fullmatch(file.name):
        return None
    try:
        return parse(file.read(MOST_BYTES).decode("utf-8-sig", "replace"), EXERCISES)
    except UnreadableError:
        return None
