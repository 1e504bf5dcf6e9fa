"""Near-identical submissions: whose statements have the same forms, weighed against how common each form is.

A form that many have says nothing: they may have the same teacher. One that two of three hundred have says a lot. An
exercise counts once, by its rarest form that both have, since the lines of one answer belong together. Nobody is found
guilty here: two who worked side by side look the same as two of whom one copied.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from typing import NamedTuple

import numpy as np

# So much of what is not common has to be the same.
OVERLAP = 0.8
# Of so many classes one may have a pair that is alike by chance alone.
CLASSES = 20
FEWEST = 5
# An answer of one line is the same for many.
SHORTEST = 2
Forms = Mapping[str, Mapping[str, Set[str]]]


class Pair(NamedTuple):
    """Two submissions, the part of their uncommon forms that they share, and the exercises where they do."""

    first: str
    second: str
    overlap: float
    exercises: tuple[str, ...]


def alike(forms: Forms, known: Mapping[str, Set[str]]) -> list[Pair]:
    """Return the pairs of submissions that are near-identical.

    Parameters
    ----------
    forms
        The forms of each student's statements, by exercise; "" are the student's own cells.
    known
        The forms that everybody was given, by exercise: those of the released lesson and of the public solutions.

    Returns
    -------
    list of Pair
        Where the weights of the common forms are at least `OVERLAP` of those of all forms that either has, and where
        chance would do that in one of `CLASSES` classes. A form that n of N students have weighs ln(N / n).
    """
    own = {student: _own(told, known) for student, told in forms.items()}
    students = sorted(student for student, told in own.items() if told)
    if len(students) < FEWEST:
        return []
    names = sorted({form for student in students for form in own[student]})
    column = {form: number for number, form in enumerate(names)}
    has = np.zeros((len(students), len(names)), dtype=np.float32)
    for row, student in enumerate(students):
        has[row, [column[form] for form in own[student]]] = 1.0
    weights = np.log(len(students) / has.sum(axis=0))
    shared = (has * weights) @ has.T
    alone = np.diag(shared)
    either = alone[:, None] + alone[None, :] - shared
    close = np.triu((shared >= OVERLAP * either) & (either > 0), k=1)
    enough = 2 * np.log(len(students)) + np.log(CLASSES)
    found = []
    for a, b in np.argwhere(close):
        rarest: dict[str, float] = defaultdict(float)
        for form in own[students[a]] & own[students[b]]:
            rarest[form[0]] = max(rarest[form[0]], float(weights[column[form]]))
        if sum(rarest.values()) >= enough:
            telling = tuple(
                sorted(exercise for exercise, weight in rarest.items() if exercise and weight > 0)
            )
            found.append(Pair(students[a], students[b], float(shared[a, b] / either[a, b]), telling))
    return found


def _own(told: Mapping[str, Set[str]], known: Mapping[str, Set[str]]) -> frozenset[tuple[str, str]]:
    given = frozenset().union(*known.values())
    kept = {exercise: set(forms) - given for exercise, forms in told.items()}
    return frozenset((e, form) for e, forms in kept.items() if len(forms) >= SHORTEST for form in forms)


def groups(pairs: list[Pair]) -> list[tuple[str, ...]]:
    """Return the students who are linked by `pairs`, group by group, the largest first."""
    group: dict[str, set[str]] = {}
    for pair in pairs:
        joined = group.get(pair.first, {pair.first}) | group.get(pair.second, {pair.second})
        group.update(dict.fromkeys(joined, joined))
    found = {tuple(sorted(members)) for members in group.values()}
    return sorted(found, key=lambda members: (-len(members), members))
