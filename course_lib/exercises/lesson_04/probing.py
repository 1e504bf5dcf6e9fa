"""`gradient_check`: gradients made to tell from which of them it lets pass what a check does, or leaves out.

A check says only True or False. So one that is wrong is asked again, about gradients in which one thing is off, and
far.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from course_lib.exercises.gradient_cases import draw_network, true_gradients
from course_lib.exercises.kinds import Case, Draw
from course_lib.exercises.lesson_04.planted_errors import (
    LEAST,
    flatter_sigmoid,
    measured_gradients,
    wrong_entries,
)
from course_lib.inputs import Array
from course_lib.network import Activation, forward, loss

# The network whose entries are asked for one by one, up and down, and one with too many for a sample to meet them.
SIZES, SAMPLES, ENTRIES = (2, 3, 2), 5, 12
MANY, MANY_SAMPLES, MEETINGS = (9, 12, 8), 5, 3
# "Far off" is this many times the largest entry: no bound, relative or not, overlooks it.
FAR = 100.0
# The largest entry of gradients that are small, and twice what they should be.
SMALL = (1e-3, 1e-4, 1e-5, 1e-6)
# What people measure in place of a derivative is this many times as large: half of E, or its sum over the samples; a
# difference that is divided by too much or too little.
MULTIPLES = (0.5, 2.0, float(SAMPLES), SAMPLES / 2.0)
# A bound that lets a small gradient pass at twice its size explains errors up to this many times as large.
REACH = 20.0
# The steps of one-sided differences that people take.
STEPS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)


def _network(rng: np.random.Generator, sizes: tuple = SIZES, samples: int = SAMPLES) -> tuple:
    return draw_network(rng, sizes, samples, flatter_sigmoid)


def _far(rng: np.random.Generator, entry: int, by: float) -> Case:
    """Put one entry, counted through both layers, far off."""
    return _moved(*_network(np.random.default_rng(1)), entry, by)


def _far_in_many(rng: np.random.Generator) -> Case:
    weights, X, D = _network(rng, MANY, MANY_SAMPLES)
    return _moved(weights, X, D, int(rng.integers(1, sum(W.size for W in weights))))


def _moved(weights: list[Array], X: Array, D: Array, entry: int, by: float = FAR) -> Case:
    gradients = measured_gradients(weights, X, D)
    largest = max(np.abs(g).max() for g in gradients)
    for g in gradients:
        if 0 <= entry < g.size:
            g.flat[entry] += by * largest
        entry -= g.size
    return weights, X, D, gradients


def _small(rng: np.random.Generator, largest: float) -> Case:
    """Double the gradients of a network that has nearly learned its targets."""
    weights, X, D = _network(rng)
    o = forward(weights, X, flatter_sigmoid).y[-1]
    share = largest / max(np.abs(g).max() for g in measured_gradients(weights, X, D))
    D = o + share * (D - o)
    return weights, X, D, [2.0 * g for g in measured_gradients(weights, X, D)]


def _times(rng: np.random.Generator, factor: float) -> Case:
    weights, X, D = _network(rng)
    return weights, X, D, [factor * g for g in measured_gradients(weights, X, D)]


def _a_little(rng: np.random.Generator) -> Case:
    """Put every entry off by the smallest share that is planted."""
    weights, X, D = _network(rng)
    signs = [rng.choice([-1.0, 1.0], size=W.shape) for W in weights]
    pairs = zip(measured_gradients(weights, X, D), signs, strict=True)
    return weights, X, D, [g * (1.0 + LEAST * sign) for g, sign in pairs]


def _balanced(rng: np.random.Generator) -> Case:
    """Put entries far off, half of them up and half of them down."""
    weights, X, D = _network(rng)
    gradients = measured_gradients(weights, X, D)
    for g in gradients:
        g.flat[: g.size // 2] += 1.0
        g.flat[g.size // 2 :] -= 1.0
    return weights, X, D, gradients


def _shuffled(rng: np.random.Generator) -> Case:
    """Put the entries of each matrix in another order, which leaves its sum and its norm as they were."""
    weights, X, D = _network(rng)
    return weights, X, D, [g[::-1, ::-1].copy() for g in measured_gradients(weights, X, D)]


def _of_the_formula(rng: np.random.Generator) -> Case:
    """Give what a backprop with the formula for the slope gives, which `loss` does not measure here."""
    weights, X, D = _network(rng)
    return weights, X, D, true_gradients(weights, X, D)


def _one_sided(rng: np.random.Generator, step: float) -> Case:
    weights, X, D = _network(rng)
    return weights, X, D, _differences(weights, X, D, step, flatter_sigmoid)


def _differences(
    weights: list[Array], X: Array, D: Array, step: float, activation: Activation
) -> list[Array]:
    here, gradients = loss(weights, X, D, activation), [np.zeros_like(W) for W in weights]
    for layer, W in enumerate(weights):
        for at in np.ndindex(W.shape):
            moved = W.copy()
            moved[at] += step
            there = loss([*weights[:layer], moved, *weights[layer + 1 :]], X, D, activation)
            gradients[layer][at] = (there - here) / step
    return gradients


_ASKED: dict[str, tuple[Draw, ...]] = {
    "far_up": tuple(partial(_far, entry=n, by=FAR) for n in range(ENTRIES)),
    "far_down": tuple(partial(_far, entry=n, by=-FAR) for n in range(ENTRIES)),
    "multiplied": tuple(partial(_times, factor=factor) for factor in MULTIPLES),
    "turned": (partial(_times, factor=-1.0),),
    "wild": (partial(_times, factor=FAR),),
    "balanced": (_balanced,),
    "shuffled": (_shuffled,),
    "little": (_a_little,),
    "small": tuple(partial(_small, largest=largest) for largest in SMALL),
    "formula": (_of_the_formula,),
    "one_sided": tuple(partial(_one_sided, step=step) for step in STEPS),
    "many": (_far_in_many,) * MEETINGS,
}
PROBES = tuple(draw for draws in _ASKED.values() for draw in draws)


def told_by(cases: Sequence[Case], passed: Sequence[Any], probed: Sequence[Any]) -> tuple[str, ...]:
    """Return what a check does, from what it said on `cases` and then on one of each of PROBES; nothing if unsure."""
    if not all(isinstance(value, bool | np.bool_) for value in (*passed, *probed)) or len(probed) < len(
        PROBES
    ):
        return ()
    answers, said = iter(probed), {}
    for name, draws in _ASKED.items():
        said[name] = [bool(next(answers)) for _ in draws]
    right = [value for case, value in zip(cases, passed, strict=True) if not wrong_entries(case)]
    if not all(right):
        return _of_a_strict_one([*passed, *probed], said)
    return _of_a_lenient_one(cases, passed, said)


def _of_a_strict_one(values: Sequence[Any], said: dict[str, list[bool]]) -> tuple[str, ...]:
    """Name a check that refuses right gradients."""
    if not any(values):
        return ("nothing_passes",)
    wrong = said["far_up"] + said["far_down"] + said["multiplied"] + said["wild"]
    if all(wrong):
        return ("verdict_turned",)
    if any(said["far_up"] + said["far_down"] + said["wild"] + said["balanced"]):
        return ()
    if all(said["formula"]) and not any(said["multiplied"]):
        return ("compared_with_backprop",)
    if any(said["one_sided"]) and not any(said["multiplied"] + said["little"]):
        return ("one_sided_difference",)
    if all(said["turned"]) and not any(said["multiplied"]):
        return ("difference_turned",)
    return ("difference_scaled",) if any(said["multiplied"]) and not any(said["turned"]) else ()


def _of_a_lenient_one(
    cases: Sequence[Case], passed: Sequence[Any], said: dict[str, list[bool]]
) -> tuple[str, ...]:
    """Name a check that lets wrong gradients pass."""
    if all(value for values in said.values() for value in values):
        return ("nothing_is_refused",)
    up, down = said["far_up"], said["far_down"]
    if (all(up) and not any(down)) or (all(down) and not any(up)):
        return ("difference_without_size",)
    if up != down or (not any(up) and any(said["many"])):
        return ("sampled_entries",)
    if any(up) and not any(said["wild"]):
        return (_left_out(up),)
    return _of_a_lenient_measure(cases, passed, said)


def _of_a_lenient_measure(
    cases: Sequence[Case], passed: Sequence[Any], said: dict[str, list[bool]]
) -> tuple[str, ...]:
    """Name a check that compares all entries, but not one by one, or with a wide bound."""
    if all(said["balanced"]):
        return ("sums_compared",)
    if all(said["wild"] + said["multiplied"]):
        return ("direction_compared",) if not any(said["turned"]) else ()
    if all(said["turned"] + said["shuffled"]):
        return ("norms_compared",)
    if all(said["turned"]) and all(map(_differs_by_signs, _missed(cases, passed))):
        return ("signs_ignored",)
    if _explained_by_size(cases, passed, said["small"]):
        return ("absolute_bound",)
    if all(said["little"]) and not any(said["small"]):
        return ("bound_too_wide",)
    return ()


def _left_out(missed: Sequence[bool]) -> str:
    """Name a check that one wrong entry may pass; the first layer has half of them."""
    half = ENTRIES // 2
    looked = [n for n, out in enumerate(missed) if not out]
    if not looked:
        return "one_is_enough"
    if looked in ([0], [0, half]):
        return "returned_too_early"
    if looked in ([ENTRIES - 1], [half - 1, ENTRIES - 1]):
        return "last_comparison_only"
    if looked in (list(range(half)), list(range(half, ENTRIES))):
        return "one_matrix_only"
    return "entries_left_out"


def _missed(cases: Sequence[Case], passed: Sequence[Any]) -> list[Case]:
    return [case for case, value in zip(cases, passed, strict=True) if value and wrong_entries(case)]


def _differs_by_signs(case: Case) -> bool:
    weights, X, D, gradients = case
    pairs = zip(gradients, measured_gradients(weights, X, D), strict=True)
    return all(np.allclose(np.abs(given), np.abs(true), rtol=LEAST / 2, atol=0.0) for given, true in pairs)


def _explained_by_size(cases: Sequence[Case], passed: Sequence[Any], small: Sequence[bool]) -> bool:
    """Tell whether an absolute bound, shown by `small` gradients that passed, explains every error that passed."""
    shown = [largest for largest, value in zip(SMALL, small, strict=True) if value]
    off = [
        np.abs(given - true).max()
        for weights, X, D, gradients in _missed(cases, passed)
        for given, true in zip(gradients, measured_gradients(weights, X, D), strict=True)
    ]
    return bool(shown and off) and max(off) <= REACH * max(shown)
