"""A recording goes out of the sandbox as plain data; whatever comes back is bounded, or nothing."""

from __future__ import annotations

import copy
import time
from typing import Any

import numpy as np
import pytest

from course_lib.checking.calling.by_kind import WHOLE, call_one
from course_lib.checking.calling.events import Recording
from course_lib.checking.calling.recording import record
from course_lib.checking.calling.recording_data import from_plain, plain
from course_lib.checking.judging.places import places, spots
from course_lib.exercises import EXERCISES
from course_lib.exercises.walks import WALKS
from grading.sandbox.inside import encoding
from tests.mistakes_in_styles import MADE, source_with
from tests.notebook_cells import notebook
from tests.places_in_answers import small_case

SOURCE = source_with(
    next(made for made in MADE if (made.mistake, made.style) == ("slope_of_output_h", "samples"))
)


@pytest.fixture(scope="module")
def recording() -> Recording:
    answer = notebook(SOURCE)["backprop"]
    found = record(answer, lambda: call_one(EXERCISES["backprop"], answer, WHOLE, small_case()))
    assert found is not None
    return found


def test_the_places_are_the_same_outside(recording: Recording):
    back = from_plain(encoding.decode(encoding.encode(plain(recording))))
    here, there = (places(each, WALKS["backprop"], small_case(), SOURCE) for each in (recording, back))
    assert here == there
    assert here.places != ()
    assert recording.own not in str(back)


def test_whatever_else_comes_is_refused_or_harmless(recording: Recording):
    rng = np.random.default_rng(0)
    right = plain(recording)
    refused = 0
    for _ in range(150):
        forged: dict[str, Any] = copy.deepcopy(right)
        name = rng.choice(sorted(forged))
        value = forged[name]
        if isinstance(value, np.ndarray) and value.size:
            at = tuple(rng.integers(n) for n in value.shape)
            value[at] = rng.choice([-(2**62), -2, 10**6, 2**62, 1])
        else:
            forged[name] = rng.choice([None, 7, "x"])
        back = from_plain(forged)
        refused += back is None
        for spot in spots(back, WALKS["backprop"], small_case())[0] if back and rng.random() < 0.1 else ():
            assert 0 <= spot.site < len(back.sites)
    assert refused > 50


@pytest.mark.parametrize("data", [None, 3, {}, [], {"places": np.zeros((1, 6), dtype=np.int64)}])
def test_no_recording_is_made_of_other_things(data: Any):
    assert from_plain(data) is None


def _chained(recording: Recording, *links: int) -> dict[str, Any]:
    """Return a forged recording of products, each made of as many of those before it as `links` has, in turn."""
    site = next(n for n, each in enumerate(recording.sites) if each.syntax == "BinOp Mult")
    events, count = [site, 2, 0, 0], 3000
    for n in range(1, count):
        group = range(n - min(n, links[n % len(links)]), n)
        events += [site, 0, 0, 1, site, len(group), *group]
    forged = plain(recording)
    forged["events"] = np.array(events, dtype=np.int64)
    forged["values"] = np.random.default_rng(0).normal(size=count)
    return forged | {
        "calls": np.array([site, 0, count, -1, 0] * 1000, dtype=np.int64),
        "result": forged["returned"][:0],
    }


@pytest.mark.parametrize("links", [(1,), (2, 30), (400,)])
def test_an_enormous_recording_is_refused_or_soon_read(recording: Recording, links: tuple[int, ...]):
    start = time.process_time()
    back = from_plain(_chained(recording, *links))
    assert (back is None) == (links == (400,))
    if back is not None:
        assert spots(back, WALKS["backprop"], small_case())[0] == []
    assert time.process_time() - start < 3.0


@pytest.mark.parametrize("number", [np.nan, np.inf, 0.0, 1e300])
def test_strange_numbers_have_no_place_that_is_not_there(recording: Recording, number: float):
    forged = plain(recording)
    forged["values"] = np.full_like(forged["values"], number)
    for place in places(from_plain(forged), WALKS["backprop"], small_case(), SOURCE).places:
        assert place.source in SOURCE


def test_columns_are_counted_in_bytes_and_lines_as_python_does():
    source = SOURCE.replace("delta_o", "δ_o").replace("delta_h", "δ_h")
    source = source.replace("    y = S(x", "    '\u2028 \x0c \x1d \x85'\n        y = S(x")
    answer = notebook(source)["backprop"]
    found = record(answer, lambda: call_one(EXERCISES["backprop"], answer, WHOLE, small_case()))
    (place,) = places(found, WALKS["backprop"], small_case(), source).places
    assert place.source == "dS(y)"
    assert "dS(y)" in place.text
    assert place.text == source.split("\n")[place.line - 1].strip()


def test_a_text_is_cut_from_the_cell_that_was_handed_in(recording: Recording):
    other = "\n".join("# another line of some length, which says nothing at all" for _ in SOURCE.splitlines())
    for place in places(recording, WALKS["backprop"], small_case(), other).places:
        assert place.source in other
    assert places(recording, WALKS["backprop"], small_case(), "").places == ()
