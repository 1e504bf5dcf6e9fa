"""Mistakes are pointed at in every style of writing, alone and in pairs; a convention is none."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import combinations

import pytest

from course_lib import check
from course_lib.checking.judging import Place
from tests.corpus import sampling
from tests.mistakes_in_styles import MADE, Made, source_with
from tests.notebook_cells import notebook
from tests.places_in_answers import bare, found_in
from tests.styles import source_of

pytestmark = pytest.mark.usefixtures("no_hurry")

# What another E changes in the five styles: no 2 or a sum over the samples in front, and d - o for o - d.
NO_TWO = (
    *(
        ("2 / len(X) * ", "1 / len(X) * "),
        ("2 * dW01", "dW01"),
        ("2 * dW12", "dW12"),
        ("2 / N * ", "1 / N * "),
    ),
    *(("2 * (A2 - T)", "(A2 - T)"), ("2.0 * ", "")),
)
SUM = (
    *((f"{n} / len(X) * ", f"{n} * ") for n in (1, 2)),
    *((f"{n} / N * ", f"{n} * ") for n in (1, 2)),
    *((" / len(X)", ""), (" / m", ""), (" / len(targets)", "")),
)
TURNED = (
    *(
        ("o - D", "D - o"),
        ("o - d", "d - o"),
        ("A2 - T", "T - A2"),
        ("outputs - targets", "targets - outputs"),
    ),
    *(("o[k] - D[n, k]", "D[n, k] - o[k]"),),
)
CONVENTIONS = (NO_TWO, SUM, TURNED)


def converted(text: str, conventions: Iterable[tuple] = CONVENTIONS) -> str:
    """Return a text with the conventions of another E."""
    for ours, theirs in itertools.chain.from_iterable(conventions):
        text = text.replace(ours, theirs)
    return text


def others_than(found: Iterable[Place], change: Callable[[str], str], *made: Made) -> list[str]:
    """Return what is pointed at beside the guilty expressions and the statements that were changed."""
    guilty = [bare(change(text)) for each in made for text in each.guilty]
    before = {bare(change(line)) for line in source_of("backprop", made[0].style).splitlines()}
    return [
        place.source
        for place in found
        if bare(place.text) in before and not any(text in bare(place.source) for text in guilty)
    ]


def name_of(made: Made) -> str:
    """Name a case of a test."""
    return f"{made.mistake}-{made.style}"


# In `make test` each style has some of the mistakes.
@pytest.mark.sampled
@pytest.mark.parametrize("made", MADE if sampling.WHOLE else MADE[::3], ids=name_of)
def test_a_mistake_is_pointed_at_in_every_style_and_convention(made: Made):
    for change in (str, converted)[: 2 if made in MADE[::3] else 1]:
        found = found_in("backprop", change(source_with(made)))
        assert found
        assert others_than(found, change, made) == []


@pytest.mark.soak
def test_every_mistake_with_any_of_three_conventions_is_named_or_pointed_at(figure: Callable[[str], None]):
    chosen = [part for size in range(4) for part in combinations(CONVENTIONS, size)]
    missed, beside, tried = [], [], 0
    for made, conventions in itertools.product(MADE, chosen):
        change = partial(converted, conventions=conventions)
        source = change(source_with(made))
        tried += 1
        found = found_in("backprop", source)
        sources = [bare(place.source) for place in found]
        pointed = any(bare(change(text)) in each for text in made.guilty for each in sources)
        named = made.mistake in check("backprop", notebook(source)["backprop"]).diagnosis
        case = name_of(made), len(conventions)
        missed += [] if pointed or named else [case]
        beside += [(*case, other) for other in others_than(found, change, made)]
    figure(
        f"{tried} mistakes with conventions: {tried - len(missed)} named or pointed at, {len(beside)} elsewhere"
    )
    assert len(missed) <= 0.05 * tried, missed
    assert beside == []


def _pairs() -> Iterator[tuple[Made, Made]]:
    for pair in combinations(MADE, 2):
        if pair[0].style == pair[1].style and pair[0].mistake != pair[1].mistake:
            try:
                source_with(*pair)
            except ValueError:  # both change the same text
                continue
            yield pair


def _pointed_at(pair: tuple[Made, Made]) -> tuple[list[bool], list[str]]:
    places_ = found_in("backprop", source_with(*pair))
    found = [bare(place.source) for place in places_]
    guilty = [[bare(text) for text in made.guilty] for made in pair]
    hits = [any(each in text for each in texts for text in found) for texts in guilty]
    return hits, others_than(places_, str, *pair)


def _pairs_hold(pairs: list[tuple[Made, Made]]) -> None:
    results = [_pointed_at(pair) for pair in pairs]
    one, both = (sum(map(test, (hits for hits, _ in results))) for test in (any, all))
    others = sum(bool(texts) for _, texts in results)
    assert one >= 0.98 * len(pairs)
    assert both >= 0.5 * len(pairs)
    assert others <= 0.03 * len(pairs)


def test_of_two_mistakes_the_first_is_pointed_at_and_often_the_second():
    _pairs_hold(list(_pairs())[::12])


@pytest.mark.soak
def test_all_pairs():
    _pairs_hold(list(_pairs()))


def test_nothing_is_pointed_at_where_only_a_factor_is_wrong():
    for style in ("matrices", "samples", "columns", "indices", "classes"):
        assert found_in("backprop", converted(source_of("backprop", style))) == ()
