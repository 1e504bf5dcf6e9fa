"""The card of a judgement: plain, about the work and never about the person; it points at the term, no more."""

from collections.abc import Iterator

from course_lib.checking.calling import Outcome, Status
from course_lib.checking.cards import values
from course_lib.checking.cards.content import Bar, Card, hint_line, state_of
from course_lib.checking.cards.diagnoses import suggestion
from course_lib.checking.cards.diagrams import card_of_factors, card_of_symbols
from course_lib.checking.cards.findings import called_with, in_words, why_no_value
from course_lib.checking.cards.parts import card_of_parts
from course_lib.checking.cards.places import folds, look_at
from course_lib.checking.judging import Judgement, Reason
from course_lib.exercises import DataExercise, Exercise, FunctionExercise

RESULTS = {
    Reason.RIGHT: "right",
    Reason.FAILED: "it stopped with an error",
    Reason.TYPE: "not a kind of value that can be compared",
    Reason.SHAPE: "another shape than asked",
    Reason.NOT_FINITE: "not a finite number",
    Reason.NOT_REFUSED: "not right yet",
    Reason.WORD: "not right yet",
    Reason.REQUIREMENT: "not right yet",
    Reason.ORDER: "right values in another order",
    Reason.MUTATION: "right values, but its arguments are changed",
    Reason.WARNING: "right values, but with a warning",
    Reason.MEASURED: "right values, but measured rather than derived",
    Reason.VALUE: "the value is off",
}
FAILURES = {Status.WRONG_TYPE: "it cannot be called", Status.UNREADABLE: "it could not be read"}
# Where the form of the answer is what is wrong, the card repeats which one is asked for.
FORM = frozenset({Reason.TYPE, Reason.SHAPE, Reason.NOT_FINITE, Reason.WORD, Reason.ORDER})
# Where everything is said, no hint is needed.
WITHOUT_HINT = frozenset({Reason.MUTATION, Reason.ORDER})


def card(exercise: Exercise, judgement: Judgement) -> Card:
    """Write the card of `judgement`."""
    if judgement.functions:
        return _card_of_data(exercise, judgement)
    if judgement.slots:
        return card_of_symbols(exercise, judgement)
    if judgement.factors:
        return card_of_factors(exercise, judgement)
    if judgement.parts:
        return card_of_parts(exercise, judgement)
    return _card_of_whole(exercise, judgement)


def _card_of_whole(exercise: Exercise, judgement: Judgement) -> Card:
    reason, title = judgement.reason, exercise.heading
    if reason is Reason.MANUAL:
        return Card("manual", "this answer is left for manual grading.", title=title)
    if reason is Reason.UNANSWERED:
        return Card("unanswered", "not answered yet.", (_ask(exercise), hint_line(exercise)), title=title)
    explained = _explained(exercise, judgement)
    if reason in (Reason.RIGHT, Reason.MEASURED):
        state = "right" if reason is Reason.RIGHT else "wrong"
        return Card(state, f"{RESULTS[reason]}.", tuple(explained), title=title)
    lines = (
        *explained,
        *look_at(judgement.places),
        *_pointers(exercise, judgement),
        *_printed(judgement.decisive.outcome),
    )
    bars = values.bars(exercise, judgement) if reason is Reason.VALUE else ()
    return Card(
        "wrong",
        f"{_result(judgement)}.",
        lines,
        bars=bars,
        truth=values.label(exercise),
        title=title,
        folds=folds(judgement.places),
    )


def _result(judgement: Judgement) -> str:
    if judgement.reason is Reason.FAILED:
        return FAILURES.get(judgement.decisive.outcome.status, RESULTS[Reason.FAILED])
    return RESULTS[judgement.reason]


def _ask(exercise: Exercise) -> str:
    if exercise.slots:
        return "Answer in the diagram above, then run this cell."
    return f"Write `{exercise.asks}` above, run it, and then run this cell."


def _explained(exercise: Exercise, judgement: Judgement) -> list[str]:
    """Say what was found, and what the numbers suggest."""
    reason, decisive, diagnosis = judgement.reason, judgement.decisive, judgement.diagnosis
    if reason in (Reason.RIGHT, Reason.MEASURED):
        return _right(exercise, judgement)
    suggested = suggestion(diagnosis, decisive.outcome.reads)
    if reason is Reason.FAILED:
        return [why_no_value(exercise, decisive.outcome), *_refusal(exercise, judgement), *suggested]
    if reason is Reason.VALUE:
        trials = judgement.compared
        compared = [values.compared(exercise, judgement), *values.exact(exercise, trials)]
        return [*compared, *suggested, *([] if diagnosis.ids else values.sizes(trials))]
    called = called_with(exercise, decisive.case) if reason is Reason.NOT_FINITE else ""
    return [
        _form(exercise, judgement),
        *([f"It was called with {called}."] if called else []),
        *suggested,
    ]


