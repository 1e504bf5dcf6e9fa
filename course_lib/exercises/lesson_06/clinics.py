"""The eight broken functions of lesson 06, as the mistakes in them; and where a mistake shows.

Their sources stand in the lesson's notebook and nowhere else; a test proves that each gives, on random networks,
exactly what `CLINICS` says it does.
"""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

from course_lib.exercises.kinds import Case
from course_lib.exercises.lesson_06.reading import read_names, read_network
from course_lib.inputs import Array
from course_lib.mistakes import RECIPES
from course_lib.mistakes.recipes import RIGHT, Recipe, combined

# Which mistakes are in a broken function, and which recipe of each: the first way to make it, or a later one.
CLINICS: dict[str, dict[str, int]] = {
    "clinic_1": {"no_output_slope": 0},
    "clinic_2": {"last_sample_only": 0},
    "clinic_3": {"mean_over_outputs": 0},
    "clinic_4": {"transposed_weight": 0},
    "clinic_5": {"sum_over_samples": 0, "one_output_only": 1},
    "clinic_6": {"averaged_over_outputs": 0, "slope_of_output_h": 0},
    "clinic_7": {"wrong_sign": 0, "gradient_for_weight": 0},
    "clinic_8": {"absolute_error": 0, "no_output_slope_in_hidden": 0},
}
# How far off counts as showing; the notebook states it. And what counts as no gradient at all.
SHOWS, FLAT = 0.01, 1e-9
NAMES = ("dW01", "dW12")


def recipe_of(clinic: str, without: str = "") -> Recipe:
    """Return what the broken function of `clinic` computes, or would with the mistake `without` mended."""
    return combined(RECIPES[m][which] for m, which in CLINICS[clinic].items() if m != without)


def verify_clinic(clinic: str, case: Case, value: Any) -> str | None:
    """Say what is wrong with the names and the inputs of an answer to `clinic`."""
    if not isinstance(value, dict):
        return 'expected a dict, `{"mistakes": ..., "shows": ..., "mended": ...}`'
    names, problem = read_names(value.get("mistakes"))
    if problem:
        return f"`mistakes`: {problem}"
    inputs, problem = read_network(value.get("shows"))
    problem = problem or _hidden(clinic, inputs)
    if problem:
        return f"`shows`: {problem}"
    return _misnamed(clinic, names, inputs)


def _hidden(clinic: str, inputs: Sequence[Any]) -> str:
    """Say why a mistake of `clinic` does not show on `inputs`; nothing if all do."""
    right = RIGHT(*inputs)
    if min(np.abs(g).max() for g in right) < FLAT:
        return "the right gradient itself vanishes on these inputs"
    try:
        broken = recipe_of(clinic)(*inputs)
    except ValueError:
        return "the function stops with an error on these inputs; choose shapes for which it runs"
    if not _apart(broken, right, right):
        return "on these inputs the function gives the right gradient; its mistake does not show"
    ids = CLINICS[clinic]
    if any(not _apart(broken, recipe_of(clinic, without)(*inputs), right) for without in ids):
        return "one of its two mistakes does not show on these inputs: with it mended, nothing would change"
    return ""


def _apart(some: Sequence[Array], others: Sequence[Array], right: Sequence[Array]) -> bool:
    triples = zip(some, others, right, strict=True)
    return any(np.abs(a - b).max() > SHOWS * np.abs(r).max() for a, b, r in triples)


def _misnamed(clinic: str, names: set[str], inputs: Sequence[Any]) -> str | None:
    """Hold the named mistakes against the function's numbers, on the inputs that were handed in."""
    if names == set(CLINICS[clinic]):
        return None
    broken = recipe_of(clinic)(*inputs)
    ways = product(*(RECIPES.get(name, ()) for name in sorted(names)))
    for recipe in filter(None, map(combined, ways)):
        try:
            supposed = recipe(*inputs)
        except ValueError:
            continue
        if any(a.shape != b.shape for a, b in zip(supposed, broken, strict=True)):
            return "`mistakes`: with what you name, the gradients would have other shapes"
        if all(np.allclose(a, b, rtol=1e-6, atol=1e-12) for a, b in zip(supposed, broken, strict=True)):
            if names > set(CLINICS[clinic]):
                return "`mistakes`: the numbers are the same with fewer mistakes than you name"
            return "`mistakes`: what you name fits these inputs, but it is not what the code does"
        return f"`mistakes`: {_difference(supposed, broken)}"
    return "`mistakes`: what you name is not what this function does"


def _difference(supposed: Sequence[Array], broken: Sequence[Array]) -> str:
    gaps = [np.abs(a - b) / np.abs(b).max() for a, b in zip(supposed, broken, strict=True)]
    layer = int(np.argmax([gap.max() for gap in gaps]))
    index = tuple(map(int, np.unravel_index(gaps[layer].argmax(), gaps[layer].shape)))
    would, does = (f"{g[layer][index]:.4g}".replace("-", "−") for g in (supposed, broken))
    return (
        f"with what you name, {NAMES[layer]}{list(index)} would be {would} on your inputs, and it is {does}"
    )
