"""Makes a clean copy of a submission; nothing that was handed in is changed.

It runs in the worker: here is read what students wrote.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from course_lib.answers import NAME
from grading.intake import diagrams_seen, essays, pictures, versions
from grading.intake.choosing import ANSWERS, Choice, choose
from grading.intake.files import MOST_FILE, File, Problem, files_of
from grading.intake.mending import mend
from grading.intake.reading import UnreadableError
from grading.intake.released import Released
from grading.lessons import LESSONS
from grading.lessons.own import tests_for

# What a class is counted by: it was mended, or made from another version of the lesson.
SIGNS = ("mended", "version")
MOST_COPIED, MOST_NOTES = 64 * 2**20, 10
# What cells may read, and what no browser runs. The formgrader serves the copies at its own address.
SUFFIXES = ".csv .dat .gif .jpeg .jpg .json .md .npy .npz .pkl .png .py .rst .toml .tsv .txt .yaml .yml"
PLAIN_DATA = frozenset(SUFFIXES.split())
# Of these only the ones that nbgrader itself wrote count, in the folder of the submission.
NBGRADERS = frozenset({"timestamp.txt", "submission_secret.txt"})
PLAIN_NAME = re.compile(r"\w[\w .()+-]{0,99}")


def admit(source: Path, target: Path, lesson: Released) -> dict[str, Any]:
    """Copy the files of the submission in `source` into the folder `target`, and return its mended ``cells``.

    Beside them stands what grading has to know: ``notes``; ``open`` and ``look``, the exercises left for manual
    grading where they are not right, and in any case; ``diagrams_seen``, the diagrams that may have been
    answered; ``signs``, some of `SIGNS`; ``submitted_as`` is the name under which its author looks for feedback.
    """
    files, problems = files_of(source)
    choice = choose(files, lesson)
    about = _admitted(choice, files, lesson)
    problems += _copy_files(_wanted(files, choice), target)
    about["notes"] += _left_out(problems)
    return about


def _admitted(choice: Choice, files: list[File], lesson: Released) -> dict[str, Any]:
    """Return the mended cells of the notebook to be graded, and what is to be known about it."""
    about: dict[str, Any] = {
        "open": choice.open,
        "look": choice.look,
        "notes": choice.notes,
        "diagrams_seen": [],
        "signs": [],
    }
    read, cells = None, []
    if choice.notebook:
        read, file = choice.notebook.read, choice.notebook.file
        cells = read.cells
        version = versions.compared(versions.stamped(read.metadata), LESSONS[lesson.lesson].exercises)
        about["open"] |= version.open | (lesson.exercises if read.dropped else set())
        about["signs"] += ["version"] if version.notes else []
        about["diagrams_seen"] = sorted(diagrams_seen.may_be_answered(cells, choice.notebook.own, lesson))
        if not file.place and PLAIN_NAME.fullmatch(file.name) and file.name != f"{lesson.lesson}.ipynb":
            about["submitted_as"] = Path(file.name).stem
        about["notes"] += [*read.notes, *version.notes]
        about["notes"] += pictures.inline(cells, file.place, files, lesson)
        found = essays.elsewhere(cells, lesson)
        about["look"] |= found.keys()
        about["notes"] += found.values()
    mended = mend(cells, lesson.cells)
    if choice.notebook:
        about["open"] |= mended.touched
        about["notes"] += mended.notes
        about["signs"] += ["mended"] if mended.notes else []
    waiting = {name: sorted(tests_for(LESSONS[lesson.lesson], about[name])) for name in ("open", "look")}
    return about | {"cells": mended.cells} | waiting


def _wanted(files: list[File], choice: Choice) -> Iterator[tuple[str, File]]:
    """Yield what goes into the copy, with its name there: what lay beside the notebook lies beside it again."""
    place = choice.notebook.file.place if choice.notebook else ()
    chosen = {choice.answers, choice.notebook.file if choice.notebook else None}
    if choice.answers:
        yield NAME, choice.answers
    # What lies beside a notebook that was found deeper, or in a zip, comes last: it is what the cells read.
    for file in sorted(files, key=lambda file: file.place[: len(place)] == place):
        if file in chosen or file.is_notebook or ANSWERS.fullmatch(file.name):
            continue
        if not file.zipped:
            yield "/".join([*file.place, file.name]), file
        inside = file.place[len(place) :]
        beside = place and file.place[: len(place)] == place and file.name not in NBGRADERS
        if beside and all(PLAIN_NAME.fullmatch(part) for part in (*inside, file.name)):
            yield "/".join([*inside, file.name]), file


def _copy_files(wanted: Iterator[tuple[str, File]], target: Path) -> list[Problem]:
    """Copy plain data, up to a size; return what was left out."""
    left, problems = MOST_COPIED, []
    for name, file in wanted:
        try:
            if file.suffix not in PLAIN_DATA:
                raise UnreadableError("is neither Python nor plain data")
            if _is_ours(name.partition("/")[0]) and "/" in name:
                raise UnreadableError("lies in a folder that has the name of a file of the submission")
            content = file.read(min(MOST_FILE, left))
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(content)
            left -= len(content)
        except UnreadableError as error:
            problems.append(Problem(file.label, str(error)))
        except OSError as error:
            problems.append(Problem(file.label, f"cannot be copied ({error.strerror})"))
    return problems


def _is_ours(name: str) -> bool:
    """Tell whether grading reads or writes a file of this name in the folder of a submission."""
    return name in NBGRADERS or name == NAME or name.endswith(".ipynb")


def _left_out(problems: list[Problem]) -> list[str]:
    notes = [f"{label} {why}; it was left out." for label, why in dict(problems).items()]
    if len(notes) <= MOST_NOTES:
        return notes
    return [*notes[:MOST_NOTES], f"{len(notes) - MOST_NOTES} more files were left out."]
