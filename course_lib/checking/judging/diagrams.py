"""Judging what was put into a diagram's slots: symbols one by one, factors by what their product is worth."""

from collections.abc import Mapping, Sequence
from typing import Any

from course_lib.checking.calling import Outcome
from course_lib.checking.judging.comparing import compare
from course_lib.checking.judging.diagnosing import diagnose
from course_lib.checking.judging.judgement import (
    Finding,
    Judgement,
    Reason,
    SlotState,
    Trial,
    judged_unread,
)
from course_lib.exercises import DiagramExercise
from course_lib.symbols import SYMBOLS, product


def judge_diagram(
    exercise: DiagramExercise, cases: Sequence[tuple], outcomes: Sequence[Outcome]
) -> Judgement:
    """Judge what stands in the slots: slot -> name, or anything at all."""
    unread = judged_unread(cases, outcomes)
    if unread:
        return unread
    placed = _filled(exercise, outcomes[0].value)
    if not placed:
        return Judgement(0, Reason.UNANSWERED)
    truth = exercise.reference(*cases[0])
    if isinstance(truth, dict):
        return _judge_symbols(cases[0], placed, truth)
    return _judge_factors(exercise, cases, placed)


def _filled(exercise: DiagramExercise, value: Any) -> dict[str, Any]:
    """Return the slots of `exercise` that hold something, in their order."""
    entries = value if isinstance(value, dict) else {}
    return {slot: entries[slot] for slot in exercise.slots if not _is_blank(entries.get(slot))}


def _is_blank(name: Any) -> bool:
    return name is None or (isinstance(name, str) and not name.strip())


def judge_slots(placed: Mapping[str, Any], right: Mapping[str, str]) -> dict[str, SlotState]:
    """Return the state of each slot of `right`. One symbol in every place is no answer: then nothing is right."""
    same = len(placed) > 1 and len({repr(name) for name in placed.values()}) == 1
    return {slot: _slot(placed.get(slot), name, same) for slot, name in right.items()}


def _slot(name: Any, right: str, same: bool) -> SlotState:
    if name is None:
        return SlotState.EMPTY
    if same or not isinstance(name, str) or name not in SYMBOLS:
        return SlotState.WRONG
    if name == right:
        return SlotState.RIGHT
    return SlotState.DECK if SYMBOLS[name].means == right else SlotState.WRONG


def _judge_symbols(case: tuple, placed: dict[str, Any], right: dict[str, str]) -> Judgement:
    slots = judge_slots(placed, right)
    count = sum(state in (SlotState.RIGHT, SlotState.DECK) for state in slots.values())
    trial = Trial(case, Outcome(placed), right)
    return Judgement(count, Reason.PARTS, trials=(trial,), decisive=trial, slots=slots)


def _judge_factors(exercise: DiagramExercise, cases: Sequence[tuple], placed: dict[str, Any]) -> Judgement:
    """Judge a product by what it is worth on every case."""
    names = tuple(placed.values())
    unknown = [name for name in names if name not in exercise.tiles and not _known(name)]
    if unknown:
        finding = Finding(Reason.UNKNOWN_NAME, unknown[0])
        unread = Trial(cases[0], Outcome(placed), finding=finding)
        return Judgement(0, Reason.UNKNOWN_NAME, decisive=unread, factors=names)
    trials = [_evaluated(exercise, names, case) for case in cases]
    if not any(trial.finding for trial in trials):
        return Judgement(exercise.parts, Reason.RIGHT, trials=trials, factors=names)
    diagnosis = diagnose(exercise, cases, [t.outcome.value for t in trials], [t.truth for t in trials])
    return Judgement(0, Reason.VALUE, diagnosis, trials, factors=names)


def _evaluated(exercise: DiagramExercise, names: Sequence[str], case: tuple) -> Trial:
    value, truth = evaluated(exercise, names, case)
    return Trial(case, Outcome(value), truth, compare(value, truth, exercise.tolerance))


def evaluated(exercise: DiagramExercise, names: Sequence[str], case: tuple) -> tuple[float, float]:
    """Return 1/N sum_n of the product of `names`, and the difference of E, on one network."""
    W01, W12, X, D = case
    return product(names, [W01, W12], X, D), float(exercise.reference(*case))


def _known(name: Any) -> bool:
    return isinstance(name, str) and name in SYMBOLS and SYMBOLS[name].value is not None
