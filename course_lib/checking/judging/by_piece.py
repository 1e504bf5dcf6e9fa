"""Explaining a list piece by piece: one of two matrices wrong by one mistake, the other right or wrong by another."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_lib.checking.judging.joining import Joined, constant_ratio, equal, joined, piece_of
from course_lib.checking.judging.judgement import Diagnosis

# In a hidden matrix alone the first is the second: what is lost on the way back.
SEEN_FROM_BEHIND = {
    "no_output_slope": "no_output_slope_in_hidden",
    "averaged_over_outputs": "mean_over_outputs",
}
Alternatives = list[tuple[str, ...]]


def explain_pieces(search: Any, partly: bool) -> Diagnosis | None:
    """Explain each piece that is off by conventions, a term, and pairs of them; all pieces, or `partly` some."""
    count = _count(search)
    if not count or any(_size(value) != count for value in search.values):
        return None
    found: list[tuple[str, Alternatives, float]] = []
    for n in range(count):
        some, true = (
            joined([piece_of(whole, n) for whole in wholes]) for wholes in (search.values, search.true_values)
        )
        if equal(some, true, search.exercise.tolerance):
            continue
        ids = _explained(search, n, some, true)
        ratio = None if ids else constant_ratio(some, true, search.same)
        found.append((_name(search, n), ids, 1.0 if ratio is None else ratio))
    if not partly and not all(ids or ratio != 1.0 for _, ids, ratio in found):
        return None
    pieces = [(name, _chosen(ids, found), ratio) for name, ids, ratio in found]
    if not all(ids or ratio != 1.0 for _, ids, ratio in pieces) and not (
        partly and any(ids for _, ids, _ in pieces)
    ):
        return None
    pieces = [piece for piece in pieces if piece[1] or piece[2] != 1.0]
    known = tuple(dict.fromkeys(i for _, ids, _ in pieces for i in ids))
    return Diagnosis(known, pieces=tuple(pieces)) if pieces else None


def _chosen(ids: Alternatives, found: Sequence[tuple[str, Alternatives, float]]) -> tuple[str, ...]:
    """Return what explains a piece; of two that look alike there, the one that another piece has as well."""
    elsewhere = {i for _, other, _ in found if other is not ids and len(other) == 1 for i in other[0]}
    different = {frozenset(each): each for each in ids}
    for known, seen in SEEN_FROM_BEHIND.items():
        for each in [each for each in different if known in each]:
            alike = (each - {known}) | {seen}
            if alike in different:
                del different[alike if known in elsewhere else each]
    # What cannot be told apart is not named.
    return next(iter(different.values())) if len(different) == 1 else ()


def _count(search: Any) -> int:
    """Return how many pieces the answer has: those of a list, or, where they have names of their own, its entries."""
    truths, names = search.true_values, search.exercise.pieces
    sizes = {_size(truth) for truth in truths}
    if len(sizes) > 1:
        return 0
    size = sizes.pop()
    return size if isinstance(truths[0], list | tuple) or size == len(names) else 0


def _size(whole: Any) -> int:
    return len(whole) if isinstance(whole, list | tuple) else np.size(whole)


def _name(search: Any, n: int) -> str:
    return search.exercise.pieces[n] if search.exercise.pieces else f"[{n}]"


def _explained(search: Any, n: int, some: Joined, true: Joined) -> Alternatives:
    """Return everything that explains piece `n` with the fewest ids."""
    found = [ids for ids, _ in search.conventions.fitting(some, true, search.same, least=1)]
    found += _by_terms(search, n, some, true)
    found = found or _by_lines(search, n, some) or _by_pairs(search, n, some)
    if not search.exact:
        found = [ids for ids in found if len(ids) == 1]
    fewest = min(map(len, found), default=0)
    return [ids for ids in found if len(ids) == fewest]


def _by_terms(search: Any, n: int, some: Joined, true: Joined) -> Alternatives:
    found, begins = [], some.first()
    for wrong in search.terms.fitting(some, search.conventions, search.same, n):
        if not search.conventions.fitting(begins, wrong.piece(n, first=True), search.same):
            continue
        piece = wrong.piece(n)
        if piece is None or equal(piece, true, search.same):
            continue
        found += [(*ids, *wrong.ids) for ids, _ in search.conventions.fitting(some, piece, search.same)]
    return found


def _by_lines(search: Any, n: int, some: Joined) -> Alternatives:
    found = []
    for fitted in search.lines:
        base, direction = fitted.base.piece(n), fitted.direction.piece(n)
        if base is not None and direction is not None:
            known = search.conventions.on_line(some, base, direction.vector, search.same)
            found += [(*ids, *fitted.ids) for ids in known]
    return found


def _by_pairs(search: Any, n: int, some: Joined) -> Alternatives:
    if search.pairs is None:
        return []
    pairs = search.pairs.fitting(some, search.conventions, search.same, n)
    return [
        (*ids, *wrong.ids)
        for wrong in pairs
        for ids, _ in search.conventions.fitting(some, wrong.piece(n), search.same)
    ]
