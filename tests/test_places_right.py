"""Nothing is pointed at in a right answer, however it is written, and nothing is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from course_lib import check
from course_lib.checking.calling.by_kind import WHOLE, call_one
from course_lib.checking.calling.recording import record
from course_lib.checking.judging.places import Found, places
from course_lib.checking.student.kernel import public_cases
from course_lib.exercises import EXERCISES
from course_lib.exercises.gradient_cases import draw_network
from course_lib.exercises.walks import WALKS
from tests.notebook_cells import notebook
from tests.right_ways import RIGHT_WAYS
from tests.styles import SOURCES, source_of

# As many right answers as are read in the soak.
MANY = 20_000
SAMPLES = (2, 3, 5, 7)


def read(exercise_id: str, source: str, case: tuple) -> Found:
    """Read an answer on one case as if it were a wrong one."""
    exercise = EXERCISES[exercise_id]
    answer = notebook(source)[exercise.answer_name]
    recording = record(answer, lambda: call_one(exercise, answer, WHOLE, case))
    assert recording is not None
    return places(recording, WALKS[exercise_id], case, source)


@pytest.mark.parametrize("way", RIGHT_WAYS)
def test_nothing_is_pointed_at_however_it_is_written(way: str) -> None:
    assert check("backprop", notebook(RIGHT_WAYS[way])["backprop"]).right
    case = draw_network(np.random.default_rng(len(way)), (3, 4, 2), 4)
    assert read("backprop", RIGHT_WAYS[way], case) == Found()


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