def _right(exercise: Exercise, judgement: Judgement) -> list[str]:
    outcomes = [trial.outcome for trial in judgement.trials]
    warned = [warning for outcome in outcomes for warning in outcome.warnings]
    return [
        _agreement(exercise, len(outcomes)),
        *([f"It gave a warning, which costs nothing here: {warned[0]}"] if warned else []),
        *suggestion(judgement.diagnosis),
        *_printed(outcomes[0]),
    ]


def _agreement(exercise: Exercise, count: int) -> str:
    if not exercise.verify:
        return f"It agrees with {values.truth(exercise)} on {count} inputs that it had not seen."
    if count > 1:
        return f"It was run {count} times and was right each time."
    return "It was run, and does what is asked."


def _form(exercise: Exercise, judgement: Judgement) -> str:
    """Say what is wrong where it is not the numbers."""
    reason, outcome = judgement.reason, judgement.decisive.outcome
    if reason is Reason.NOT_REFUSED:
        return " ".join(_refusal(exercise, judgement))
    if reason is Reason.MUTATION:
        return "The values are right."
    if reason is Reason.WARNING:
        return f"It should run without a warning, and it gave {outcome.warnings[0]}."
    if reason is Reason.ORDER:
        names = values.piece_names(exercise, len(judgement.order))
        came = ", ".join(names[piece] for piece in judgement.order)
        return f"What came is {came}, and what is asked for is {', '.join(names)}."
    finding = judgement.decisive.finding
    place = values.piece_of(exercise, finding)
    return f"{place}: {_stopped(in_words(finding))}" if place else sentence(in_words(finding))


def _refusal(exercise: Exercise, judgement: Judgement) -> list[str]:
    """Say which error should have been raised, and what came instead of one."""
    finding, case = judgement.decisive.finding, judgement.decisive.case
    if not finding.expected:
        return []
    error, came = finding.expected, ""
    if judgement.reason is Reason.NOT_REFUSED:
        # Outside the grader's sandbox an object is known by the name of its type.
        returned = type(finding.got).__name__ == error
        took = f"returned one: an error takes effect by `raise {error}(...)`"
        came = f", and it {took if returned else f'gave {finding.got!s:.40}'}"
    return [f"Called with {called_with(exercise, case)} it should raise a {error}{came}."]


def _pointers(exercise: Exercise, judgement: Judgement) -> Iterator[str]:
    """Say where to look next."""
    if judgement.reason is Reason.FAILED:
        yield f"It is called as `{exercise.asks}`."
    if judgement.reason in FORM:
        yield f"The form asked for is `{exercise.asks}`."
    if judgement.reason not in WITHOUT_HINT and not judgement.diagnosis.ids:
        yield hint_line(exercise)


def _printed(outcome: Outcome) -> tuple[str, ...]:
    text = " ".join(outcome.printed.split()).replace("`", "'")
    return (f"It printed: `{text[:120]}{'…' if len(text) > 120 else ''}`",) if text else ()


def _card_of_data(exercise: DataExercise, judgement: Judgement) -> Card:
    """Return one card for the data and its functions; the bars are those of the first function that is off."""
    count = 1 + len(judgement.functions)
    state = state_of(judgement.right, count)
    lines = [_of_data(exercise, judgement)]
    bars: tuple[Bar, ...] = ()
    for name, function in judgement.functions.items():
        lines += _of_function(exercise.function(name), name, function)
        if function.reason is Reason.VALUE:
            bars = bars or values.bars(exercise, function)
    lines += [hint_line(exercise)] if state != "right" else []
    result = f"{judgement.right} of {count} parts right."
    return Card(state, result, tuple(lines), bars=bars, truth=values.label(exercise), title=exercise.heading)


def _of_data(exercise: DataExercise, judgement: Judgement) -> str:
    outcome, finding = judgement.decisive.outcome, judgement.decisive.finding
    if finding and finding.reason is Reason.FAILED:
        return why_no_value(exercise, outcome)
    if finding:
        return sentence(in_words(finding))
    entries = outcome.value if isinstance(outcome.value, dict) else {}
    keys = [f"`{key}`" for key in entries if key not in judgement.functions]
    return f"{' and '.join(keys)}: right."


def _of_function(exercise: FunctionExercise, name: str, judgement: Judgement) -> list[str]:
    """Return what a card of its own would say of one function, without where to look next."""
    if judgement.reason is Reason.UNANSWERED:
        return [f"`{name}`: not answered yet."]
    explained = _explained(exercise, judgement)
    if judgement.reason is Reason.RIGHT:
        return [f"`{name}`: right. {explained[0]}", *explained[1:]]
    return [f"`{name}`: {_result(judgement)}.", *explained, *_printed(judgement.decisive.outcome)]


def sentence(clause: str) -> str:
    """Return a clause as a sentence."""
    return f"{clause[:1].upper()}{_stopped(clause[1:])}"


def _stopped(text: str) -> str:
    return text if text.endswith("?") else f"{text}."
