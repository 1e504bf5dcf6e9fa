"""Sifting hundreds of possible answers at once: by what they give on the first case, the rows of one matrix."""

from collections.abc import Iterator, Sequence

import numpy as np

from course_lib.checking.judging.conventions import Conventions
from course_lib.checking.judging.joining import Joined, Term, piece_of, shapes
from course_lib.exercises import Tolerance
from course_lib.mistakes import flat


class Sieve:
    """What `terms` give on the first case: as a whole, or piece by piece of a list."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = terms
        # piece (None: the whole answer) -> shape -> which of the terms have it there, and their numbers
        self._rows: dict[int | None, dict[tuple, tuple[list[int], np.ndarray]]] = {}

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)

    def same(self, some: Joined, tolerance: Tolerance) -> list[Term]:
        """Return the terms that on the first case are what `some` is there."""
        numbers, rows = self._of(None, some.shapes[0])
        if not numbers:
            return []
        size = np.abs(rows)
        allowed = tolerance.relative * size + tolerance.layer * size.max(axis=1, initial=0.0, keepdims=True)
        fit = (np.abs(some.vector[: some.sizes[0]] - rows) <= allowed).all(axis=1)
        return [self.terms[numbers[n]] for n in np.flatnonzero(fit)]

    def fitting(
        self, some: Joined, conventions: Conventions, tolerance: Tolerance, piece: int | None = None
    ) -> list[Term]:
        """Return the terms that may fit `some`, on the first case and up to conventions; `piece` says of what."""
        numbers, rows = self._of(piece, some.shapes[0])
        if not numbers:
            return []
        fit = conventions.rows_fitting(some.vector[: some.sizes[0]], rows, tolerance)
        return [self.terms[numbers[n]] for n in fit]

    def _of(self, piece: int | None, shape: tuple) -> tuple[list[int], np.ndarray]:
        if piece not in self._rows:
            self._rows[piece] = self._grouped(piece)
        return self._rows[piece].get(shape, ([], np.empty((0, 0))))

    def _grouped(self, piece: int | None) -> dict[tuple, tuple[list[int], np.ndarray]]:
        groups: dict[tuple, tuple[list[int], list[np.ndarray]]] = {}
        for n, term in enumerate(self.terms):
            try:
                value = term.first if piece is None else piece_of(term.first, piece)
            except (IndexError, TypeError, ValueError):  # this mistake leaves fewer pieces
                continue
            numbers, rows = groups.setdefault(shapes(value), ([], []))
            numbers.append(n)
            rows.append(flat(value))
        return {shape: (numbers, np.array(rows)) for shape, (numbers, rows) in groups.items()}
