"""The card of values that are off: the worst entry, which pieces and inputs are right, the bars."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from course_lib.checking.cards.content import Bar, minus, number
from course_lib.checking.cards.inputs import argument_names, described
from course_lib.checking.judging import Finding, Judgement, Trial
from course_lib.checking.judging.comparing import compare
from course_lib.exercises import FunctionExercise
from course_lib.mistakes import flat

# More rows than these and nobody reads them; a matrix of three by three is shown whole.
MOST_BARS = 9
# A size written as a number changes more than the last digits; single precision changes less.
LEAST_BY_SIZE = 1e-4
# On fewer inputs a factor goes in step with many things.
LEAST_IN_STEP = 3
# An answer nearer than this may have been rounded or measured.
NEAR = 1e-3
# A number that is further off than this is seen to be.
PLAIN_TO_SEE = 0.2
# A longer description of an input has no place in front of its row.
WIDEST = 26


def truth(exercise: FunctionExercise) -> str:
    """Say what an answer is held against."""
    return "the finite difference of E" if exercise.shown else "the true value"


def label(exercise: FunctionExercise) -> str:
    """Name the true value beside the student's."""
    return "finite difference" if exercise.shown else "true value"


def comparison(exercise: FunctionExercise, judgement: Judgement) -> list[str]:
    """Say what is right and what is off, and by how much at the worst."""
    trials = judgement.compared
    asked = [] if judgement.diagnosis.ids or judgement.places else sizes(trials)
    return [*exact(exercise, trials), *asked, compared(exercise, judgement)]


def compared(exercise: FunctionExercise, judgement: Judgement) -> str:
    """Say how far off the worst entry is, and on which input."""
    worst, trials = judgement.decisive, judgement.compared
    place = _place(exercise, worst)
    inputs = "" if _is_entry_by_entry(exercise, worst) else described(exercise, worst.case)
    rows = _row_names(exercise, trials) if flat(worst.truth).size == 1 else []
    if inputs in rows:
        place, inputs = inputs, ""
    elif rows:
        place = rows[[trial.case is worst.case for trial in trials].index(True)]
    return (
        f"Compared with {truth(exercise)} on {len(trials)} inputs. Worst{f' at {place}' if place else ''}: "
        f"yours {number(worst.finding.got)}, {label(exercise)} {_shown(exercise, worst)}{_off(worst.finding)}."
        f"{f' The input there: {inputs}.' if inputs else ''}"
    )


def _place(exercise: FunctionExercise, trial: Trial) -> str:
    """Name the worst entry as its row does."""
    finding, piece = trial.finding, piece_of(exercise, trial.finding)
    return _entry_names(exercise, trial, piece)(finding.index) if finding.index else piece


def _row_names(exercise: FunctionExercise, trials: Sequence[Trial]) -> list[str]:
    """Return what stands in front of the row of each input: what it is, where that is short for all of them."""
    names = [described(exercise, trial.case) for trial in trials]
    short = all(0 < len(name) <= WIDEST for name in names)
    return names if short else [f"input {n}" for n in range(1, len(names) + 1)]


def _off(finding: Finding) -> str:
    """Say how far off a number is where its digits alone do not show it."""
    if not finding.expected or finding.relative >= PLAIN_TO_SEE:
        return ""
    if finding.allowed and finding.relative < NEAR:
        apart = _small(abs(finding.got - finding.expected))
        return f"; they differ by {apart}, and up to {_small(finding.allowed)} counts as rounding"
    return f"; that is off by {100 * finding.relative:.3g} %"


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


def is_scaled(trials: Sequence[Trial]) -> bool:
    """Tell whether all numbers are the right ones, times one and the same number."""
    yours = np.concatenate([flat(trial.outcome.value) for trial in trials])
    true = np.concatenate([flat(trial.truth) for trial in trials])
    ratio = yours @ true / (true @ true) if yours.size == true.size and true.any() else np.nan
    return bool(np.allclose(yours, ratio * true, rtol=1e-6, atol=1e-8 * np.abs(true).max(initial=0.0)))


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


