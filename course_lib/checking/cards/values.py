"""The card of values that are off: the worst entry, which pieces and inputs are right, the bars."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_lib.checking.cards.content import Bar, minus, number
from course_lib.checking.judging import Finding, Judgement, Trial
from course_lib.checking.judging.comparing import compare
from course_lib.exercises import FunctionExercise
from course_lib.mistakes import flat

# More rows than these and nobody reads them; a matrix of three by three is shown whole.
MOST_BARS = 9
# A size written as a number changes more than the last digits; single precision changes less.
LEAST_BY_SIZE = 1e-4


def truth(exercise: FunctionExercise) -> str:
    """Say what an answer is held against."""
    return "the finite difference of E" if exercise.shown else "the true value"


def label(exercise: FunctionExercise) -> str:
    """Name the true value beside the student's."""
    return "finite difference" if exercise.shown else "true value"


def compared(exercise: FunctionExercise, judgement: Judgement) -> str:
    """Say how far off the worst entry is, and what counts as rounding."""
    finding = judgement.decisive.finding
    place = " ".join(
        filter(None, (piece_of(exercise, finding), str(list(finding.index)) if finding.index else ""))
    )
    at = f" at {place}" if place else ""
    bound = f", and up to {_small(finding.allowed)} counts as rounding" if finding.allowed else ""
    return (
        f"Compared with {truth(exercise)} on {len(judgement.compared)} inputs. Worst{at}: "
        f"yours {number(finding.got)}, {label(exercise)} {_shown(exercise, judgement.decisive)}; "
        f"that is {_percent(finding.relative)} off{bound}."
    )


def exact(exercise: FunctionExercise, trials: Sequence[Trial]) -> list[str]:
    """Say which layers or pieces of a list are exact, or how many of the inputs came out right."""
    lists = isinstance(trials[0].truth, list | tuple)
    most = max(len(trial.truth) for trial in trials) if lists else 0
    # Without names of their own, layers are called by their place, and that needs networks of one depth.
    if not lists or (not exercise.pieces and most > min(len(trial.truth) for trial in trials)):
        count = sum(trial.finding is None for trial in trials)
        return [f"{count} of the {len(trials)} inputs came out right."] if count else []
    right = [all(_piece_is_right(exercise, trial, n) for trial in trials) for n in range(most)]
    if not any(right):
        return []
    names = exercise.pieces or (*["hidden"] * (most - 1), "output")
    off, good = (_listed(names, right, wanted) for wanted in (False, True))
    if exercise.pieces:
        return [f"Right: {good}. Off: {off}."]
    return [f"The gradient of the {good} layer is exact; that of the {off} layer is off."]


def _piece_is_right(exercise: FunctionExercise, trial: Trial, n: int) -> bool:
    if n >= len(trial.truth):
        return True
    return compare(trial.outcome.value[n], trial.truth[n], exercise.tolerance) is None


def _listed(names: Sequence[str], right: Sequence[bool], wanted: bool) -> str:
    pairs = zip(names, right, strict=False)  # there may be more names than this network has layers
    *most, last = dict.fromkeys(name for name, is_right in pairs if is_right is wanted)
    return f"{', '.join(most)} and {last}" if most else last


def sizes(trials: Sequence[Trial]) -> list[str]:
    """Ask about numbers written down, where no size of input was both right and wrong."""
    off = [trial for trial in trials if trial.finding]
    right = [trial for trial in trials if not trial.finding and not _handed_in(trial)]
    if any(trial.finding.relative < LEAST_BY_SIZE for trial in off):
        return []
    if not right or {str(_sizes(t.case)) for t in right} & {str(_sizes(t.case)) for t in off}:
        return []
    return ["The inputs differ in their sizes. Is a size, or an index, written as a number?"]


def _handed_in(trial: Trial) -> bool:
    """Tell whether the right answer is an argument as it came: then there was nothing to do, whatever the size."""
    truth = flat(trial.truth)
    arguments = filter(lambda numbers: numbers is not None, map(flat, trial.case))
    return any(np.array_equal(truth, numbers) for numbers in arguments)


def _sizes(value: Any) -> Any:
    return list(map(_sizes, value)) if isinstance(value, list | tuple) else np.shape(value)


def bars(exercise: FunctionExercise, judgement: Judgement) -> tuple[Bar, ...]:
    """Return the pairs to draw: one an input for a number, one an entry of the worst input for an array."""
    trials, worst = judgement.compared, judgement.decisive
    if flat(trials[0].truth).size == 1:
        pairs = [(f"input {n + 1}", flat(t.outcome.value)[0], flat(t.truth)[0]) for n, t in enumerate(trials)]
    else:
        pairs = list(_entries(worst.outcome.value, worst.truth, "", exercise.pieces))
        if len(pairs) > MOST_BARS:  # what is off comes first, or it might not be seen
            pairs.sort(key=lambda pair: abs(pair[1] - pair[2]) <= exercise.tolerance.relative * abs(pair[2]))
    rows = tuple(Bar(label, float(yours), float(true)) for label, yours, true in pairs)
    left = len(rows) - MOST_BARS
    # A last row that stands for one other row would only take its place.
    return rows if left <= 1 else (*rows[:MOST_BARS], Bar(f"… and {left} more", np.nan, np.nan))


def _entries(value: Any, truth: Any, name: str, pieces: Sequence[str] = ()) -> list[tuple[str, float, float]]:
    if isinstance(truth, list | tuple):
        names = pieces or [f"{name}[{n}]" for n in range(len(truth))]
        triples = zip(value, truth, names, strict=False)
        return [entry for v, t, n in triples for entry in _entries(v, t, n)]
    truth = np.asarray(truth)
    value = np.asarray(value, dtype=float).reshape(truth.shape)
    return [
        (f"{name}{list(map(int, index))}", value[index], truth[index]) for index in np.ndindex(truth.shape)
    ]


def _shown(exercise: FunctionExercise, trial: Trial) -> str:
    """Return the true value of the worst entry, measured where the exercise is about a derivative."""
    if exercise.shown is None:
        return number(trial.finding.expected)
    value = exercise.shown(*trial.case)
    for piece in trial.finding.path:
        value = value[piece]
    return number(float(np.asarray(value)[trial.finding.index]))


def piece_of(exercise: FunctionExercise, finding: Finding) -> str:
    """Name the piece of a list or tuple, as the exercise calls it or by its position; nested pieces by position."""
    if not finding.path:
        return ""
    first, *rest = finding.path
    return piece_names(exercise, first + 1)[first] + "".join(f"[{piece}]" for piece in rest)


def piece_names(exercise: FunctionExercise, count: int) -> tuple[str, ...]:
    """Return the names of the first pieces of a list, or their positions."""
    return exercise.pieces[:count] or tuple(f"[{n}]" for n in range(count))


def _small(value: float) -> str:
    return minus(f"{value:.1e}".replace("e-0", "e-"))


def _percent(relative: float) -> str:
    if not np.isfinite(relative):
        return "all of it"
    if relative >= 1000:
        return "more than 1000 times the value"
    if relative >= 9.995:  # three digits of a percentage end at 999
        return f"{relative:.0f} times the value"
    return f"{100 * relative:.3g} %"
