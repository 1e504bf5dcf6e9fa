"""`dE_dw`: one function for all six weights of the 2-2-1 network, the bridge to lesson 04."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import cycle
from typing import Any

import numpy as np

from course_lib.exercises.gradient_cases import (
    SEVERAL,
    central_gradients,
    draw_network,
    in_gradient,
    true_gradients,
)
from course_lib.exercises.kinds import Case, Draw, FunctionExercise
from course_lib.exercises.lesson_03.hints import HINTS
from course_lib.inputs import Array
from course_lib.mistakes import Line, single_weight

# Every weight once, as the notebook names it: (layer it starts from, i, j). The first one shows most mistakes.
PLACES = ((0, 1, 2), (1, 2, 1), (0, 2, 1), (1, 1, 1), (0, 1, 1), (0, 2, 2))


def _draw(rng: np.random.Generator, samples: int, place: tuple[int, int, int]) -> Case:
    weights, X, D = draw_network(rng, (2, 2, 1), samples)
    return (*weights, X, D, *place)


def _draws() -> tuple[Draw, ...]:
    return tuple(partial(_draw, samples=n, place=at) for n, at in zip(cycle(SEVERAL), PLACES, strict=False))


def _network(W01: Array, W12: Array, X: Array, D: Array, layer: int, i: int, j: int) -> tuple:
    return [W01, W12], X, D


def _entry(gradients: Any, layer: int, i: int, j: int) -> Any:
    """Return the derivative for the weight in this place, out of a whole gradient or a `Line` of them."""
    if isinstance(gradients, Line):
        return Line(*(_entry(each, layer, i, j) for each in gradients))
    return float(gradients[layer][i - 1, j - 1])


def _mistakes(ids: Iterable[str]) -> dict[str, Any]:
    """Return what `ids` lead to, alone and two at once, for the weight that each case asks for."""
    found = in_gradient(ids, _network, lambda gradients: gradients)

    def of_place(answers: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
        return lambda *case: [_entry(whole, *case[4:]) for whole in answers(*case)]

    def together() -> Iterator[tuple[tuple[str, ...], Callable[..., Any]]]:
        for both, way in found["together"]():
            yield both, lambda *case, way=way: _entry(way(*case), *case[4:])

    return {
        "mistakes": {id_: of_place(answers) for id_, answers in found["mistakes"].items()}
        | single_weight.OF_ANY_WEIGHT,
        "together": together,
    }


def any_weight(lesson: str, closes: frozenset[str], ids: Iterable[str]) -> FunctionExercise:
    """Return the exercise; `ids` are the mistakes in a whole gradient that fit it."""
    return FunctionExercise(
        id="dE_dw",
        lesson=lesson,
        points=2,
        title="∂E/∂w for any of the six weights",
        asks="dE_dw(W01, W12, X, D, layer, i, j) → float",
        draws=_draws(),
        reference=lambda *case: _entry(true_gradients(*_network(*case)), *case[4:]),
        shown=lambda *case: _entry(central_gradients(*_network(*case)), *case[4:]),
        **_mistakes(ids),
        closes=closes,
        hints=HINTS["dE_dw"],
    )
