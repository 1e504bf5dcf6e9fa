"""Judging what was put into a diagram's slots: symbols one by one, factors by what their product is worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_lib.checking.comparing import compare
from course_lib.checking.diagnosing import diagnose
from course_lib.checking.suggesting import suggestion
from course_lib.checking.verdict import Card
from course_lib.exercises import Exercise
from course_lib.symbols import SYMBOLS, product

HINT = "`hint({id!r})` shows where to look."
NOT_A_SYMBOL = "no symbol of this diagram"


def judge_diagram(
    exercise: Exercise, cases: Sequence[tuple], value: Any
) -> tuple[int, Card, tuple[str, ...]]:
    """Return how many parts are right, the card, and the diagnosis; `value` is slot -> name, or anything at all."""
    placed = filled(exercise, value)
    if not placed:
        ask = "Answer in the diagram above, then run this cell."
        return 0, Card("unanswered", f"{exercise.heading}: not answered yet.", (ask, _hint(exercise))), ()
    if isinstance(exercise.reference(*cases[0]), dict):
        return _judge_symbols(exercise, placed, exercise.reference(*cases[0]))
    return _judge_factors(exercise, cases, placed)


def filled(exercise: Exercise, value: Any) -> dict[str, Any]:
    """Return the slots of `exercise` that hold something, in their order."""
    if not isinstance(value, dict):
        return {}
    return {slot: value[slot] for slot in exercise.slots if not _nothing(value.get(slot))}


def _nothing(name: Any) -> bool:
    return name is None or (isinstance(name, str) and not name.strip())


def judge_slots(placed: dict[str, Any], right: dict[str, str]) -> dict[str, str]:
    """Return for each slot of `right`: ``"right"``, ``"deck"`` (right, as the deck writes it), ``"wrong"`` or ``""``.

    One symbol in every place is no answer: then nothing is right.
    """
    same = len(placed) > 1 and len({repr(name) for name in placed.values()}) == 1
    return {slot: _slot(placed.get(slot), name, same) for slot, name in right.items()}


def _slot(name: Any, right: str, same: bool) -> str:
    if name is None:
        return ""
    if same or not isinstance(name, str) or name not in SYMBOLS:
        return "wrong"
    if name == right:
        return "right"
    return "deck" if SYMBOLS[name].means == right else "wrong"


def _judge_symbols(
    exercise: Exercise, placed: dict, right: dict[str, str]
) -> tuple[int, Card, tuple[str, ...]]:
    states = judge_slots(placed, right)
    count = sum(state in ("right", "deck") for state in states.values())
    state = "right" if count == len(right) else "partly" if count else "wrong"
    signs = {"right": "✓ right", "deck": "✓ right, see below", "wrong": "✗ another one", "": "○ empty"}
    rows = [("place", "yours", "")]
    rows += [(said(slot), written(placed.get(slot)), signs[states[slot]]) for slot in right]
    lines = []
    if "deck" in states.values():
        lines.append(
            "The slides also leave the n out, or write y^(1,2). That counts; for training pair n it is "
            "x_n1, o_n1 and y_n1^(1)."
        )
    if count < len(right):
        lines.append(_hint(exercise))
    headline = f"{exercise.heading}: {count} of {len(right)} places right."
    return count, Card(state, headline, tuple(lines), tuple(rows)), ()


def _judge_factors(
    exercise: Exercise, cases: Sequence[tuple], placed: dict
) -> tuple[int, Card, tuple[str, ...]]:
    title, names = exercise.heading, list(placed.values())
    strange = [name for name in names if name not in exercise.tiles and not _known(name)]
    if strange:
        told = f"{str(strange[0])[:40]!r} is {NOT_A_SYMBOL}."
        return 0, Card("wrong", f"{title}: a factor that cannot be read.", (told, _hint(exercise))), ()
    values, truths = zip(*(evaluated(exercise, names, case) for case in cases), strict=True)
    pairs = zip(values, truths, strict=True)
    if not all(compare(value, truth, exercise.tolerance) is None for value, truth in pairs):
        return _judge_off(exercise, cases, names, values, truths)
    told = (
        f"{written_product(names)}, averaged over n, agrees with the finite difference of E "
        f"on {len(cases)} networks."
    )
    return exercise.parts, Card("right", f"{title}: right.", (told,)), ()


def _judge_off(
    exercise: Exercise,
    cases: Sequence[tuple],
    names: Sequence[str],
    values: Sequence[float],
    truths: Sequence[float],
) -> tuple[int, Card, tuple[str, ...]]:
    """Judge a product that is something else: set it beside the truth, and say what the numbers suggest."""
    diagnosis = diagnose(exercise, cases, values, truths)
    mine, truth = values[0], truths[0]
    rows = (
        ("", "value"),
        ("your product", _number(mine)),
        ("finite difference", _number(truth)),
        ("ratio", _number(mine / truth)),
    )
    shown = f"Yours: 1/N Σ_n of {written_product(names)}, on live numbers beside the finite difference of E."
    lines = (shown, *suggestion(diagnosis), *([] if diagnosis.ids else [_hint(exercise)]))
    card = Card("wrong", f"{exercise.heading}: the product is something else.", lines, rows)
    return 0, card, diagnosis.ids


def evaluated(exercise: Exercise, names: Sequence[str], case: tuple) -> tuple[float, float]:
    """Return 1/N sum_n of the product of `names`, and the difference of E, on one network."""
    W01, W12, X, D = case
    return product(names, [W01, W12], X, D), float(exercise.reference(*case))


def _known(name: Any) -> bool:
    return isinstance(name, str) and name in SYMBOLS and SYMBOLS[name].value is not None


def written(name: Any) -> str:
    """Return a symbol as the cards write it: ``w11^(0,1)``."""
    if name is None:
        return ""
    if not isinstance(name, str) or name not in SYMBOLS:
        return str(name)[:30]
    return SYMBOLS[name].latex.replace("{", "").replace("}", "")


def written_product(names: Sequence[str]) -> str:
    """Return the factors in words and signs."""
    return " · ".join(map(written, names))


def said(slot: str) -> str:
    """Return a slot's name as words: "input 1 to hidden 2"."""
    return slot.replace("_", " ")


def _hint(exercise: Exercise) -> str:
    return HINT.format(id=exercise.id)


def _number(value: float) -> str:
    return f"{value:.6g}".replace("-", "−")
