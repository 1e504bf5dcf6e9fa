"""A diagnosis in words: what the numbers suggest, and the one thing to look at."""

from collections.abc import Sequence

from course_lib.checking.cards.content import Lead, minus, number
from course_lib.checking.judging import Diagnosis
from course_lib.mistakes import MISTAKES


def suggestion(diagnosis: Diagnosis, reads: Sequence[str] = ()) -> list[str]:
    """Return the paragraphs of a card that a diagnosis gives; none where nothing is known."""
    if diagnosis.pieces:
        return _in_pieces(diagnosis)
    if not diagnosis.ids:
        return _unexplained(diagnosis)
    scales = [i for i in diagnosis.ids if MISTAKES[i].scale]
    terms = [i for i in diagnosis.ids if not MISTAKES[i].scale]
    joined = ", or ".join if diagnosis.either else "; and ".join
    parts = [*(_done(i, diagnosis, reads) for i in scales)]
    if terms:
        parts.append(joined(_done(i, diagnosis, reads) for i in terms))
    end = ". These numbers cannot tell which of the two." if diagnosis.either else "."
    # One thing to look at: the term first, since a factor is soon found once the terms are right.
    return [_suggests("; and ".join(parts) + end), _look((terms or scales)[0])]


def _suggests(what: str) -> str:
    return Lead("What the numbers suggest:", f" {what}")


def _look(mistake_id: str) -> str:
    chief = MISTAKES[mistake_id]
    return Lead("Look at", f" {chief.look}" + (f" In formulas: {chief.formula}." if chief.formula else ""))


def _in_pieces(diagnosis: Diagnosis) -> list[str]:
    """Say what is the matter with each piece that is off: what was done there, or a bare factor."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, ids, _ in diagnosis.pieces:
        alike.setdefault(ids, []).append(name)
    known = [
        f"in {' and '.join(names)}, {', and '.join(MISTAKES[i].done for i in ids)}"
        for ids, names in alike.items()
        if ids
    ]
    factors = [
        f"Every number of {name} is {minus(f'{ratio:.6g}')} times what it should be, on every input."
        for name, ids, ratio in diagnosis.pieces
        if not ids
    ]
    suggested = [_suggests("; and ".join(known) + ".")] if known else []
    chief = [i for i in diagnosis.ids if not MISTAKES[i].scale] or list(diagnosis.ids)
    return [*suggested, *factors, *map(_look, chief[:1])]


def _done(mistake_id: str, diagnosis: Diagnosis, reads: Sequence[str]) -> str:
    if mistake_id == "rate_inside":
        return f"a constant factor of {diagnosis.ratio:.4g}, such as a learning rate, is multiplied in"
    if mistake_id == "uses_global" and reads:
        names = ", ".join(f"`{name}`" for name in reads[:3])
        return f"the answer reads {names} of the notebook where it should use its arguments"
    mistake = MISTAKES[mistake_id]
    # "Every number is exactly half" is true of one mistake alone.
    return f"{mistake.done}: {mistake.trace}" if mistake.trace and len(diagnosis.ids) == 1 else mistake.done


def _unexplained(diagnosis: Diagnosis) -> list[str]:
    if diagnosis.ratio == 1.0:
        return []
    ratio = number(diagnosis.ratio)
    return [f"Every number is {ratio} times what it should be, on every input; the cause is not known."]
