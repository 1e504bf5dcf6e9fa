"""Training that starts from weights that are too large, with or without a limit on the gradient: numbers only."""

from itertools import pairwise

import numpy as np

from course_lib.activations import leaky_relu
from course_lib.backprop import gradients
from course_lib.descent import clip_by_global_norm
from course_lib.inputs import Array, as_count, as_number
from course_lib.network import loss
from course_lib.widgets.formatting import format_number, format_steps, from_to

SIZES, SCALE, SAMPLES, SEED, LAST = (6, 8, 8, 8, 8, 2), 3.0, 40, 2, 200
# Hopelessly large; and low enough to call it learnt.
BEYOND, GOAL = 1e12, 1.0


class ClippedTraining:
    """A network with leaky relu in training for `last` steps, the norm of its gradient limited to `max_norm`."""

    def __init__(self, max_norm: float, learning_rate: float = 0.02, last: int = LAST) -> None:
        self.max_norm = as_number("max_norm", max_norm, positive=True)
        self.learning_rate = as_number("learning_rate", learning_rate, positive=True)
        self.last = as_count("last", last, least=1)
        rng = np.random.default_rng(SEED)
        self._data = rng.normal(size=(SAMPLES, SIZES[0])), rng.uniform(size=(SAMPLES, SIZES[-1]))
        self.weights = [SCALE * rng.normal(size=shape) / np.sqrt(shape[0]) for shape in pairwise(SIZES)]
        self.losses, self.norms = np.empty(0), np.empty(0)
        self._record()

    def _record(self) -> None:
        """Record E, and the norm of the gradient before clipping."""
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
    def settings(self) -> str:
        """Limit and rate, in words."""
        return f"{self._limit()}, rate {self.learning_rate:g}"

    def _limit(self) -> str:
        return f"with max_norm {self.max_norm:g}" if np.isfinite(self.max_norm) else "without clipping"

    @property
    def exploded(self) -> bool:
        """Whether E is hopelessly large."""
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
            self._record()
            steps -= 1

    @property
    def clipped_norms(self) -> Array:
        """The norm of the gradient that is used, for every step."""
        return np.minimum(self.norms, self.max_norm)

    @property
    def largest(self) -> float:
        """The largest weight, in absolute value."""
        return float(max(np.abs(W).max() for W in self.weights))

    def outcome(self) -> str:
        """Return "explodes", "learns" or "slow"."""
        if self.exploded:
            return "explodes"
        return "learns" if self.losses[-1] < GOAL else "slow"

    def sentence(self) -> str:
        """Say what E, the gradient and the weights did."""
        times = int((self.norms[: self.step] > self.max_norm).sum())
        clipped = f" and was clipped in {format_steps(times)}" if np.isfinite(self.max_norm) else ""
        ends = {"explodes": "it exploded", "learns": "it learnt", "slow": "it is still high"}
        return (
            f"{self._limit().capitalize()} E went {from_to(self.losses)} in {format_steps(self.step)}: "
            f"{ends[self.outcome()]}. The norm of its gradient reached {format_number(self.norms.max())}{clipped}; "
            f"the largest weight is {format_number(self.largest)}."
        )

    def progress(self) -> str:
        """Say how far it has come."""
        E, norm = format_number(self.losses[-1]), format_number(self.norms[-1])
        return f"Step {self.step} of {self.last}: E = {E}, norm of the gradient {norm}."
