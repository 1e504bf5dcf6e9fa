"""Mistakes in E, the mean squared error at the end of the way forward."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import numpy as np

from course_lib.inputs import Array
from course_lib.mistakes.base import Mistake, WrongAnswers

MISTAKES = (
    Mistake(
        "half_kept",
        "there is a factor 1/2 in front of the squares",
        "the definition of E here: it has no 1/2.",
        "E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
        scale=True,
    ),
    Mistake(
        "summed_over_samples",
        "the squares are summed but never divided by N",
        "the 1/N in front of the sum.",
        "E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
        scale=True,
    ),
    Mistake(
        "mean_over_all",
        "the squares are averaged over the outputs as well, so E is too small by a factor of exactly K",
        "the sum over k. `np.mean` without an axis divides by both N and K.",
        "E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
        scale=True,
    ),
    Mistake(
        "root_taken",
        "a square root is taken at the end",
        "the name: a mean of squares, with no root.",
    ),
    Mistake(
        "absolute_not_squared",
        "the errors are used as |o − d| instead of being squared",
        "what is averaged: the squares of the errors.",
        "E_n = Σ_k (o_nk − d_nk)²",
    ),
    Mistake(
        "not_squared",
        "the errors are averaged as they are, without being squared",
        "what is averaged. Errors of different signs cancel; their squares do not.",
        "E_n = Σ_k (o_nk − d_nk)²",
    ),
    Mistake(
        "squared_before_difference",
        "outputs and targets are squared before they are subtracted",
        "the order: first the error o − d, then its square.",
        "E_n = Σ_k (o_nk − d_nk)²",
    ),
    Mistake(
        "mean_before_square",
        "the errors are added or averaged first and squared afterwards",
        "the order. Errors of different signs cancel in a sum; their squares do not.",
        "E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
    ),
    Mistake(
        "mean_along_one_axis",
        "a sum or mean is taken along one axis only, so that a row of numbers is left",
        "how many numbers come out. E is one number: what is done to the samples, and what to the outputs?",
        "E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
    ),
)


def _squares(O: Array, D: Array) -> Array:
    return (O - D) ** 2


MSE: WrongAnswers = {
    "half_kept": lambda O, D: [float(_squares(O, D).sum() / len(O) / 2.0)],
    "summed_over_samples": lambda O, D: [float(_squares(O, D).sum())],
    "mean_over_all": lambda O, D: [float(_squares(O, D).mean())],
    "root_taken": lambda O, D: [float(np.sqrt(_squares(O, D).sum() / len(O)))],
    "absolute_not_squared": lambda O, D: [float(np.abs(O - D).sum() / len(O))],
    "not_squared": lambda O, D: [float((O - D).sum() / len(O)), float((D - O).sum() / len(O))],
    "squared_before_difference": lambda O, D: [
        sign * float((O**2 - D**2).sum() / len(O)) for sign in (1.0, -1.0)
    ],
    "mean_before_square": lambda O, D: [
        float(((O - D).mean(axis=0) ** 2).sum()),
        float(((O - D).sum(axis=1) ** 2).mean()),
        float((O - D).mean() ** 2),
        float((O - D).sum() ** 2 / len(O)),
    ],
    "mean_along_one_axis": lambda O, D: [
        change(_squares(O, D), axis=axis) for change in (np.mean, np.sum) for axis in (0, 1)
    ],
}
# With one output nothing can be averaged over the outputs.
_OF_OUTPUTS = ("mean_over_all", "mean_along_one_axis", "mean_before_square")
MSE_SINGLE: WrongAnswers = {name: answers for name, answers in MSE.items() if name not in _OF_OUTPUTS} | {
    "mean_before_square": lambda o, d: [float((o - d).mean() ** 2), float((o - d).sum() ** 2 / len(o))],
    "mean_along_one_axis": lambda o, d: [_squares(o, d)],
}


def mse_together() -> Iterator[tuple[tuple[str, ...], Callable[..., float]]]:
    """Return the root of what another E would be."""
    scales = {
        "half_kept": lambda O: 0.5,
        "summed_over_samples": lambda O: float(len(O)),
        "mean_over_all": lambda O: 1.0 / (O.size / len(O)),
    }
    for count in (1, 2):
        for names in combinations(scales, count):
            if names != ("summed_over_samples", "mean_over_all"):
                factors = [scales[name] for name in names]
                yield ("root_taken", *names), lambda O, D, factors=factors: _root(O, D, factors)


def _root(O: Array, D: Array, factors: Sequence[Callable[[Array], float]]) -> float:
    return float(np.sqrt(_squares(O, D).sum() / len(O) * np.prod([factor(O) for factor in factors])))