def in_step(trials: Sequence[Trial]) -> tuple[str, ...]:
    """Ask about a number written down, where all is off by a factor that grows or falls with a size of the input."""
    factors = np.array([_factor(trial) for trial in trials])
    if len(factors) < LEAST_IN_STEP or not np.isfinite(factors).all():
        return ()
    columns = map(np.array, zip(*map(_every_size, trials), strict=False))
    varying = [column for column in columns if np.ptp(column)]
    if not any(_is_level(factors / column) or _is_level(factors * column) for column in varying):
        return ()
    each = ", ".join(number(factor) for factor in factors)
    return (
        f"On each input every number is off by one and the same factor, but the inputs differ: {each} times. "
        "It goes in step with a size of the input. Is a size written as a number?",
    )


def _factor(trial: Trial) -> float:
    """Return by which factor all numbers of an input are off; nan where there is none."""
    yours, true = flat(trial.outcome.value), flat(trial.truth)
    if yours is None or true is None or yours.size != true.size or not true.any():
        return np.nan
    factor = float(yours @ true / (true @ true))
    return factor if np.allclose(yours, factor * true, rtol=1e-9, atol=0.0) else np.nan


def _is_level(numbers: np.ndarray) -> bool:
    return bool(np.allclose(numbers, numbers[0], rtol=1e-9, atol=0.0))


def _every_size(trial: Trial) -> list[int]:
    return [size for array in trial.case if isinstance(array, np.ndarray) for size in array.shape]


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
        named = zip(_row_names(exercise, trials), trials, strict=True)
        rows = [
            Bar(name, float(flat(t.outcome.value)[0]), float(flat(t.truth)[0]), t.finding is None)
            for name, t in named
        ]
    else:
        rows = list(_entries(exercise, worst, worst.outcome.value, worst.truth))
    left = len(rows) - MOST_BARS
    if left <= 1:  # a last row that stands for one other row would only take its place
        return tuple(rows)
    # What is off comes first, the worst before all, or it might not be seen.
    named = _place(exercise, worst)
    chosen = sorted(range(len(rows)), key=lambda n: (rows[n].label != named, rows[n].right))[:MOST_BARS]
    return (*(rows[n] for n in sorted(chosen)), Bar(f"… and {left} more", np.nan, np.nan))


def _entries(
    exercise: FunctionExercise, trial: Trial, value: Any, truth: Any, piece: str = ""
) -> Iterator[Bar]:
    if isinstance(truth, list | tuple):
        names = (not piece and exercise.pieces) or [f"{piece}[{n}]" for n in range(len(truth))]
        for v, t, n in zip(value, truth, names, strict=False):
            yield from _entries(exercise, trial, v, t, n)
        return
    truth, name = np.asarray(truth), _entry_names(exercise, trial, piece)
    value = np.asarray(value, dtype=float).reshape(truth.shape)
    right = np.abs(value - truth) <= exercise.tolerance.of(truth)
    for index in np.ndindex(truth.shape):
        yield Bar(name(index), float(value[index]), float(truth[index]), bool(right[index]))


def _entry_names(exercise: FunctionExercise, trial: Trial, piece: str) -> Callable[[Sequence[int]], str]:
    """Return what names an entry: as the exercise does, by the one number that it is made of, or by its place."""
    truth, case = trial.truth, trial.case
    if isinstance(truth, np.ndarray) and truth.size == len(exercise.pieces):
        return lambda index: exercise.pieces[np.ravel_multi_index(tuple(index), truth.shape)]
    if _is_entry_by_entry(exercise, trial):
        (name,) = argument_names(exercise, case) or [""]
        before = f"{piece} at {name} = " if piece else f"{name} = "
        return lambda index: f"{before}{minus(f'{case[0][tuple(index)]:.4g}')}"
    return lambda index: f"{piece}{list(map(int, index))}"


def _is_entry_by_entry(exercise: FunctionExercise, trial: Trial) -> bool:
    """Tell whether each entry of the answer is made of one entry of the argument; then the rows show that, too."""
    if len(trial.case) != 1 or not isinstance(trial.case[0], np.ndarray):
        return False
    pieces = trial.truth if isinstance(trial.truth, list) else [trial.truth]
    piece = None if len(pieces) == 1 and exercise.pieces else pieces[0]
    return np.shape(piece) == np.shape(trial.case[0])


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
