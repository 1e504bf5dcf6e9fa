"""What the names and the inputs of a clinic's answer have to do: name the mistakes, and convict them alone."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from course_lib.exercises.kinds import Case
from course_lib.exercises.lesson_06.clinics import PATIENTS, Patient, ways
from course_lib.exercises.lesson_06.reading import VOCABULARY, read_names, read_network
from course_lib.inputs import Array, arrays_of, key_of
from course_lib.mistakes import RECIPES
from course_lib.mistakes.recipes import Recipe, combined

# How far off counts as showing, how far apart two suspects have to be, and how large a size may be; the notebook
# states them. And what counts as no gradient at all.
SHOWS, TELLS, LARGEST_SIZE, FLAT = 0.01, 0.001, 8, 1e-9
Inputs = tuple[list[Array], Array, Array]


def verify_clinic(clinic: str, case: Case, value: Any) -> str | None:
    """Say what is wrong with the names and the inputs of an answer to `clinic`."""
    patient = PATIENTS[clinic]
    problem = verify_shown(patient, LARGEST_SIZE, case, value)
    if problem:
        return problem
    weights, X, D = read_network(value["shows"], patient.layers)[0]
    doubt = _doubt(clinic, key_of(weights), key_of([X, D]))
    return f"`shows`: {doubt}" if doubt else None


def verify_shown(patient: Patient, longest: int, case: Case, value: Any) -> str | None:
    """Say what is wrong with the names, or why the mistakes do not show on the inputs."""
    if not isinstance(value, dict):
        return 'expected a dict, `{"mistakes": ..., "shows": ..., "mended": ...}`'
    names, problem = read_names(value.get("mistakes"))
    if problem:
        return f"`mistakes`: {problem}"
    inputs, problem = read_network(value.get("shows"), patient.layers, longest)
    problem = problem or _hidden(patient, inputs)
    if problem:
        return f"`shows`: {problem}"
    problem = _misnamed(patient, names, inputs)
    return f"`mistakes`: {problem}" if problem else None


@lru_cache(maxsize=64)
def _doubt(clinic: str, weights_key: tuple, data_key: tuple) -> str:
    """Say why inputs do not convict; they are tried a second time when secret cases have their turn."""
    patient, inputs = PATIENTS[clinic], (arrays_of(weights_key), *arrays_of(data_key))
    return _mistaken_for(patient, inputs) or _needless(patient, inputs)


def _hidden(patient: Patient, inputs: Inputs) -> str:
    """Say why a mistake of `patient` does not show on `inputs`; nothing if all do."""
    right = patient.right(*inputs)
    if min(np.abs(g).max() for g in right) < FLAT:
        return "the right gradient itself vanishes on these inputs"
    try:
        broken = patient.recipe()(*inputs)
    except ValueError:
        return "the function stops with an error on these inputs; choose shapes for which it runs"
    if not _apart(broken, right, right):
        return "on these inputs the function gives the right gradient; its mistake does not show"
    for without in patient.mistakes if len(patient.mistakes) > 1 else ():
        if not _apart(broken, patient.recipe(without)(*inputs), right):
            return (
                "one of its two mistakes does not show on these inputs: with it mended, nothing would change"
            )
    return ""


def _apart(
    some: Sequence[Array], others: Sequence[Array], right: Sequence[Array], share: float = SHOWS
) -> bool:
    triples = zip(some, others, right, strict=True)
    return any(np.abs(a - b).max() > share * np.abs(r).max() for a, b, r in triples)


def _misnamed(patient: Patient, names: set[str], inputs: Inputs) -> str:
    """Hold the named mistakes against the function's numbers, on the inputs that were handed in."""
    if names == patient.names:
        return ""
    broken = patient.recipe()(*inputs)
    for recipe in filter(None, map(combined, product(*(RECIPES.get(name, ()) for name in sorted(names))))):
        try:
            supposed = patient.here(recipe)(*inputs)
        except ValueError:
            continue
        if any(a.shape != b.shape for a, b in zip(supposed, broken, strict=True)):
            return "with what you name, the gradients would have other shapes"
        if all(np.allclose(a, b, rtol=1e-6, atol=1e-12) for a, b in zip(supposed, broken, strict=True)):
            if names > patient.names:
                return "the numbers are the same with fewer mistakes than you name"
            return "what you name fits these inputs, but it is not what the code does"
        return _difference(supposed, broken)
    return "what you name is not what this function does"


