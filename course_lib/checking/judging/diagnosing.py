"""What the numbers of a wrong answer suggest. A diagnosis is given only if it explains every input tried.

And only if nothing else explains it as simply: what cannot be told apart is not named. The search goes from the simple
to the involved and stops at the first explanation.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from course_lib.checking.calling import Outcome
from course_lib.checking.judging.by_piece import explain_pieces
from course_lib.checking.judging.candidates import FittedLine, candidates
from course_lib.checking.judging.comparing import as_compared, compare
from course_lib.checking.judging.joining import Term, constant_ratio, equal, joined
from course_lib.checking.judging.judgement import NO_DIAGNOSIS, Diagnosis
from course_lib.checking.judging.pairing import Pairs, pairs_of
from course_lib.exercises import Exercise, Tolerance
from course_lib.mistakes import flat

# A mistake made in another order of summation differs by rounding only.
SAME = Tolerance(1e-8, 1e-10)
EXACT = 1e-6
# How far a measured derivative is off, relative to the largest entry; a derived one is off by 1e-15 to 1e-13.
MEASURED_LEAST, MEASURED_MOST = 2e-12, 1e-6
# How far single precision may be off, and a one-sided difference; and how well its error follows the second derivative.
SINGLE, ONE_SIDED, FOLLOWS = 1e-4, 1e-2, 1e-2
# Two names beside each other can be said to be alike; more would be a list to guess from.
MOST_ALIKE = 2


def diagnose(
    exercise: Exercise,
    cases: Sequence[tuple],
    values: Sequence[Any],
    truths: Sequence[Any],
    same: Tolerance = SAME,
) -> Diagnosis:
    """Find the mistakes that together give `values` on `cases`; `same` says how exactly."""
    values = [as_compared(value, truth) for value, truth in zip(values, truths, strict=True)]
    vectors = [flat(value) for value in values]
    if any(vector is None or not np.isfinite(vector).all() for vector in vectors):
        return NO_DIAGNOSIS  # something in it is no number, such as the None of a piece left out
    with np.errstate(over="ignore", invalid="ignore"):  # a wrong run may explode
        return _found(_Search(exercise, cases, values, truths, same))


def _found(search: "_Search") -> Diagnosis:
    """Look for the simple before the involved."""
    looks = (
        *(search.precision, search.single, search.several_conventions, search.fitted, search.scaled_term),
        *(search.factor, search.pieces, search.pair, search.term_with_rate, search.pieces_and_pairs),
    )
    return next(filter(None, (look() for look in looks)), NO_DIAGNOSIS)


def diagnose_stopped(
    exercise: Exercise, cases: Sequence[tuple], outcomes: Sequence[Outcome], same: Tolerance = SAME
) -> Diagnosis:
    """Find the mistake that ends in an index error on just those cases, and gives what came on the others."""
    # A long run has no single truth, and to make each mistake in it would take minutes.
    tried = [
        (case, outcome)
        for case, outcome in zip(cases, outcomes, strict=False)
        if exercise.reference and exercise.reference(*case) is not None
    ]
    answered, stopped = ([pair for pair in tried if pair[1].failed is failed] for failed in (False, True))
    errors = {outcome.error.type for _, outcome in stopped if outcome.error}
    if not answered or not stopped or not errors <= {"IndexError", "ValueError"}:
        return NO_DIAGNOSIS
    found = [
        (mistake_id,)
        for mistake_id, answers_of in exercise.mistakes.items()
        if all(_only(answers_of(*case), outcome.value, same) for case, outcome in answered)
        and not any(answers_of(*case) for case, _ in stopped)
    ]
    return sure(found) or NO_DIAGNOSIS


def _only(answers: list[Any], value: Any, same: Tolerance) -> bool:
    return len(answers) == 1 and compare(value, answers[0], same) is None


def measured(values: Sequence[Any], truths: Sequence[Any]) -> bool:
    """Tell whether right values have the digits of a finite difference: off by more than rounding, each time."""
    errors = []
    for value, truth in zip(values, truths, strict=True):
        a, t = flat(value), flat(truth)
        errors.append(float(np.abs(a - t).max() / np.abs(t).max()))
    typical = sorted(errors)[len(errors) // 2]
    return MEASURED_LEAST < typical < MEASURED_MOST and not all(_is_single(flat(value)) for value in values)


class _Search:
    """One search: the answers and truths as vectors, and what each fitting mistake would have given."""

    def __init__(
        self, exercise: Exercise, cases: Sequence, values: Sequence, truths: Sequence, same: Tolerance
    ) -> None:
        self.exercise, self.cases, self.values, self.true_values = exercise, cases, values, truths
        self.answers, self.truths, self.same = joined(values), joined(truths), same
        self.start = self.answers.first()
        # With four digits a factor alone is near one of some hundred that mistakes and conventions make together.
        self.exact = same.relative <= EXACT
        self.comparable = self.answers.shapes == self.truths.shapes
        self.rate = "rate_inside" in exercise.mistakes
        self.terms, self.scales, self.lines, self.conventions = candidates(exercise, cases, self.truths, same)
        self.pairs: Pairs | None = None

    def precision(self) -> Diagnosis | None:
        """Explain what is nearly right: by single precision, or by a difference to one side."""
        if not self.comparable:
            return None
        off, size = np.abs(self.answers.vector - self.truths.vector), np.abs(self.truths.vector).max()
        if off.max() <= SINGLE * size and _is_single(self.answers.vector):
            return Diagnosis(("single_precision",))
        if self.exercise.one_sided and off.max() <= ONE_SIDED * size:
            error = joined([self.exercise.one_sided(*case) for case in self.cases]).vector
            if _along(self.answers.vector - self.truths.vector, error):
                return Diagnosis(("numerical_only",))
        return None

    def single(self) -> Diagnosis | None:
        """Explain by one mistake; several where these numbers cannot tell them apart."""
        ids = [i for i, ratio in self.scales.items() if self._is_truth_times(ratio)]
        ids += [
            wrong.ids[0]
            for wrong in self.terms.same(self.start, self.same)
            if wrong.joined is not None and equal(self.answers, wrong.joined, self.same)
        ]
        ids = list(dict.fromkeys(ids))
        return Diagnosis(tuple(ids), either=len(ids) > 1) if ids else None

    def _is_truth_times(self, ratio: np.ndarray) -> bool:
        return equal(self.answers, self.truths, self.same, self.truths.each(ratio))

    def several_conventions(self) -> Diagnosis | None:
        """Explain a factor by several conventions of another E."""
        known = self.conventions.fitting(self.answers, self.truths, self.same, least=2)
        return sure(ids for ids, _ in known)

    def factor(self) -> Diagnosis | None:
        """Explain a constant factor by a rate, or say that there is one."""
        ratio = constant_ratio(self.answers, self.truths, self.same)
        return None if ratio is None else self._rate(ratio, ()) or Diagnosis(ratio=ratio)

    def _rate(self, ratio: float, ids: tuple[str, ...]) -> Diagnosis | None:
        if not self.rate or not 0.0 < abs(ratio) < 1.0:
            return None
        sign = ("wrong_sign",) if ratio < 0.0 else ()
        return Diagnosis((*sign, "rate_inside", *ids), ratio=abs(ratio))

    def fitted(self) -> Diagnosis | None:
        """Explain by a mistake with an unknown rate: one rate for all inputs, alone or with conventions."""
        if not self.comparable:
            return None
        return sure(found for each in self.lines for found in self._on_line(each))

    def _on_line(self, fitted: FittedLine) -> list[tuple[str, ...]]:
        base, direction = fitted.base.joined, fitted.direction.joined.vector
        found = self.conventions.on_line(self.answers, base, direction, self.same)
        return [(*ids, *fitted.ids) for ids in found]

    def scaled_term(self) -> Diagnosis | None:
        """Explain by a mistake in a term together with conventions that multiply everything."""
        if not self.exact and constant_ratio(self.answers, self.truths, self.same) is not None:
            return None
        found = [
            (scales, wrong.ids)
            for wrong in self.terms.fitting(self.start, self.conventions, self.same)
            for scales in self._conventions_of(wrong, least=1)
        ]
        return _alike(found)

    def _conventions_of(self, wrong: Term, least: int = 0) -> list[tuple[str, ...]]:
        """Return the conventions that turn `wrong` into the answer."""
        if not self.conventions.fitting(self.start, wrong.begins, self.same) or wrong.joined is None:
            return []
        return [ids for ids, _ in self.conventions.fitting(self.answers, wrong.joined, self.same, least)]

    def term_with_rate(self) -> Diagnosis | None:
        """Explain by a mistake in a term together with an unknown factor."""
        for wrong in self.terms if self.rate else ():
            begins = self.start.vector.size < 2 or constant_ratio(self.start, wrong.begins, self.same)
            if not begins or wrong.joined is None:
                continue
            ratio = constant_ratio(self.answers, wrong.joined, self.same)
            known = None if ratio is None else self._rate(ratio, wrong.ids)
            if known:
                return known
        return None

    def pieces(self) -> Diagnosis | None:
        """Explain each piece of a list by one thing of its own."""
        found = explain_pieces(self, partly=False)
        return found if found and all(len(ids) < 2 for _, ids, _ in found.pieces) else None

    def pair(self) -> Diagnosis | None:
        """Explain by two mistakes in terms, alone or with conventions."""
        self.pairs = pairs_of(self.exercise, self.cases)
        found = [
            (scales, wrong.ids)
            for wrong in self.pairs.fitting(self.answers, self.conventions, self.same)
            for scales in self._conventions_of(wrong)
        ]
        fewest = min((len(scales) for scales, _ in found), default=0)
        alike = _alike([each for each in found if len(each[0]) == fewest])
        return alike or sure(known for fitted in self._lines_of_pairs() for known in self._on_line(fitted))

    def _lines_of_pairs(self) -> Sequence[FittedLine]:
        return self.pairs.lines_fitting(self.answers, self.conventions, self.same) if self.comparable else ()

    def pieces_and_pairs(self) -> Diagnosis | None:
        """Explain what can be explained of each piece, also by two mistakes in it."""
        return explain_pieces(self, partly=True)


def sure(explanations: Iterable[tuple[str, ...]]) -> Diagnosis | None:
    """Return what is sure: the ids of the one explanation with the fewest, or those that all of these share."""
    found = {frozenset(ids): ids for ids in explanations}
    if not found:
        return None
    fewest = min(map(len, found))
    found = {ids: order for ids, order in found.items() if len(ids) == fewest}
    shared = frozenset.intersection(*found)
    first = next(iter(found.values()))
    return Diagnosis(tuple(i for i in first if i in shared))


def _alike(found: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]) -> Diagnosis | None:
    """Return what is sure of pairs of conventions and terms; where only one term differs, both with "or"."""
    conventions, terms = dict.fromkeys(scales for scales, _ in found), dict.fromkeys(ids for _, ids in found)
    if len(conventions) == 1 and len(terms) == MOST_ALIKE and all(len(ids) == 1 for ids in terms):
        return Diagnosis((*next(iter(conventions)), *(i for ids in terms for i in ids)), either=True)
    return sure((*scales, *ids) for scales, ids in found)


def _is_single(vector: np.ndarray) -> bool:
    """Tell whether every number has the digits of single precision only, and it takes more than a few to write one."""
    with np.errstate(over="ignore"):
        exact = (vector.astype(np.float32).astype(float) == vector).all()
        short = (vector.astype(np.float16).astype(float) == vector).any()
    return bool(exact and not short and vector.size > 1)


def _along(some: np.ndarray, direction: np.ndarray) -> bool:
    """Tell whether `some` is a multiple of `direction`, nearly."""
    if not direction.any() or direction.size < 2:
        return False
    along = float(some @ direction / (direction @ direction)) * direction
    return bool(np.abs(along).max() > 0.0 and np.abs(some - along).max() <= FOLLOWS * np.abs(along).max())
