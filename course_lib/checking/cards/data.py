"""The card of data with functions among them: what each function's own card would say, one after the other."""

from course_lib.checking.cards import values
from course_lib.checking.cards.content import Bar, Card, Fold, state_of
from course_lib.checking.cards.diagnoses import formulas
from course_lib.checking.cards.findings import in_words, why_no_value
from course_lib.checking.cards.hints import hint_folds
from course_lib.checking.cards.mending import counted, unfit
from course_lib.checking.cards.places import folds, look_at
from course_lib.checking.cards.whole import known, result, sentence
from course_lib.checking.judging import Judgement, Reason
from course_lib.exercises import DataExercise, FunctionExercise


def card_of_data(exercise: DataExercise, judgement: Judgement) -> Card:
    """Return one card for the data and its functions; the bars are those of the first function that is off."""
    count = 1 + len(judgement.functions)
    state = state_of(judgement.right, count)
    lines, compared = [_of_data(exercise, judgement)], list[str]()
    bars: tuple[Bar, ...] = ()
    folded: tuple[Fold, ...] = ()
    for name, function in judgement.functions.items():
        own = exercise.function(name)
        lines += unfit(exercise, name, function) or _of_function(own, name, function)
        lines += counted(exercise, function)
        if function.reason is Reason.VALUE:
            compared.append(f"`{name}`: {' '.join(values.comparison(own, function))}")
            bars = bars or values.bars(own, function)
        folded += formulas(function.diagnosis)
    lines += look_at(judgement.places)
    return Card(
        state,
        f"{judgement.right} of {count} parts right.",
        tuple(lines),
        bars=bars,
        truth=values.label(exercise),
        title=exercise.heading,
        folds=()
        if state == "right"
        else (*folds(judgement.places), *hint_folds(exercise), *dict.fromkeys(folded)),
        comparison=tuple(compared),
    )


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
    """Return what a card of its own would say of one function."""
    if judgement.reason is Reason.UNANSWERED:
        return [f"`{name}`: not answered yet."]
    said = list(known(exercise, judgement))
    if judgement.reason is Reason.RIGHT:
        return [f"`{name}`: right. {said[0]}", *said[1:]]
    return [f"`{name}`: {result(judgement)}.", *said]
