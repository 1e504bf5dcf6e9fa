"""Nothing is pointed at in a right answer, however it is written, and nothing is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from course_lib import check
from course_lib.checking.judging.places import Found
from course_lib.checking.student.kernel import public_cases
from course_lib.exercises import EXERCISES
from course_lib.exercises.gradient_cases import draw_network
from tests.notebook_cells import notebook
from tests.places_in_answers import case_of, read
from tests.right_ways import RIGHT_WAYS
from tests.styles import SOURCES, source_of

# As many right answers as are read in the soak.
MANY = 20_000
SAMPLES = (2, 3, 5, 7)
pytestmark = pytest.mark.usefixtures("no_hurry")


@pytest.mark.parametrize("way", RIGHT_WAYS)
def test_nothing_is_pointed_at_however_it_is_written(way: str) -> None:
    assert check("backprop", notebook(RIGHT_WAYS[way])["backprop"]).right
    case = draw_network(np.random.default_rng(len(way)), (3, 4, 2), 4)
    assert read("backprop", RIGHT_WAYS[way], case) == Found()


@pytest.mark.parametrize(("exercise", "style"), SOURCES, ids="-".join)
def test_nothing_is_pointed_at_in_a_right_answer(exercise: str, style: str):
    assert read(exercise, source_of(exercise, style), case_of(exercise)) == Found()


def _drawn(rng: np.random.Generator) -> Iterator[tuple[str, str, tuple]]:
    """Yield right answers, each with a case: gradients on networks of any size, others on what they are asked on."""
    backprops = [*RIGHT_WAYS.values(), *(source_of(*key) for key in SOURCES if key[0] == "backprop")]
    others = [key for key in SOURCES if key[0] != "backprop"]
    while True:
        sizes = tuple(int(size) for size in rng.integers(1, 6, size=3))
        case = draw_network(rng, sizes, int(rng.choice(SAMPLES)))
        yield from (("backprop", source, case) for source in backprops)
        for exercise_id, style in others:
            public = public_cases(EXERCISES[exercise_id])
            drawn = EXERCISES[exercise_id].cases(rng)
            for each in (public[0], drawn[0]):
                yield exercise_id, source_of(exercise_id, style), each


@pytest.mark.soak
def test_twenty_thousand_right_answers(figure: Callable[[str], None]) -> None:
    drawn = _drawn(np.random.default_rng(12))
    pointed = [each[:2] for each, _ in zip(drawn, range(MANY), strict=False) if read(*each) != Found()]
    figure(f"{MANY} right answers in {len(RIGHT_WAYS) + len(SOURCES)} ways: {len(pointed)} pointed at")
    assert pointed == []