def _difference(supposed: Sequence[Array], broken: Sequence[Array]) -> str:
    gaps = [np.abs(a - b) / np.abs(b).max() for a, b in zip(supposed, broken, strict=True)]
    layer = int(np.argmax([gap.max() for gap in gaps]))
    index = tuple(map(int, np.unravel_index(gaps[layer].argmax(), gaps[layer].shape)))
    would, does = (f"{g[layer][index]:.4g}".replace("-", "−") for g in (supposed, broken))
    return f"with what you name, dW{layer}{layer + 1}{list(index)} would be {would} on your inputs, and it is {does}"


@lru_cache(maxsize=1)
def _suspects() -> list[tuple[frozenset[str], Recipe]]:
    return ways(VOCABULARY)


def _mistaken_for(patient: Patient, inputs: Inputs) -> str:
    """Name other mistakes, one or two, with which these inputs would give the same numbers; nothing if none would."""
    found = _alike(patient, inputs)
    if not found:
        return ""
    named = " and ".join(f"`{name}`" for name in sorted(found))
    named += " together" if len(found) > 1 else " alone"
    return f"{named} would give the same numbers on these inputs; choose inputs on which that would differ"


def _alike(patient: Patient, inputs: Inputs) -> frozenset[str]:
    """Return the first names that cannot be told from the patient's, those with fewer mistakes first.

    What has the patient's own mistakes and another one is no suspect: nothing here speaks for the other.
    """
    right, broken = patient.right(*inputs), patient.recipe()(*inputs)
    for names, recipe in _suspects():
        if names >= patient.names:
            continue
        try:
            supposed = patient.here(recipe)(*inputs)
        except ValueError:
            continue
        if any(a.shape != b.shape for a, b in zip(supposed, broken, strict=True)):
            continue
        if not _apart(broken, supposed, right, TELLS):
            return names
    return frozenset()


class _Smaller(NamedTuple):
    left_out: str
    inputs: Inputs


def _needless(patient: Patient, inputs: Inputs) -> str:
    """Say what can be left out of the inputs, and the mistakes would be shown and told apart as well."""
    for smaller in _smaller(inputs):
        if not _hidden(patient, smaller.inputs) and not _alike(patient, smaller.inputs):
            return f"they do what they should, but are larger than they need to be: {smaller.left_out} fewer would do"
    return ""


def _smaller(inputs: Inputs) -> Iterator[_Smaller]:
    """Yield the inputs without one sample or one node; and without one node in two layers, which a shape may tie."""
    weights, X, D = inputs
    if len(X) > 1:
        for n in range(len(X)):
            yield _Smaller("one sample", (weights, np.delete(X, n, axis=0), np.delete(D, n, axis=0)))
    last = len(weights)
    sizes = [X.shape[1], *(W.shape[1] for W in weights)]
    for layer, size in enumerate(sizes):
        for node in range(size) if size > 1 else ():
            yield _Smaller(f"one {_called(layer, last)}", _without(inputs, layer, node))
    for layer in range(1, last):
        if min(sizes[layer : layer + 2]) > 1:
            both = _without(_without(inputs, layer, sizes[layer] - 1), layer + 1, sizes[layer + 1] - 1)
            yield _Smaller(f"one {_called(layer, last)} and one {_called(layer + 1, last)}", both)


def _called(layer: int, last: int) -> str:
    return "input" if layer == 0 else "output" if layer == last else "hidden node"


def _without(inputs: Inputs, layer: int, node: int) -> Inputs:
    weights, X, D = inputs
    weights = list(weights)
    if layer == 0:
        X = np.delete(X, node, axis=1)
    else:
        weights[layer - 1] = np.delete(weights[layer - 1], node, axis=1)
    if layer == len(weights):
        D = np.delete(D, node, axis=1)
    else:
        weights[layer] = np.delete(weights[layer], node, axis=0)
    return weights, X, D
