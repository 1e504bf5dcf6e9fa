"""A recording goes out of the sandbox as plain data; whatever comes back is bounded, or nothing."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from course_lib.checking.calling.by_kind import WHOLE, call_one
from course_lib.checking.calling.recording import Recording, record
from course_lib.checking.calling.recording_data import from_plain, plain
from course_lib.checking.judging.places import places, spots
from course_lib.exercises import EXERCISES
from course_lib.exercises.walks import WALKS
from grading.sandbox.inside import encoding
from tests.mistakes_in_styles import MADE, source_with
from tests.notebook_cells import notebook
from tests.test_places import small_case

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


def test_a_text_is_cut_from_the_cell_that_was_handed_in(recording: Recording):
    other = "\n".join("# another line of some length, which says nothing at all" for _ in SOURCE.splitlines())
    for place in places(recording, WALKS["backprop"], small_case(), other).places:
        assert place.source in other
    assert places(recording, WALKS["backprop"], small_case(), "").places == ()
