"""A run whose weights are too large from the start, and what a limit for the gradient does to it: numbers only."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from course_lib.activations import leaky_relu
from course_lib.backprop import gradients
from course_lib.descent import clip_by_global_norm
from course_lib.inputs import Array, as_count, as_number
from course_lib.network import loss
from course_lib.widgets.exploring.session import counted, spelt

SIZES, SCALE, SAMPLES, SEED, LAST = (6, 8, 8, 8, 8, 2), 3.0, 40, 2, 200
# Beyond any use; and low enough to call it learnt.
BEYOND, GOAL = 1e12, 1.0


class Taming:
    """A network with leaky relu in training, its gradient clipped or not.

    Parameters
    ----------
    max_norm : float
        The limit for the norm of the whole gradient; infinity leaves it as it is.
    learning_rate : float
    last : int
        The number of steps after which it is over.
    """

    def __init__(self, max_norm: float, learning_rate: float = 0.02, last: int = LAST) -> None:
        self.max_norm = as_number("max_norm", max_norm, positive=True)
        self.learning_rate = as_number("learning_rate", learning_rate, positive=True)
        self.last = as_count("last", last, least=1)
        rng = np.random.default_rng(SEED)
        self._data = rng.normal(size=(SAMPLES, SIZES[0])), rng.uniform(size=(SAMPLES, SIZES[-1]))
        self.weights = [SCALE * rng.normal(size=shape) / np.sqrt(shape[0]) for shape in pairwise(SIZES)]
        self.losses, self.norms = np.empty(0), np.empty(0)
        self._measure()

    def _measure(self) -> None:
        """Note E, and the norm of the gradient before anything is done to it."""
        self._gradient = gradients(self.weights, *self._data, leaky_relu)
        self.losses = np.append(self.losses, loss(self.weights, *self._data, leaky_relu))
        with np.errstate(over="ignore", invalid="ignore"):
            norm = np.sqrt(sum((dW**2).sum() for dW in self._gradient))
        self.norms = np.append(self.norms, norm)

    @property
    def step(self) -> int:
        """Steps taken."""
        return len(self.losses) - 1

    @property
    def exploded(self) -> bool:
        """Whether E has passed what a computer should be asked to go on with."""
        return not self.losses[-1] <= BEYOND

    @property
    def over(self) -> bool:
        """Whether it has exploded or used up its steps."""
        return self.exploded or self.step >= self.last

    def advance(self, steps: int = 1) -> None:
        """Take up to `steps` steps."""
        while steps > 0 and not self.over:
            dW = self._gradient
            if np.isfinite(self.max_norm):
                dW = clip_by_global_norm(dW, self.max_norm)
            self.weights = [W - self.learning_rate * g for W, g in zip(self.weights, dW, strict=True)]
            self._measure()
            steps -= 1

    @property
    def passed_on(self) -> Array:
        """The norm of the gradient as it is used, for every step."""
        return np.minimum(self.norms, self.max_norm)

    @property
    def largest(self) -> float:
        """The largest weight there is."""
        return float(max(np.abs(W).max() for W in self.weights))

    def outcome(self) -> str:
        """Return "explodes", "learns" or "slow"."""
        if self.exploded:
            return "explodes"
        return "learns" if self.losses[-1] < GOAL else "slow"

    def sentence(self) -> str:
        """Say what E, the gradient and the weights did."""
        times = int((self.norms[: self.step] > self.max_norm).sum())
        limit, clipped = "Without clipping", ""
        if np.isfinite(self.max_norm):
            limit, clipped = f"With max_norm {self.max_norm:g}", f" and was clipped in {counted(times)}"
        ends = {"explodes": "it exploded", "learns": "it learnt", "slow": "it is still high"}
        return (
            f"{limit} E went from {spelt(self.losses[0])} to {spelt(self.losses[-1])} in {counted(self.step)}: "
            f"{ends[self.outcome()]}. The norm of its gradient reached {spelt(self.norms.max())}{clipped}; "
            f"the largest weight is {spelt(self.largest)}."
        )

    def progress(self) -> str:
        """Say how far it is."""
        E, norm = spelt(self.losses[-1]), spelt(self.norms[-1])
        return f"Step {self.step} of {self.last}: E = {E}, norm of the gradient {norm}."
