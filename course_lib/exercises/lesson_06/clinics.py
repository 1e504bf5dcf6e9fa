"""The eight broken functions of lesson 06, as the mistakes in them.

Their sources stand in `patients`; a test proves that each gives, on random networks, exactly what `PATIENTS` says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import combinations

from course_lib import activations, slopes
from course_lib.inputs import Array
from course_lib.mistakes import RECIPES
from course_lib.mistakes.recipes import RIGHT as SIGMOID
from course_lib.mistakes.recipes import Recipe, combined, slope
from course_lib.mistakes.slope_terms import at_output
from course_lib.network import Activation


def _tanh_slope(net: Array, y: Array) -> Array:
    return slopes.tanh(net)


def _tanh_at_output(net: Array, y: Array) -> Array:
    return slopes.tanh(y)


# What a step of the sigmoid network is called in one of tanh.
_OF_TANH = {slope: _tanh_slope, at_output: _tanh_at_output}


@dataclass(frozen=True)
class Patient:
    """A broken function: which mistakes are in it, and in which network.

    `mistakes` has for each id which recipe of it, the first way to make it or a later one; `layers` is the number of
    weight matrices.
    """

    mistakes: Mapping[str, int]
    layers: int = 2
    activation: Activation = activations.sigmoid

    @property
    def names(self) -> frozenset[str]:
        """The ids of its mistakes."""
        return frozenset(self.mistakes)

    @property
    def right(self) -> Recipe:
        """The right gradient of its network."""
        return self.here(SIGMOID)

    def recipe(self, without: str = "") -> Recipe:
        """Return what it computes, or would with the mistake `without` mended."""
        kept = [RECIPES[m][which] for m, which in self.mistakes.items() if m != without]
        return self.here(combined(kept))

    def here(self, recipe: Recipe) -> Recipe:
        """Return the same steps in its network."""
        return recipe if self.activation is activations.sigmoid else _of_tanh(recipe)


@lru_cache(maxsize=1024)
def _of_tanh(recipe: Recipe) -> Recipe:
    steps = {each.name: getattr(recipe, each.name) for each in fields(recipe)}
    changed = {name: _OF_TANH[step] for name, step in steps.items() if step in _OF_TANH}
    return replace(recipe, activation=activations.tanh, **changed)


PATIENTS: dict[str, Patient] = {
    "clinic_1": Patient({"no_output_slope": 0}),
    "clinic_2": Patient({"last_sample_only": 0}),
    "clinic_3": Patient({"mean_over_outputs": 0}, activation=activations.tanh),
    "clinic_4": Patient({"transposed_weight": 0}),
    "clinic_5": Patient({"sum_over_samples": 0, "one_output_only": 1}),
    "clinic_6": Patient({"averaged_over_outputs": 0, "slope_of_output_h": 0}, layers=3),
    "clinic_7": Patient({"wrong_sign": 0, "gradient_for_weight": 0}),
    "clinic_8": Patient({"absolute_error": 0, "no_output_slope_in_hidden": 0}),
}


def ways(names: Iterable[str]) -> list[tuple[frozenset[str], Recipe]]:
    """Return every recipe that one or two of `names` can make, with the names."""
    single = [(name, recipe) for name in names for recipe in RECIPES.get(name, ())]
    found = []
    for chosen in [*((each,) for each in single), *combinations(single, 2)]:
        ids = frozenset(name for name, _ in chosen)
        recipe = combined(recipe for _, recipe in chosen) if len(ids) == len(chosen) else None
        if recipe:
            found.append((ids, recipe))
    return found
