"""A diagnosis in words: what the numbers suggest, and what to look at."""

from collections.abc import Sequence

from course_lib.checking.cards.content import Fold, Lead, minus, number
from course_lib.checking.judging import Diagnosis
from course_lib.mistakes import MISTAKES

# So many things to look at are read.
MOST_LOOKS = 2


def suggestion(
    diagnosis: Diagnosis, reads: Sequence[str] = (), *, scaled: bool = True, by_numbers: bool = True
) -> list[str]:
    """Return the paragraphs that say what a diagnosis makes of the numbers; none where nothing is known.

    `reads` is what the answer reads of the notebook; `scaled` tells whether all its numbers are the right ones, times
    one and the same number, and `by_numbers` whether it has numbers to go by.
    """
    if diagnosis.pieces:
        return _in_pieces(diagnosis)
    if not diagnosis.ids:
        return _unexplained(diagnosis)
    by_numbers = by_numbers and all(MISTAKES[i].by_numbers for i in diagnosis.ids)
    scales = [i for i in diagnosis.ids if MISTAKES[i].scale]
    terms = [i for i in diagnosis.ids if not MISTAKES[i].scale]
    done = [_done(i, diagnosis, reads, scaled) for i in (*scales, *terms)]
    if diagnosis.either:
        together = (*done[: len(scales)], ", or ".join(done[len(scales) :]))
        return [_suggests(f"{_counted(together)} These numbers cannot tell which of the two.", by_numbers)]
    return [_suggests(_counted(done), by_numbers)]


def look_at_term(diagnosis: Diagnosis) -> list[str]:
    """Return what to look at, terms first; none where nothing is known."""
    if diagnosis.either:
        looks = [MISTAKES[_chief(diagnosis)].look]
    else:
        # A factor is soon found once the terms are right.
        ids = sorted(diagnosis.ids, key=lambda i: MISTAKES[i].scale)
        looks = [*dict.fromkeys(MISTAKES[i].look for i in ids)]
    return [Lead("Look at", f" {look}") for look in looks[:MOST_LOOKS]]


def formulas(diagnosis: Diagnosis) -> tuple[Fold, ...]:
    """Return the fold with the formula that belongs to what a card asks to look at."""
    formula = MISTAKES[_chief(diagnosis)].formula if diagnosis.ids else ""
    return (Fold("in formulas", (("", f"{formula}."),)),) if formula else ()


def _chief(diagnosis: Diagnosis) -> str:
    """Return the first thing to look at: a term, since a factor is soon found once the terms are right."""
    return next((i for i in diagnosis.ids if not MISTAKES[i].scale), diagnosis.ids[0])


def _counted(clauses: Sequence[str]) -> str:
    """Return one clause as a sentence, or several of them numbered."""
    if len(clauses) == 1:
        return f"{clauses[0]}."
    return f"{'; '.join(f'({n}) {clause}' for n, clause in enumerate(clauses, 1))}."


def _suggests(what: str, by_numbers: bool = True) -> str:
    return Lead("What the numbers suggest:" if by_numbers else "What was found:", f" {what}")


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
    suggested = [_suggests(_counted(known))] if known else []
    return [*suggested, *factors]


def _done(mistake_id: str, diagnosis: Diagnosis, reads: Sequence[str], scaled: bool) -> str:
    if mistake_id == "rate_inside":
        return f"a constant factor of {diagnosis.ratio:.4g}, such as a learning rate, is multiplied in"
    if mistake_id == "uses_global" and reads:
        names = ", ".join(f"`{name}`" for name in reads[:3])
        return f"the answer reads {names} of the notebook where it should use its arguments"
    mistake = MISTAKES[mistake_id]
    # "Every number is exactly half" is true of one mistake alone, and not where it stands inside of a loop.
    is_traced = mistake.trace and len(diagnosis.ids) == 1 and (scaled or not mistake.scale)
    return f"{mistake.done}: {mistake.trace}" if is_traced else mistake.done


def _unexplained(diagnosis: Diagnosis) -> list[str]:
    if diagnosis.ratio == 1.0:
        return []
    ratio = number(diagnosis.ratio)
    return [f"Every number is {ratio} times what it should be, on every input; the cause is not known."]
