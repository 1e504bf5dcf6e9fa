"""The catalogue of mistakes that people really make in backpropagation, and what an answer with each would be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from course_lib.mistakes import (
    calculus,
    descending,
    entering,
    handing_in,
    one_weight,
    passing,
    scales,
    slope_terms,
    taming,
    vanishing,
    way_back,
)
from course_lib.mistakes.base import Line, Mistake, flat
from course_lib.mistakes.recipes import cook

_FAMILIES = (
    calculus,
    passing,
    descending,
    scales,
    slope_terms,
    way_back,
    entering,
    one_weight,
    handing_in,
    vanishing,
    taming,
)
MISTAKES: dict[str, Mistake] = {id_: m for family in _FAMILIES for id_, m in family.MISTAKES.items()}
RECIPES = {id_: recipes for family in _FAMILIES for id_, recipes in family.RECIPES.items()}
# Those that are not one change of a step.
_WHOLE = {
    "updated_weight": (way_back.updated_weight,),
    "averages_before_product": (entering.output_averaged_apart,),
}

__all__ = ["MISTAKES", "RECIPES", "Line", "Mistake", "flat", "gradient_mistakes", "wrong_gradients"]

Candidates = Callable[..., list[Any]]


def wrong_gradients(mistake_id: str, weights: Any, X: np.ndarray, D: np.ndarray) -> list[Any]:
    """Return every whole gradient that the mistake can give here, each a list of arrays (or a `Line` of them).

    Raises
    ------
    ValueError
        If `mistake_id` is not a gradient mistake of the catalogue.
    """
    if mistake_id not in RECIPES and mistake_id not in _WHOLE:
        raise ValueError(f"mistake_id: expected a gradient mistake of the catalogue, got {mistake_id!r}")
    makers = [
        lambda *network, recipe=recipe: cook(recipe, *network) for recipe in RECIPES.get(mistake_id, ())
    ]
    found = []
    for make in (*makers, *_WHOLE.get(mistake_id, ())):
        try:
            found.append(make(weights, X, D))
        except ValueError:  # not possible on this network: shapes, or one output only
            continue
    return found


def gradient_mistakes(
    ids: Iterable[str], network: Callable[..., tuple], pick: Callable[[list[np.ndarray]], Any]
) -> Mapping[str, Candidates]:
    """Return, for each id, the answers that this mistake leads to in an exercise about a gradient.

    Parameters
    ----------
    ids : iterable of str
        Which mistakes fit the exercise.
    network : callable
        From the exercise's case to (weights, X, D).
    pick : callable
        From the whole gradient to what the exercise asks for.
    """

    def candidates(mistake_id: str) -> Candidates:
        def answers(*case: Any) -> list[Any]:
            weights, X, D = network(*case)
            # The six derivatives of one network share its whole wrong gradients.
            found = (_picked(pick, gradient) for gradient in _cached(mistake_id, _key(weights), _key([X, D])))
            return [answer for answer in found if answer is not None]

        return answers

    return {mistake_id: candidates(mistake_id) for mistake_id in ids}


def _key(arrays: Sequence[np.ndarray]) -> tuple:
    return tuple((a.shape, a.tobytes()) for a in (np.asarray(a, dtype=float) for a in arrays))


@lru_cache(maxsize=4096)
def _cached(mistake_id: str, weights_key: tuple, data_key: tuple) -> list[Any]:
    weights, (X, D) = (
        [np.frombuffer(data).reshape(shape) for shape, data in key] for key in (weights_key, data_key)
    )
    return wrong_gradients(mistake_id, weights, X, D)


def _picked(pick: Callable, gradient: Any) -> Any:
    try:
        return Line(*map(pick, gradient)) if isinstance(gradient, Line) else pick(gradient)
    except IndexError:  # the entry does not exist in the shape that this mistake gives
        return None
