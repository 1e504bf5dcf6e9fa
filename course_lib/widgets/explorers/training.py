"""A network that learns to tell the penguins apart, step by step: numbers only."""

import numpy as np

from course_lib.descent import train
from course_lib.inputs import Array, as_count, as_number
from course_lib.network import forward, loss, random_network
from course_lib.penguins import load_penguins
from course_lib.widgets.formatting import format_number, format_steps, from_to

SIZES, LAST = (3, 4, 2), 500
# Learnt: E below the goal. Stuck: in the last hundred steps E fell by less than this share of itself.
GOAL, HARDLY, WINDOW = 0.05, 0.005, 100


class Training:
    """The 3-4-2 network of lesson 04 on the penguins, for `last` steps from the weights of `seed`.

    The learning rate may be changed while it runs; the next step uses it.
    """

    def __init__(self, learning_rate: float, seed: int, last: int = LAST) -> None:
        self.learning_rate = as_number("learning_rate", learning_rate, positive=True)
        self.seed, self.last = as_count("seed", seed), as_count("last", last, least=1)
        self.X, self.D = load_penguins()
        self.weights, _, _ = random_network(np.random.default_rng(self.seed), SIZES, 1)
        self.losses = np.array([loss(self.weights, self.X, self.D)])
        self._rates: list[float] = []

    @property
    def step(self) -> int:
        """Steps taken."""
        return len(self.losses) - 1

    @property
    def settings(self) -> str:
        """The rates so far and the start, in words."""
        return f"rate {self._rates_in_words()}, start {self.seed}"

    def _rates_in_words(self) -> str:
        return ", then ".join(f"{rate:g}" for rate in self._rates or [self.learning_rate])

    @property
    def over(self) -> bool:
        """Whether the steps are used up."""
        return self.step >= self.last

    def advance(self, steps: int = 1) -> None:
        """Take up to `steps` steps."""
        steps = min(steps, self.last - self.step)
        if steps > 0:
            self.weights, losses = train(self.weights, self.X, self.D, self.learning_rate, steps)
            self.losses = np.append(self.losses, losses[1:])
            if self.learning_rate not in self._rates[-1:]:
                self._rates.append(self.learning_rate)

    @property
    def outputs(self) -> Array:
        """The outputs for every bird, (342, 2)."""
        return forward(self.weights, self.X).y[-1]

    @property
    def recognised(self) -> int:
        """How many birds have both outputs on the right side of 1/2."""
        return int(((self.outputs > 0.5) == (self.D == 1)).all(axis=1).sum())

    def outcome(self) -> str:
        """Return "learns", "stuck" or "on its way"."""
        if self.losses[-1] < GOAL:
            return "learns"
        before = self.losses[max(0, self.step - WINDOW)]
        return "stuck" if before - self.losses[-1] < HARDLY * before else "on its way"

    def sentence(self) -> str:
        """Say what E did, and how many birds that is worth."""
        E, o = self.losses, self.outputs
        start = f"At rate {self._rates_in_words()} E went {from_to(E)} in {format_steps(self.step)}"
        ending = {"learns": "it learnt", "on its way": "it was still falling"}
        slope = format_number(float(np.median(o * (1 - o))), 2)
        stuck = f"it was stuck, with a typical slope S′ of the outputs of {slope}"
        birds = f"{self.recognised} of {len(self.X)} penguins are recognised"
        return f"{start}: {ending.get(self.outcome(), stuck)}. {birds}."

    def progress(self) -> str:
        """Say how far it has come."""
        E, birds = format_number(self.losses[-1]), f"{self.recognised} of {len(self.X)} recognised"
        return f"Step {self.step} of {self.last}: E = {E}, {birds}."
