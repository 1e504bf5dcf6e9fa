"""What the values of a recording mean, held against a walk; and which of them mean nothing and spoil what follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from course_lib.checking.calling.events import Recording
from course_lib.checking.judging.matching import Found, Index
from course_lib.exercises.walks import Known, Walk

# Expressions that pick out, or hand on, what is there.
SELECTING = frozenset({"Subscript", "Attribute", "Name"})
SUMS = frozenset({"BinOp Add", "BinOp Sub", "AugAssign Add", "AugAssign Sub"})
# Whoever moves a weight by less than this share of it measures a slope.
SMALL_STEP = 0.01
PRODUCTS = frozenset({"BinOp Mult", "AugAssign Mult", "UnaryOp USub"})
QUOTIENTS = frozenset({"BinOp Div", "AugAssign Div"})


@dataclass
class Meaning:
    """What is known of one event: the right values of the walk that it is, or the mistakes that make it."""

    right: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    factors: tuple[str, ...] | None = None


NOTHING = Meaning()


class Reading:
    """A recording with the meaning of every event.

    Parameters
    ----------
    recording : Recording
    walk : Walk
    indexes : sequence of Index
        Where values are looked up: the walk's own first, then those of walks gone on behind a wrong value.
    accepted : mapping of int to str
        Events that are wrong, are pointed at already, and stand for this value of the walk.
    """

    def __init__(
        self, recording: Recording, walk: Walk, indexes: Sequence[Index], accepted: dict[int, str]
    ) -> None:
        self.recording, self.walk, self.indexes, self.accepted = recording, walk, indexes, accepted
        self.events, self.sites = recording.events, recording.sites
        self.first_known: set[int] = set()
        self.meanings = self._meanings()
        self._updated()
        self.constant = self._constants()
        self.leads = self._leading(self.has_meaning)
        self.needed = self._needed()

    # ---- one event

    def syntax(self, number: int) -> str:
        """Return the kind of the expression that made an event."""
        return self.sites[self.events[number].site].syntax

    def has_meaning(self, number: int) -> bool:
        """Tell whether an event is a right value, or one that stands for it."""
        return bool(self.meanings[number].right) or number in self.accepted

    def names(self, number: int) -> tuple[str, ...]:
        """Return what an event is, or stands for."""
        return (self.accepted[number],) if number in self.accepted else self.meanings[number].right

    def sources(self, number: int) -> list[int]:
        """Return the events that went into one."""
        return [each for _, group in self.events[number].operands for each in group]

    def is_bad(self, number: int) -> bool:
        """Tell whether an event means nothing, leads to nothing, and the result depends on it."""
        return (
            number in self.needed
            and not self.constant[number]
            and not self.has_meaning(number)
            and (bool(self.meanings[number].mistakes) or not self.leads[number])
        )

    def _meanings(self) -> list[Meaning]:
        """Return the meaning of every event; the later indexes are for what the earlier ones do not know."""
        found = [NOTHING] * len(self.events)
        left = [n for n, event in enumerate(self.events)]
        for index in self.indexes:
            for number, meaning in self.by_index(index, left).items():
                if meaning.right or found[number] is NOTHING:
                    found[number] = meaning
            left = [n for n in left if not found[n].right]
            self.first_known = self.first_known or {n for n, meaning in enumerate(found) if meaning.right}
        return found

    def by_index(self, index: Index, numbers: Sequence[int]) -> dict[int, Meaning]:
        """Return what some of the events are, as far as one index knows them."""
        by_size: dict[int, list[int]] = {}
        for number in numbers:
            by_size.setdefault(len(self.events[number].data) // 8, []).append(number)
        candidates: dict[int, Found] = {}
        for same in by_size.values():
            rows = np.array([np.frombuffer(self.events[n].data) for n in same])
            telling = np.flatnonzero(~Index.trivial_rows(rows))
            candidates |= {
                same[at]: owners
                for at, owners in zip(telling, index.of_many(rows[telling]), strict=True)
                if owners
            }
        self._in_loops(index, numbers, candidates)
        unsteady, turning = self._unsteady(index, candidates)
        found = {}
        for number, owners in candidates.items():
            site = self.events[number].site
            kept = [
                (not index.is_plain(ratio), owner)
                for owner, ratio in owners
                if (key := _key(site, index.known[owner])) not in turning
                and (index.is_plain(ratio) or not (key in unsteady or index.lacks_a_weight(ratio)))
            ]
            if kept:
                found[number] = _meaning([index.known[owner] for _, owner in sorted(set(kept))])
        return found

    def _unsteady(self, index: Index, candidates: dict[int, Found]) -> tuple[set, set]:
        """Return what an expression is another number of times in every turn of a loop, and what with another sign.

        It is not that: it has another factor in it, or lost the sign.
        """
        ratios: dict[tuple, list[set[float]]] = {}
        for number, owners in candidates.items():
            each: dict[tuple, set[float]] = {}
            for owner, ratio in owners:
                each.setdefault(_key(self.events[number].site, index.known[owner]), set()).add(ratio)
            for key, found in each.items():
                ratios.setdefault(key, []).append(found)
        unsteady = {key for key, found in ratios.items() if len(found) > 1 and not _share_one(found)}
        turning = {key for key in unsteady if _share_one([set(map(abs, each)) for each in ratios[key]])}
        return unsteady, turning

    def _in_loops(self, index: Index, numbers: Sequence[int], candidates: dict[int, Found]) -> None:
        """Look up the single numbers of one expression together, in the order in which a loop made them."""
        by_site: dict[int, list[int]] = {}
        for number in numbers:
            event = self.events[number]
            if len(event.data) == 8 and event.how != "read":
                by_site.setdefault(event.site, []).append(number)
        for same in by_site.values():
            if len(same) < 3 or all(n in candidates for n in same):
                continue
            together = np.array([[self.events[n].value.item() for n in same]])
            if Index.trivial_rows(together)[0]:
                continue
            owners = index.of_many(together)[0]
            for n in same if owners else ():
                candidates[n] = owners

    # ---- all events

    def _updated(self) -> None:
        """Name a weight that was moved by its gradient: right in itself, and no weight of this pass any more."""
        for number in range(len(self.events)) if self.walk.names_updated else ():
            sources = self.sources(number)
            if self.meanings[number].right:
                continue
            if len(sources) == 1 and self._is_the_same(number, sources[0]):
                self.meanings[number] = self.meanings[sources[0]]
            elif self.syntax(number) in SUMS and len(sources) == 2:
                one, other = (self.meanings[each].right for each in sources)
                moved = [name for name in one if name.startswith("w_") and f"gradient_{name[2:]}" in other]
                if moved:
                    self.meanings[number] = Meaning((f"updated_{moved[0]}",))

    def _is_the_same(self, number: int, source: int) -> bool:
        """Tell whether an event is an updated weight, transposed or copied."""
        name = "".join(self.meanings[source].right[:1])
        some, others = self.events[number].value, self.events[source].value
        return (
            name.startswith("updated_")
            and some.size == others.size
            and np.array_equal(np.sort(some.ravel()), np.sort(others.ravel()))
        )

    def measures(self) -> bool:
        """Tell whether a weight is moved a little, as for a difference quotient: nothing is derived there."""
        for number, event in enumerate(self.events):
            sources = [each for each in self.sources(number) if not self.constant[each]]
            if self.syntax(number) not in SUMS or len(sources) != 1 or self.meanings[number].right:
                continue
            weight = self.events[sources[0]]
            if weight.shape == event.shape and any(n.startswith("w_") for n in self.names(sources[0])):
                moved = np.abs(event.value - weight.value).max()
                if 0.0 < moved <= SMALL_STEP * np.abs(weight.value).max():
                    return True
        return False

    def _constants(self) -> list[bool]:
        """Tell which events are no evidence: zeros, ones, what is made of constants, what nobody knows."""
        found: list[bool] = []
        for number, event in enumerate(self.events):
            if self.meanings[number] is not NOTHING and self.meanings[number].right:
                found.append(False)
            elif event.how == "read" or (Index.trivial(event.value) and not self._is_lost(number)):
                found.append(True)
            else:
                found.append(all(found[each] for each in self.sources(number)))
        return found

    def is_right_in_itself(self, number: int) -> bool:
        """Tell whether an event is a right value, or leads to one, without going on behind a wrong one."""
        return number in self.first_known or (
            self.leads_at_first[number] and not self.meanings[number].mistakes
        )

    @cached_property
    def leads_at_first(self) -> list[bool]:
        """Tell what leads to a value of the walk itself."""
        return self.leads if len(self.indexes) == 1 else self._leading(self.first_known.__contains__)

    def _is_lost(self, number: int) -> bool:
        """Tell whether arithmetic left nothing of two values but zeros, or no numbers at all."""
        values = [self.events[each].value for each in self.sources(number)]
        made = self.events[number].value
        if not np.isfinite(made).all():
            return bool(values) and all(np.isfinite(value).all() for value in values)
        binary = self.syntax(number).startswith("BinOp") and len(values) == 2
        return binary and not made.any() and all(value.any() for value in values)

    def _leading(self, is_known: Callable[[int], bool]) -> list[bool]:
        """Tell from which events something with a meaning is computed later."""
        count = len(self.events)
        leads, by_computing = [False] * count, [False] * count
        for number in range(count - 1, -1, -1):
            event = self.events[number]
            named = is_known(number) or bool(self.meanings[number].mistakes)
            selects = self.syntax(number) in SELECTING
            for _, group in event.operands:
                # One of many that were put together, or of what changed: the whole says little about it.
                weak = len(group) > 1 or event.how == "changed"
                for each in group:
                    mixed = self.is_put_together(each)
                    if (named and not (selects and mixed)) or (
                        by_computing[number] if weak else leads[number]
                    ):
                        leads[each] = True
                        by_computing[each] = by_computing[each] or not selects or by_computing[number]
        return leads

    def is_put_together(self, number: int) -> bool:
        """Tell whether an event is an array of several values, or one that was filled bit by bit."""
        event = self.events[number]
        return event.how == "changed" or any(len(group) > 1 for _, group in event.operands)

    def _needed(self) -> set[int]:
        """Return the events that the result depends on; all of them where the result cannot be traced."""
        waiting = [each for piece in self.recording.result for each in piece]
        if not waiting:
            return set(range(len(self.events)))
        found: set[int] = set()
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                waiting += self.sources(number)
        return found

    # ---- where it begins

    def first_bad(self) -> list[int]:
        """Return the events at which meaning is lost, in their order."""
        bad = [self.is_bad(number) for number in range(len(self.events))]
        bad_sites = {event.site for number, event in enumerate(self.events) if bad[number]}

        def is_spoilt(number: int) -> bool:
            # What leads to a meaning in one turn of a loop and to none in another leads there by chance.
            by_chance = self.events[number].site in bad_sites and not self.has_meaning(number)
            return bad[number] or (by_chance and not self.constant[number])

        found = [
            number
            for number in range(len(self.events))
            if bad[number] and self.sources(number) and not any(map(is_spoilt, self.sources(number)))
        ]
        return list(dict.fromkeys(map(self._as_far_as_it_may_go, found)))

    def outer(self, number: int) -> int:
        """Return the event of the expression around one, or -1."""
        return next((c for c in self.consumers.get(number, ()) if self._around(number, c)), -1)

    @cached_property
    def consumers(self) -> dict[int, list[int]]:
        """The events that each one went into."""
        found: dict[int, list[int]] = {}
        for number in range(len(self.events)):
            for each in self.sources(number):
                found.setdefault(each, []).append(number)
        return found

    def factors(self, number: int) -> Counter | None:
        """Return the factors of the chain rule in a product; None if it is none."""
        meaning = self.meanings[number]
        if meaning.right or number in self.accepted:
            return Counter(meaning.factors) if meaning.factors else None
        if self.constant[number]:
            return Counter()
        if not self.is_product(number):
            return None
        total: Counter = Counter()
        for each in self.sources(number):
            part = self.factors(each)
            if part is None:
                return None
            total += part
        return total

    def is_product(self, number: int) -> bool:
        """Tell whether an event is a product, number by number; a quotient by a constant is one, too."""
        kind, sources = self.syntax(number), self.sources(number)
        if kind in QUOTIENTS:
            return all(self.constant[each] for each in sources[1:])
        return kind in PRODUCTS or (kind == "Call" and self._multiplies(number, sources))

    def _multiplies(self, number: int, sources: Sequence[int]) -> bool:
        """Tell `np.multiply` by its numbers: which function was called is not in a recording."""
        made = self.events[number].value
        if len(sources) != 2 or made.size < 2:
            return False
        values = [self.events[each].value for each in sources]
        with np.errstate(all="ignore"):
            product = np.multiply(*values) if values[0].shape == values[1].shape else np.empty(0)
            return product.shape == made.shape and np.allclose(product, made, rtol=1e-12, atol=0)

    def _as_far_as_it_may_go(self, number: int) -> int:
        """Go on from a product that could still become one of the chain rule to the product that cannot."""
        while True:
            product = self.factors(number) if not self.meanings[number].mistakes else None
            if not product or not any(product <= path for path in self.walk.paths):
                return number
            outer = self.outer(number)
            if outer < 0 or not self.is_product(outer):
                return number
            number = outer

    def _around(self, inner: int, outer: int) -> bool:
        return self.sites[self.events[inner].site].parent == self.events[outer].site


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
    if not found:
        return NOTHING
    return Meaning(
        mistakes=tuple(dict.fromkeys(each.mistake for each in found)),
        wrong=tuple(dict.fromkeys(each.meaning for each in found)),
        factors=found[0].factors,
    )
