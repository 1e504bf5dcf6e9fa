"""Mistakes in training: which gradient the steps take, how long they are and how many, and which losses are kept."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from course_lib.inputs import Array
from course_lib.mistakes.base import Mistake, WrongAnswers
from course_lib.mistakes.recipes import RIGHT, Recipe
from course_lib.mistakes.training_runs import (
    Run,
    accumulated,
    at_rates,
    changed,
    from_start,
    frozen,
    in_turn,
    layer_by_layer,
    longer,
    moving,
    one_after_the_other,
    one_layer,
    per_sample,
    right_run,
    trained_with,
)

MISTAKES = (
    Mistake(
        "rate_ignored",
        "the given learning rate is ignored; every step is taken with a rate of its own",
        "the step. The rate is an argument, and it differs from run to run.",
        "Δw = −learning rate · ∂E/∂w",
    ),
    Mistake(
        "step_per_sample",
        "a step is taken after every sample, where one step for all of them is asked for",
        "when the weights change. Which weights should the gradient of the second sample belong to?",
        "E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
    ),
    Mistake(
        "first_loss_missing",
        "the loss before the first step is missing",
        "how many losses there are: one before the first step and one after each.",
    ),
    Mistake(
        "last_loss_missing",
        "the loss after the last step is missing",
        "how many losses there are: one before the first step and one after each. Count them for a single step.",
    ),
    Mistake(
        "steps_times_n",
        "every step is N times too long, as if the samples were summed instead of averaged",
        "the gradient that is used. Where is the 1/N of E in it?",
        "E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
    ),
    Mistake(
        "step_missing",
        "one step too few is taken",
        "how often the loop runs. `range(1, steps)` has one number less than `range(steps)`.",
    ),
    Mistake(
        "step_too_many",
        "one step too many is taken",
        "how often the loop runs, and whether each pass takes a step: there is one loss more than there are steps.",
    ),
    Mistake(
        "loss_before_step",
        "the loss is measured before each step instead of after it",
        "the order in the loop: first the step, then the loss of the new weights.",
    ),
    Mistake(
        "old_weights_returned",
        "the weights that are returned are those from before the first step",
        "the name after `return`. Which variable holds the weights that the loop has changed?",
    ),
    Mistake(
        "gradients_accumulated",
        "the gradients of earlier steps are added to those of the present one",
        "where the array that collects the gradients is set to zero: once, or before every step?",
        "Δw = −learning rate · ∂E/∂w",
    ),
)
# What becomes of a step, and of a loss, by another E.
OF_STEPS: Mapping[str, Callable[[int, int], float]] = {
    "steps_times_n": lambda N, K: float(N),
    "no_factor_two": lambda N, K: 0.5,
    "averaged_over_outputs": lambda N, K: 1.0 / K,
}
OF_LOSSES: Mapping[str, Callable[[int, int], float]] = {
    "summed_over_samples": OF_STEPS["steps_times_n"],
    "half_kept": OF_STEPS["no_factor_two"],
    "mean_over_all": OF_STEPS["averaged_over_outputs"],
}
LOST = {"first_loss_missing": slice(1, None), "last_loss_missing": slice(None, -1)}


def _kept(change: Callable[[Array, int, int], Array]) -> Callable[..., list[Any]]:
    """Train as asked, and let `change` spoil the losses, given N and K."""
    return changed(lambda run, case: Run(run.weights, change(run.losses, *case[2].shape)))


def _always_right(rate: float) -> Recipe:
    return RIGHT


TRAINING: WrongAnswers = {
    "steepest_ascent": in_turn(trained_with(RIGHT, lambda N, K: -1.0)),
    "gradient_at_start": frozen,
    "step_from_start": from_start,
    "gradients_accumulated": accumulated,
    "rate_ignored": at_rates,
    "one_layer_moved": one_layer,
    "averaged_twice": in_turn(trained_with(RIGHT, lambda N, K: 1.0 / N)),
    "two_n_twice": in_turn(trained_with(RIGHT, lambda N, K: 2.0 / N)),
    **{name: in_turn(trained_with(RIGHT, factor)) for name, factor in OF_STEPS.items()},
    "updated_weight": in_turn(layer_by_layer(), *map(one_after_the_other, (0, 1))),
    "step_per_sample": in_turn(
        *(per_sample(_always_right, factor) for factor in (lambda N: 1.0, lambda N: 1.0 / N))
    ),
    "step_missing": lambda *case: [right_run(*case[:-1], case[-1] - 1)],
    "step_too_many": longer,
    "stopped_early": lambda *case: [right_run(*case[:-1], 1)],
    "old_weights_returned": changed(lambda run, case: Run(list(case[0]), run.losses)),
    "loss_before_step": _kept(lambda losses, N, K: np.append(losses[:1], losses[:-1])),
    **{name: _kept(lambda losses, N, K, rows=rows: losses[rows]) for name, rows in LOST.items()},
    **{
        name: _kept(lambda losses, N, K, factor=factor: losses * factor(N, K))
        for name, factor in OF_LOSSES.items()
    },
    "root_taken": _kept(lambda losses, N, K: np.sqrt(losses)),
}
# A slip in the gradient inside shows in every step. Left out: what has a name of its own in training, and what ends in
# an error of shapes.
_OWN_NAMES = frozenset({*TRAINING, "wrong_sign", "sum_over_samples", "rate_inside", "swapped_indices"})
_OTHER_SHAPES = frozenset(
    {"transposed_gradient", "swapped_layers", "delta_for_gradient", "input_for_hidden", "hidden_for_input"}
)


def training_with(ids: Iterable[str], recipes: Mapping[str, Sequence[Callable]]) -> WrongAnswers:
    """Return what becomes of training with the gradient that each of `ids` gives."""

    def answers_of(ways: Sequence[Callable]) -> Callable[..., list[Run]]:
        return lambda *case: [run for way in ways for run in _possible(trained_with(way), case)]

    return TRAINING | {i: answers_of(recipes[i]) for i in ids if i not in _OWN_NAMES | _OTHER_SHAPES}


def _possible(answer: Callable[..., Run], case: tuple) -> list[Run]:
    try:
        return [answer(*case)]
    except ValueError:  # the gradient has other shapes than the weights
        return []


# Tried together with another slip: what people forget in a slope, and the lengths of step that another E leads to.
SLIPS = ("no_output_slope", "no_output_slope_in_hidden", "no_hidden_slope", "slope_of_output_o")
LENGTHS = (("no_factor_two",), ("steps_times_n",), ("steps_times_n", "no_factor_two"))
WITH_OUTPUTS = (("averaged_over_outputs",), ("no_factor_two", "averaged_over_outputs"))
Pair = tuple[tuple[str, ...], Callable[..., Any]]


def training_together(recipes: Mapping[str, Sequence[Recipe]]) -> Callable[[], Iterator[Pair]]:
    """Return what two slips in training lead to, or one by another E."""
    slips = {name: recipes[name][0] for name in SLIPS}

    def pairs() -> Iterator[Pair]:
        for steps in (*LENGTHS, *WITH_OUTPUTS):
            yield from _by_another_error(steps)
        for steps in LENGTHS:
            yield ("updated_weight", *steps), layer_by_layer(RIGHT, _length(steps))
            for name, recipe in slips.items():
                yield (name, *steps), trained_with(recipe, _length(steps))
        for name in SLIPS[:2]:  # what is seen on the output side, before that matrix is moved
            yield from _of_moves(name, slips[name])
        yield ("step_per_sample", "no_factor_two"), per_sample(_always_right, lambda N: 0.5)
        yield ("step_per_sample", "updated_weight"), per_sample(moving(), lambda N: 1.0)
        yield ("step_per_sample", "updated_weight", "no_factor_two"), per_sample(moving(), lambda N: 0.5)

    return pairs


def _length(names: Iterable[str], of: Mapping[str, Callable] = OF_STEPS) -> Callable[[int, int], float]:
    return lambda N, K: float(np.prod([of[name](N, K) for name in names]))


def _by_another_error(steps: tuple[str, ...]) -> Iterator[Pair]:
    """Return training by another E, with the losses of that E or of the one that is asked for; or with one lost."""
    answer, loss_of = trained_with(RIGHT, _length(steps)), dict(zip(OF_STEPS, OF_LOSSES, strict=True))
    if len(steps) > 1:
        yield steps, answer
    losses = tuple(loss_of[name] for name in steps)
    yield (*steps, *losses), _then(answer, _length(losses, OF_LOSSES))
    for name, rows in LOST.items():
        yield (*steps, name), _then(answer, rows=rows)


def _then(
    answer: Callable[..., Run],
    factor: Callable[[int, int], float] = lambda N, K: 1.0,
    rows: slice = slice(None),
) -> Callable[..., Run]:
    def run_of(weights: Sequence[Array], X: Array, D: Array, rate: float, steps: int) -> Run:
        run = answer(weights, X, D, rate, steps)
        return Run(run.weights, factor(*D.shape) * run.losses[rows])

    return run_of


def _of_moves(name: str, recipe: Recipe) -> Iterator[Pair]:
    """Return what a slip in the gradient leads to where the weights are moved too early, or after every sample."""
    half = LENGTHS[-1]
    yield ("updated_weight", name), layer_by_layer(recipe)
    yield ("updated_weight", name, *half), layer_by_layer(recipe, _length(half))
    yield ("step_per_sample", name, "no_factor_two"), per_sample(lambda rate: recipe, lambda N: 0.5)
