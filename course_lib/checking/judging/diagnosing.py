"""What the numbers of a wrong answer suggest. A diagnosis is given only if it explains every input tried."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from course_lib.checking.judging.comparing import as_compared
from course_lib.checking.judging.judgement import NO_DIAGNOSIS, Diagnosis
from course_lib.exercises import Exercise, Tolerance
from course_lib.mistakes import MISTAKES, Line, flat

# A mistake made in another order of summation differs by rounding only.
SAME = Tolerance(1e-8, 1e-10)
# How far a measured derivative is off, relative to the largest entry; a derived one is off by 1e-15 to 1e-13.
MEASURED_LEAST, MEASURED_MOST = 2e-12, 1e-6
# N times 2/N: a plain 2 too much, and nobody made two mistakes to get there.
NO_PAIR = {"sum_over_samples", "two_n_twice"}


def diagnose(
    exercise: Exercise,
    cases: Sequence[tuple],
    values: Sequence[Any],
    truths: Sequence[Any],
    same: Tolerance = SAME,
) -> Diagnosis:
    """Find the mistake, or the pair of mistakes, that gives `values` on `cases`; `same` says how exactly."""
    values = [as_compared(value, truth) for value, truth in zip(values, truths, strict=True)]
    vectors = [flat(value) for value in values]
    if any(vector is None or not np.isfinite(vector).all() for vector in vectors):
        return NO_DIAGNOSIS  # something in it is no number, such as the None of a piece left out
    search = _Search(exercise, cases, _joined(values), _joined(truths), same)
    for look in (search.single, search.scaled, search.fitted, search.pair):
        found = look()
        if found:
            return found
    return _by_piece(exercise, values, truths, search) or NO_DIAGNOSIS


def measured(values: Sequence[Any], truths: Sequence[Any]) -> bool:
    """Tell whether right values have the digits of a finite difference: off by more than rounding, each time."""
    errors = []
    for value, truth in zip(values, truths, strict=True):
        a, t = flat(value), flat(truth)
        errors.append(float(np.abs(a - t).max() / np.abs(t).max()))
    typical = sorted(errors)[len(errors) // 2]
    return MEASURED_LEAST < typical < MEASURED_MOST


class _Joined(NamedTuple):
    """An answer on all cases: the shapes of its pieces, so that a transposed one differs, and all of its numbers."""

    shapes: tuple
    vector: np.ndarray
    sizes: tuple[int, ...]

    def each(self, ratio: np.ndarray) -> np.ndarray:
        """Return the ratio of its case for every number."""
        return np.repeat(ratio, self.sizes)


def _joined(values: Sequence[Any]) -> _Joined:
    vectors = [flat(value) for value in values]
    return _Joined(tuple(map(_shapes, values)), np.concatenate(vectors), tuple(v.size for v in vectors))


def _shapes(value: Any) -> Any:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return tuple(map(_shapes, value))
    # A (1, 1) matrix counts as the number in it, as in the comparison.
    return () if np.size(value) == 1 else np.shape(value)


class Candidates(NamedTuple):
    """What each fitting mistake would have given; scale mistakes as their ratio on every case."""

    terms: list[tuple[str, _Joined]]
    scales: dict[str, np.ndarray]
    lines: list[tuple[str, _Joined, _Joined]]


def candidates(exercise: Exercise, cases: Sequence[tuple], truths: _Joined, same: Tolerance) -> Candidates:
    """Work out every mistake that fits `exercise` on `cases`; those that change nothing there are left out."""
    found = Candidates([], {}, [])
    for mistake_id, answers_of in exercise.mistakes.items():
        for recipe in zip(*(answers_of(*case) for case in cases), strict=False):
            if isinstance(recipe[0], Line):
                found.lines.append((mistake_id, *map(_joined, zip(*recipe, strict=True))))
                continue
            wrong = _joined(recipe)
            if _equal(wrong, truths, same):
                continue
            if MISTAKES[mistake_id].scale:
                # One ratio a case, which then also serves answers of another shape.
                starts = np.cumsum((0, *wrong.sizes[:-1]))
                found.scales[mistake_id] = wrong.vector[starts] / truths.vector[starts]
            else:
                found.terms.append((mistake_id, wrong))
    return found


def _equal(some: _Joined, others: _Joined, same: Tolerance, ratio: Any = 1.0) -> bool:
    return some.shapes == others.shapes and _close(some.vector, ratio * others.vector, same)


def _close(a: np.ndarray, b: np.ndarray, same: Tolerance) -> bool:
    size = np.abs(b)
    return bool((np.abs(a - b) <= same.relative * size + same.layer * size.max(initial=0.0)).all())


class _Search:
    """One search: the answers and truths as vectors, and what each fitting mistake would have given."""

    def __init__(
        self, exercise: Exercise, cases: Sequence, answers: _Joined, truths: _Joined, same: Tolerance
    ) -> None:
        self.answers, self.truths, self.same = answers, truths, same
        self.comparable = answers.shapes == truths.shapes
        self.rate = "rate_inside" in exercise.mistakes
        self.terms, self.scales, self.lines = candidates(exercise, cases, truths, same)

    def single(self) -> Diagnosis | None:
        """Explain by one mistake; several where these numbers cannot tell them apart."""
        ids = [i for i, ratio in self.scales.items() if self._is_truth_times(ratio)]
        ids += [i for i, wrong in self.terms if _equal(self.answers, wrong, self.same)]
        ids = list(dict.fromkeys(ids))
        return Diagnosis(tuple(ids), either=len(ids) > 1) if ids else None

    def _is_truth_times(self, ratio: np.ndarray) -> bool:
        return _equal(self.answers, self.truths, self.same, self.truths.each(ratio))

    def scaled(self) -> Diagnosis | None:
        """Explain a constant ratio to the truth: by two scale mistakes, by a rate, or not."""
        for (first, a), (second, b) in combinations(self.scales.items(), 2):
            if {first, second} != NO_PAIR and self._is_truth_times(a * b):
                return Diagnosis((first, second))
        ratio = _constant(self.answers, self.truths, self.same)
        if ratio is None:
            return None
        if self.rate and 0.0 < ratio < 1.0:
            return Diagnosis(("rate_inside",), ratio=ratio)
        if self.rate and -1.0 < ratio < 0.0:
            return Diagnosis(("wrong_sign", "rate_inside"), ratio=-ratio)
        return Diagnosis(ratio=ratio)

    def fitted(self) -> Diagnosis | None:
        """Explain by a mistake with an unknown rate: one rate for all inputs, alone or with a scale."""
        if not self.comparable:
            return None
        for mistake_id, base, direction in self.lines:
            for scale, ratio in {"": 1.0, **self.scales}.items():
                each = base.each(ratio) if scale else ratio
                if self._on_line(base.vector, direction.vector, each):
                    return Diagnosis((scale, mistake_id) if scale else (mistake_id,))
        return None

    def _on_line(self, base: np.ndarray, direction: np.ndarray, ratio: Any) -> bool:
        if np.count_nonzero(direction) < 2:
            return False
        rate = float((base - self.answers.vector / ratio) @ direction / (direction @ direction))
        return rate > 0.0 and _close(self.answers.vector, ratio * (base - rate * direction), self.same)

    def pair(self) -> Diagnosis | None:
        """Explain by a mistake in a term together with one that multiplies everything."""
        for scale, ratio in self.scales.items():
            each = self.answers.each(ratio)
            ids = [i for i, wrong in self.terms if _equal(self.answers, wrong, self.same, each)]
            ids = list(dict.fromkeys(ids))
            if ids:
                return Diagnosis((scale, *ids), either=len(ids) > 1)
        for mistake_id, wrong in self.terms if self.rate else ():
            ratio = _constant(self.answers, wrong, self.same)
            if ratio is not None and 0.0 < ratio < 1.0:
                return Diagnosis(("rate_inside", mistake_id), ratio=ratio)
        return None


def _constant(some: _Joined, others: _Joined, same: Tolerance) -> float | None:
    """Return the one ratio of `some` to `others`, if there is one, and enough numbers to say so."""
    largest = int(np.abs(others.vector).argmax())
    if some.shapes != others.shapes or others.vector.size < 2 or not others.vector[largest]:
        return None
    ratio = float(some.vector[largest] / others.vector[largest])
    return ratio if ratio and _equal(some, others, same, ratio) else None


def _by_piece(
    exercise: Exercise, values: Sequence[Any], truths: Sequence[Any], search: _Search
) -> Diagnosis | None:
    """Explain a list in which some pieces are right and each of the others is off by a factor of its own."""
    count = len(truths[0]) if isinstance(truths[0], list | tuple) else 0
    if not count or not search.comparable or any(len(truth) != count for truth in truths):
        return None
    found = []
    for n in range(count):
        some, true = (_joined([whole[n] for whole in wholes]) for wholes in (values, truths))
        if _equal(some, true, exercise.tolerance):
            continue
        name = exercise.pieces[n] if exercise.pieces else f"[{n}]"
        known = (i for i, ratio in search.scales.items() if _equal(some, true, search.same, true.each(ratio)))
        mistake, ratio = next(known, ""), _constant(some, true, search.same)
        if not mistake and ratio is None:
            return None
        found.append((name, mistake, ratio or 1.0))
    ids = tuple(dict.fromkeys(mistake for _, mistake, _ in found if mistake))
    return Diagnosis(ids, pieces=tuple(found)) if found else None
