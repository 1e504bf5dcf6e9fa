"""What is called of an answer, by the kind of its exercise; the same in the student's kernel and for the grader."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from course_lib.checking.calling.call import call
from course_lib.checking.calling.mending import call_mended
from course_lib.checking.calling.outcome import FINAL, Outcome, Status
from course_lib.exercises import Exercise, kinds
from course_lib.inputs import is_nothing

# The answer as a whole, where not a function in it is called.
WHOLE = ""


class Tried(NamedTuple):
    """How an answer is tried.

    `data` tells whether what was handed in is an outcome itself, its functions left out; `calls` gives the names of
    the functions in it that are called on every case; `file` tells whether it is kept in answers.json, and `text`
    whether its functions are made of their text in the answer's own cell.
    """

    data: bool = False
    calls: Callable[[Any], Sequence[str]] = lambda exercise: ()
    file: bool = False
    text: bool = False


TRIED: dict[type[Exercise], Tried] = {
    kinds.FunctionExercise: Tried(calls=lambda exercise: (WHOLE,)),
    kinds.NumbersExercise: Tried(data=True),
    kinds.ChoiceExercise: Tried(data=True),
    kinds.DataExercise: Tried(data=True, calls=lambda exercise: exercise.functions),
    kinds.MendExercise: Tried(data=True, calls=lambda exercise: exercise.functions, text=True),
    kinds.DiagramExercise: Tried(data=True, file=True),
    kinds.EssayExercise: Tried(),
    kinds.PlainExercise: Tried(),
}


def calls_of(exercise: Exercise) -> Sequence[str]:
    """Return the functions that are called on every case: names in the answer, or `WHOLE`."""
    return TRIED[type(exercise)].calls(exercise)


def has_data(exercise: Exercise) -> bool:
    """Tell whether what was handed in is an outcome itself; it comes before those of the calls."""
    return TRIED[type(exercise)].data


def in_file(exercise: Exercise) -> bool:
    """Tell whether the answer is kept in answers.json."""
    return TRIED[type(exercise)].file


def from_text(exercise: Exercise) -> bool:
    """Tell whether its functions are made of their text in the answer's own cell."""
    return TRIED[type(exercise)].text


def is_automatic(exercise: Exercise) -> bool:
    """Tell whether an answer is tried at all; an essay is left for manual grading."""
    return has_data(exercise) or bool(calls_of(exercise))


def outcomes_of(exercise: Exercise, answer: Any, cases: Sequence[tuple]) -> list[Outcome]:
    """Return the outcome of the data, if any, and then those of all calls on the first case, on the second, and so on.

    So a grader elsewhere has only plain data to bring back, and more cases add to the end.
    """
    entries = answer if isinstance(answer, dict) else {}
    rest = {key: value for key, value in entries.items() if key not in calls_of(exercise)}
    data = [Outcome(rest if entries and calls_of(exercise) else answer)] if has_data(exercise) else []

    def call_named(name: str, case: tuple) -> Outcome:
        return call_one(exercise, answer if name == WHOLE else entries.get(name), name, case)

    return data + call_all(exercise, cases, call_named)


def call_all(
    exercise: Exercise, cases: Sequence[tuple], call_named: Callable[[str, tuple], Outcome]
) -> list[Outcome]:
    """Call with ``call_named(name, case)`` whatever is called; what can only end as before is not called again."""
    outcomes, final = [], {}
    for case in cases:
        for name in calls_of(exercise):
            outcome = final.get(name) or call_named(name, case)
            if outcome.status in FINAL:
                final[name] = outcome
            outcomes.append(outcome)
    return outcomes


def call_one(exercise: Exercise, answer: Any, name: str, case: tuple) -> Outcome:
    """Call an answer, or the function `name` that was in it, on one case."""
    if from_text(exercise):
        return call_mended(exercise.tools, answer, case, exercise.closes)
    functions = exercise.functions if name == WHOLE else ()
    unfit = not_callable(functions, answer)
    if unfit:
        return unfit
    if functions:
        return call(lambda *arguments: [answer[f](*arguments) for f in functions], case, exercise.closes)
    return call(answer, case, exercise.closes)


def not_callable(
    functions: Sequence[str], answer: Any, is_function: Callable[[Any], bool] = callable
) -> Outcome | None:
    """Return the outcome of what is not a function, or not a dict of `functions`; None if it can be called."""
    if is_nothing(answer):
        return Outcome(status=Status.UNANSWERED)
    if not functions:
        return None if is_function(answer) else Outcome(answer, status=Status.WRONG_TYPE)
    if not isinstance(answer, dict):
        return Outcome(answer, status=Status.WRONG_TYPE)
    missing = tuple(name for name in functions if not is_function(answer.get(name)))
    if len(missing) == len(functions) and all(is_nothing(answer.get(name)) for name in functions):
        return Outcome(status=Status.UNANSWERED)
    return Outcome(answer, status=Status.WRONG_TYPE, missing=missing) if missing else None
