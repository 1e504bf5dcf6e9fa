"""Answers that are data with functions in them: the data is verified, each function is called and judged.

Their outcomes stand in one list: first what was handed in, with its functions left out, then a call of each
function on the first case, a call of each on the second, and so on. So a grader elsewhere has only plain data to bring
back, and more cases add to the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from course_lib.checking.calling import NOT_ANSWERED, TIMED_OUT, Outcome, call
from course_lib.checking.comparing import Finding
from course_lib.checking.verdict import Card, Verdict
from course_lib.checking.wording import card_form, card_right, card_unanswered
from course_lib.exercises import Exercise


def call_data(exercise: Exercise, answer: Any, cases: Sequence[tuple]) -> list[Outcome]:
    """Return the outcomes of an answer of kind ``"data"``; a function that never ends is not called again."""
    entries = answer if isinstance(answer, dict) else {}
    data = {key: value for key, value in entries.items() if key not in exercise.functions}
    outcomes = [Outcome(data if isinstance(answer, dict) else answer)]
    given_up: dict[str, Outcome] = {}
    for case in cases:
        for name in exercise.functions:
            outcome = given_up.get(name) or _call(exercise, name, entries.get(name), case)
            if outcome.error and outcome.error.startswith((NOT_ANSWERED, TIMED_OUT)):
                given_up[name] = outcome
            outcomes.append(outcome)
    return outcomes


def _call(exercise: Exercise, name: str, function: Any, case: tuple) -> Outcome:
    if function is None or function is ...:
        return Outcome(error=NOT_ANSWERED)
    if not callable(function):
        return Outcome(error=f"TypeError: `{name}` is no function")
    # Called by itself, as an exercise of one function is.
    return call(replace(exercise, functions=()), function, case)


def judge_data(
    exercise: Exercise, cases: Sequence[tuple], outcomes: Sequence[Outcome], judge: Callable[..., Verdict]
) -> tuple[int, Card]:
    """Return how many parts are right, and the card; `judge` is the one for functions."""
    value = outcomes[0].value
    unread = outcomes[0].error and outcomes[0].error != NOT_ANSWERED
    functions = _functions(exercise, cases, outcomes[1:], judge)
    if not unread and _empty(value) and all(v.card.state == "unanswered" for v in functions.values()):
        return 0, card_unanswered(exercise)
    told = outcomes[0].error or exercise.verify(cases[0], value)
    if not functions:
        if told:
            return 0, card_form(exercise, Outcome(value), Finding("answer", told))
        return 1, card_right(exercise, outcomes[:1])
    return (not told) + sum(v.right for v in functions.values()), _card(exercise, value, told, functions)


def _functions(
    exercise: Exercise, cases: Sequence[tuple], outcomes: Sequence[Outcome], judge: Callable[..., Verdict]
) -> dict[str, Verdict]:
    """Judge each function as an exercise of its own."""
    names = exercise.functions
    alone = {name: exercise.function(name) for name in names}
    return {name: judge(alone[name], cases, outcomes[k :: len(names)]) for k, name in enumerate(names)}


def _empty(value: Any) -> bool:
    """Whether nothing was handed in: no value, or a dict without one."""
    if isinstance(value, dict):
        return all(entry is None or entry is ... for entry in value.values())
    return value is None or value is ...


def _card(exercise: Exercise, value: Any, told: str | None, functions: dict[str, Verdict]) -> Card:
    """Return one card for all parts; the bars are those of the first function that is off."""
    right = (not told) + sum(v.right for v in functions.values())
    state = "right" if right == 1 + len(functions) else "partly" if right else "wrong"
    keys = [f"`{key}`" for key in value if key not in functions] if isinstance(value, dict) else []
    lines = [f"{told[:1].upper()}{told[1:]}." if told else f"{' and '.join(keys)}: right."]
    for name, verdict in functions.items():
        lines += _told(name, verdict)
    if state != "right":
        lines.append(f"`hint({exercise.id!r})` shows where to look.")
    off = next((v.card for v in functions.values() if v.card.bars), Card("", ""))
    headline = f"{exercise.heading}: {right} of {1 + len(functions)} parts right."
    return Card(state, headline, tuple(lines), bars=off.bars, truth=off.truth)


def _told(name: str, verdict: Verdict) -> list[str]:
    if verdict.card.state == "unanswered":
        return [f"`{name}`: not answered yet."]
    if verdict.right:
        return [f"`{name}`: right. {verdict.card.lines[0]}", *verdict.card.lines[1:]]
    lines = [
        line
        for line in verdict.card.lines
        if not line.startswith(("`hint(", "The form asked", "It is called"))
    ]
    # The headline of a function's card begins with its name, as its title.
    _, _, what = verdict.card.headline.partition(": ")
    return [f"`{name}`: {what}", *lines]
