"""What events are by their numbers: looked up among the values of a walk, and asked whether it is so in every turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from course_lib.checking.calling.events import Event
from course_lib.checking.judging.matching import Found, Index
from course_lib.exercises.walks import Known


@dataclass
class Meaning:
    """What is known of one event: the right values of the walk that it is, or the mistakes that make it."""

    right: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    factors: tuple[str, ...] | None = None


NOTHING = Meaning()


def meanings_in(index: Index, events: Sequence[Event], numbers: Sequence[int]) -> dict[int, Meaning]:
    """Return what some of the events are, as far as one index knows them."""
    candidates = _one_by_one(index, events, numbers)
    _in_loops(index, events, numbers, candidates)
    unsteady, turning = _unsteady(index, events, candidates)
    found = {}
    for number, owners in candidates.items():
        site = events[number].site
        kept = [
            (not index.is_plain(ratio), owner)
            for owner, ratio in owners
            if (key := _key(site, index.known[owner])) not in turning
            and (index.is_plain(ratio) or not (key in unsteady or index.lacks_a_weight(ratio)))
        ]
        if kept:
            found[number] = _meaning([index.known[owner] for _, owner in sorted(set(kept))])
    return found


def _one_by_one(index: Index, events: Sequence[Event], numbers: Sequence[int]) -> dict[int, Found]:
    """Look up each event by itself, those of one size at once."""
    by_size: dict[int, list[int]] = {}
    for number in numbers:
        by_size.setdefault(len(events[number].data) // 8, []).append(number)
    found: dict[int, Found] = {}
    for same in by_size.values():
        rows = np.array([np.frombuffer(events[n].data) for n in same])
        telling = np.flatnonzero(~Index.trivial_rows(rows))
        found |= {
            same[at]: owners
            for at, owners in zip(telling, index.of_many(rows[telling]), strict=True)
            if owners
        }
    return found


def _unsteady(index: Index, events: Sequence[Event], candidates: dict[int, Found]) -> tuple[set, set]:
    """Return what an expression is another number of times in every turn of a loop, and what with another sign.

    It is not that: it has another factor in it, or lost the sign.
    """
    ratios: dict[tuple, list[set[float]]] = {}
    for number, owners in candidates.items():
        each: dict[tuple, set[float]] = {}
        for owner, ratio in owners:
            each.setdefault(_key(events[number].site, index.known[owner]), set()).add(ratio)
        for key, found in each.items():
            ratios.setdefault(key, []).append(found)
    unsteady = {key for key, found in ratios.items() if len(found) > 1 and not _share_one(found)}
    turning = {key for key in unsteady if _share_one([set(map(abs, each)) for each in ratios[key]])}
    return unsteady, turning


def _in_loops(
    index: Index, events: Sequence[Event], numbers: Sequence[int], candidates: dict[int, Found]
) -> None:
    """Look up the single numbers of one expression together, in the order in which a loop made them."""
    by_site: dict[int, list[int]] = {}
    for number in numbers:
        event = events[number]
        if len(event.data) == 8 and event.how != "read":
            by_site.setdefault(event.site, []).append(number)
    for same in by_site.values():
        if len(same) < 3 or all(n in candidates for n in same):
            continue
        together = np.array([[events[n].value.item() for n in same]])
        if Index.trivial_rows(together)[0]:
            continue
        owners = index.of_many(together)[0]
        for n in same if owners else ():
            candidates[n] = owners


def _key(site: int, known: Known) -> tuple[int, str, str]:
    return site, known.meaning, known.mistake


def _share_one(found: list[set[float]]) -> bool:
    """Tell whether one number is in all sets, up to rounding."""
    return any(
        all(any(abs(other - ratio) <= 1e-7 * abs(ratio) for other in each) for each in found[1:])
        for ratio in found[0]
    )


def _meaning(found: list[Known]) -> Meaning:
    right = [each for each in found if not each.mistake]
    if right:
        # A whole value before what may be a part of a sum.
        names = sorted(
            dict.fromkeys(each.meaning for each in right), key=lambda name: name.startswith("part_of_")
        )
        return Meaning(tuple(names), factors=right[0].factors)
    return Meaning(
        mistakes=tuple(dict.fromkeys(each.mistake for each in found)),
        wrong=tuple(dict.fromkeys(each.meaning for each in found)),
        factors=found[0].factors,
    )
