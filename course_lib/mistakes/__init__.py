"""The catalogue of mistakes that people really make in backpropagation, and what an answer with each would be.

A family of mistakes is a file; an entry of it says what to tell the student, and how to make the mistake if it is one
in a whole gradient. What a mistake makes of other answers stands in the same file, in a table of `WrongAnswers` for
the exercise.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import combinations, product
from typing import Any

import numpy as np

from course_lib.inputs import arrays_of, key_of
from course_lib.mistakes import (
    answer_form,
    backward,
    calculus,
    checks,
    clipping_and_decay,
    descent_steps,
    forward_pass,
    inputs_and_samples,
    mean_squared_error,
    scales,
    single_weight,
    slope_terms,
    training,
    vanishing,
)
from course_lib.mistakes.base import Answers, Line, Mistake, Together, WrongAnswers, flat
from course_lib.mistakes.recipes import Recipe, combined

__all__ = [
    "MISTAKES",
    "RECIPES",
    "Line",
    "Mistake",
    "Recipe",
    "Together",
    "flat",
    "gradient_mistakes",
    "gradient_pairs",
    "wrong_gradients",
]

_FAMILIES = (
    calculus,
    forward_pass,
    mean_squared_error,
    descent_steps,
    training,
    checks,
    scales,
    slope_terms,
    backward,
    inputs_and_samples,
    single_weight,
    answer_form,
    vanishing,
    clipping_and_decay,
)


def catalogue(mistakes: Iterable[Mistake]) -> dict[str, Mistake]:
    """Return the mistakes by id; two with the same id are a ValueError."""
    found: dict[str, Mistake] = {}
    for mistake in mistakes:
        if mistake.id in found:
            raise ValueError(f"two mistakes have the id {mistake.id!r}; give one of them another")
        found[mistake.id] = mistake
    return found


MISTAKES = catalogue(mistake for family in _FAMILIES for mistake in family.MISTAKES)
# The mistakes in a whole gradient, and the ways to make each that are a change of steps.
RECIPES = {
    id_: tuple(way for way in mistake.gradients if isinstance(way, Recipe))
    for id_, mistake in MISTAKES.items()
    if mistake.gradients is not None
}


def wrong_gradients(mistake_id: str, weights: Any, X: np.ndarray, D: np.ndarray) -> list[Any]:
    """Return every whole gradient that the mistake can give here, each a list of arrays (or a `Line` of them)."""
    if mistake_id not in RECIPES:
        raise ValueError(f"mistake_id: expected a gradient mistake of the catalogue, got {mistake_id!r}")
    return _possible(MISTAKES[mistake_id].gradients, weights, X, D)


def _possible(ways: Iterable[Callable[..., Any]], weights: Any, X: np.ndarray, D: np.ndarray) -> list[Any]:
    found = []
    for way in ways:
        try:
            found.append(way(weights, X, D))
        except ValueError:  # not possible on this network: shapes, or one output only
            continue
    return found


def gradient_mistakes(
    ids: Iterable[str], network: Callable[..., tuple], pick: Callable[[list[np.ndarray]], Any]
) -> WrongAnswers:
    """Return, for each of `ids`, the answers that this mistake leads to in an exercise about a gradient.

    `network` goes from the exercise's case to (weights, X, D), `pick` from the whole gradient to what is asked for.
    """

    def candidates(mistake_id: str) -> Answers:
        def answers(*case: Any) -> list[Any]:
            weights, X, D = network(*case)
            # The six derivatives of one network share its whole wrong gradients: a diagnosis in a third of the time.
            found = (
                _picked(pick, gradient) for gradient in _cached(mistake_id, key_of(weights), key_of([X, D]))
            )
            return [answer for answer in found if answer is not None]

        return answers

    return {mistake_id: candidates(mistake_id) for mistake_id in ids}


# What is told only where it is the one thing wrong, up to conventions: each of these would pair with all others.
_ALONE = frozenset({"no_error", "stopped_early", "sample_left_out", "input_for_hidden", "hidden_for_input"})


def gradient_pairs(
    ids: Iterable[str], network: Callable[..., tuple], pick: Callable[[list[np.ndarray]], Any]
) -> Together:
    """Return what makes the answers that two of `ids` at once lead to; the arguments are as in `gradient_mistakes`."""
    terms = [i for i in ids if not MISTAKES[i].scale and i not in _ALONE]

    def answer_of(way: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *case: _picked(pick, way(*network(*case)))

    def pairs() -> Iterator[tuple[tuple[str, ...], Callable[..., Any]]]:
        for both in combinations(terms, 2):
            for way in _both_ways(*both):
                yield both, answer_of(way)

    return pairs


def _recipes(mistake_id: str) -> tuple[Recipe, ...]:
    in_a_loop = (way for way in MISTAKES[mistake_id].in_a_loop if isinstance(way, Recipe))
    return (*RECIPES[mistake_id], *in_a_loop)


@lru_cache(maxsize=4096)
def _both_ways(first: str, second: str) -> tuple[Callable[..., Any], ...]:
    """Return the ways to make two mistakes at once that change different steps."""
    if "updated_weight" in (first, second):
        other = second if first == "updated_weight" else first
        return tuple(way for recipe in _recipes(other) for way in backward.updated_with(recipe))
    both = (combined(pair) for pair in product(_recipes(first), _recipes(second)))
    return tuple(way for way in both if way is not None)


@lru_cache(maxsize=4096)
def _cached(mistake_id: str, weights_key: tuple, data_key: tuple) -> list[Any]:
    mistake = MISTAKES[mistake_id]
    ways = (*mistake.gradients, *mistake.in_a_loop)
    return _possible(ways, arrays_of(weights_key), *arrays_of(data_key))


def _picked(pick: Callable, gradient: Any) -> Any:
    try:
        return Line(*map(pick, gradient)) if isinstance(gradient, Line) else pick(gradient)
    except IndexError:  # the entry does not exist in the shape that this mistake gives
        return None
