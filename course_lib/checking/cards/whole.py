"""The card of an answer that is right or wrong as a whole: what is known first, then where to look, then numbers."""

from collections.abc import Iterator

from course_lib.checking.calling import Outcome, Status
from course_lib.checking.cards import values
from course_lib.checking.cards.content import Card, Lead
from course_lib.checking.cards.diagnoses import formulas, look_at_term, suggestion
from course_lib.checking.cards.findings import in_words, why_no_value
from course_lib.checking.cards.hints import hint_folds
from course_lib.checking.cards.inputs import called_with, changed_arguments
from course_lib.checking.cards.places import folds, look_at
from course_lib.checking.judging import Judgement, Place, Reason
from course_lib.exercises import Exercise

RESULTS = {
    Reason.RIGHT: "right",
    Reason.FAILED: "it stopped with an error",
    Reason.TYPE: "another kind of value than asked",
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
FAILURES = {
    Status.WRONG_TYPE: "it cannot be called",
    Status.UNREADABLE: "it could not be read",
    Status.ELSEWHERE: "it was not found",
    Status.TIMED_OUT: "it was stopped",
}
# Where an answer has numbers for a diagnosis to go by.
NUMBERS = frozenset({Reason.VALUE, Reason.RIGHT, Reason.MEASURED})
# What can be done about numbers of which nothing is known.
NAMELESS = (
    Lead(
        "No mistake that is known here gives these numbers.",
        " Take the smallest input that you can work out by hand, print what each of your lines gives on it, and find "
        "the first that differs from your own calculation.",
    ),
)
# Where the form of the answer is what is wrong, the card repeats which one is asked for.
FORM = frozenset({Reason.TYPE, Reason.SHAPE, Reason.NOT_FINITE, Reason.WORD, Reason.ORDER})
# Where each value is right by itself, no line is to blame.
WITHOUT_PLACES = frozenset({Reason.ORDER})
MUTATES = frozenset({"mutates_input"})
# Where everything is said, no hint is needed.
WITHOUT_HINT = frozenset({Reason.MUTATION, Reason.ORDER})


def card_of_whole(exercise: Exercise, judgement: Judgement) -> Card:
    """Return the card of an answer that is right or wrong as a whole."""
    reason, title = judgement.reason, exercise.heading
    if reason is Reason.MANUAL:
        return Card("manual", "this answer is left for manual grading.", title=title)
    if reason is Reason.UNANSWERED:
        return Card(
            "unanswered", "not answered yet.", (_ask(exercise),), title=title, folds=hint_folds(exercise)
        )
    if reason is Reason.RIGHT:
        return Card("right", f"{RESULTS[reason]}.", tuple(known(exercise, judgement)), title=title)
    return Card(
        "wrong",
        f"{result(judgement)}.",
        (*known(exercise, judgement), *_asked(exercise, judgement)) or _unknown(judgement),
        bars=values.bars(exercise, judgement) if reason is Reason.VALUE else (),
        truth=values.label(exercise),
        title=title,
        folds=(
            *folds(_places(judgement)),
            *([] if reason in WITHOUT_HINT else hint_folds(exercise)),
            *formulas(judgement.diagnosis),
        ),
        comparison=tuple(values.comparison(exercise, judgement)) if reason is Reason.VALUE else (),
    )


def result(judgement: Judgement) -> str:
    """Say in a few words what came out."""
    if judgement.reason is Reason.FAILED:
        return FAILURES.get(judgement.decisive.outcome.status, RESULTS[Reason.FAILED])
    return RESULTS[judgement.reason]


def _ask(exercise: Exercise) -> str:
    if exercise.slots:
        return "Answer in the diagram above, then run this cell."
    return f"Write `{exercise.asks}` above, run it, and then run this cell."


def known(exercise: Exercise, judgement: Judgement) -> Iterator[str]:
    """Say what is known without a number: what it probably is, and where to look."""
    reason, decisive = judgement.reason, judgement.decisive
    if reason in (Reason.RIGHT, Reason.MEASURED):
        yield from _right(exercise, judgement)
        return
    scaled = reason is Reason.VALUE and values.is_scaled(judgement.compared)
    suggested = suggestion(
        judgement.diagnosis, decisive.outcome.reads, scaled=scaled, by_numbers=reason in NUMBERS
    )
    if reason is Reason.VALUE:
        yield from suggested
    elif reason is Reason.FAILED:
        yield why_no_value(exercise, decisive.outcome)
        yield from (*_refusal(exercise, judgement), *suggested)
    else:
        yield from _form(exercise, judgement)
        if reason is Reason.NOT_FINITE:
            yield from _called(exercise, decisive.case)
        yield from suggested
    if MUTATES & {*judgement.diagnosis.ids}:
        yield from _changes(exercise, judgement)
    places = _places(judgement)
    yield from look_at(places, judgement.diagnosis.ids)
    # Of several mistakes, the lines in which they are say enough.
    if not places or len(judgement.diagnosis.ids) < 2:
        yield from look_at_term(judgement.diagnosis)
    yield from _printed(decisive.outcome)


def _places(judgement: Judgement) -> tuple[Place, ...]:
    return () if judgement.reason in WITHOUT_PLACES else judgement.places


def _unknown(judgement: Judgement) -> tuple[str, ...]:
    """Return what can be said of an answer of which nothing is known."""
    return (judgement.reason is Reason.VALUE and values.in_step(judgement.compared)) or NAMELESS


def _asked(exercise: Exercise, judgement: Judgement) -> list[str]:
    """Repeat what is asked for where the form is what is wrong."""
    if judgement.reason is Reason.FAILED:
        return [f"It is called as `{exercise.asks}`."]
    return [f"The form asked for is `{exercise.asks}`."] if judgement.reason in FORM else []


def _called(exercise: Exercise, case: tuple) -> list[str]:
    called = called_with(exercise, case)
    return [f"It was called with {called}."] if called else []


def _right(exercise: Exercise, judgement: Judgement) -> list[str]:
    outcomes = [trial.outcome for trial in judgement.trials]
    warned = [warning for outcome in outcomes for warning in outcome.warnings]
    return [
        _agreement(exercise, len(outcomes)),
        *([f"It gave a warning, which costs nothing here: {warned[0]}"] if warned else []),
        *suggestion(judgement.diagnosis),
        *look_at_term(judgement.diagnosis),
        *_printed(outcomes[0]),
    ]


def _agreement(exercise: Exercise, count: int) -> str:
    if not exercise.verify:
        return f"It agrees with {values.truth(exercise)} on {count} inputs that it had not seen."
    if count > 1:
        return f"It was run {count} times and was right each time."
    return "It was run, and does what is asked."


def _form(exercise: Exercise, judgement: Judgement) -> list[str]:
    """Say what is wrong where it is not the numbers; nothing where the headline says it."""
    reason, outcome = judgement.reason, judgement.decisive.outcome
    if reason is Reason.NOT_REFUSED:
        return _refusal(exercise, judgement)
    if reason is Reason.MUTATION:
        return []
    if reason is Reason.WARNING:
        return [f"It should run without a warning, and it gave {outcome.warnings[0]}."]
    if reason is Reason.ORDER:
        names = values.piece_names(exercise, len(judgement.order))
        came = ", ".join(names[piece] for piece in judgement.order)
        return [f"What came is {came}, and what is asked for is {', '.join(names)}."]
    finding = judgement.decisive.finding
    place = values.piece_of(exercise, finding)
    return [f"{place}: {_stopped(in_words(finding))}" if place else sentence(in_words(finding))]


def _changes(exercise: Exercise, judgement: Judgement) -> list[str]:
    """Say which arguments were changed."""
    trial = next((trial for trial in judgement.trials if trial.outcome.changed), None)
    told = changed_arguments(exercise, trial.case, trial.outcome.changed) if trial else ""
    return [f"It changes {told}."] if told else []


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


def _printed(outcome: Outcome) -> tuple[str, ...]:
    text = " ".join(outcome.printed.split()).replace("`", "'")
    return (f"It printed: `{text[:120]}{'…' if len(text) > 120 else ''}`",) if text else ()


def sentence(clause: str) -> str:
    """Return a clause as a sentence."""
    return f"{clause[:1].upper()}{_stopped(clause[1:])}"


def _stopped(text: str) -> str:
    return text if text.endswith("?") else f"{text}."
