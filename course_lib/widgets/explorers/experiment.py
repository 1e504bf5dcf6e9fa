"""A prediction and the run it is about: what may be done when, and whether the prediction came true. No widgets."""

from collections.abc import Mapping
from typing import Protocol


class Run(Protocol):
    """Something that advances in steps and comes to an end."""

    step: int

    @property
    def settings(self) -> str:
        """What was chosen, in words."""

    @property
    def over(self) -> bool:
        """Whether there is nothing more to see."""

    def advance(self, steps: int = 1) -> None:
        """Take up to `steps` steps, stopping at the end."""

    def outcome(self) -> str:
        """Return the id of what happened, one of those that can be predicted."""

    def sentence(self) -> str:
        """Say in numbers what happened."""

    def progress(self) -> str:
        """Say in numbers how far it has come."""


class Experiment:
    """One run, and what was predicted of it; `predictions` is outcome -> the words in which it is offered."""

    def __init__(self, run: Run, predictions: Mapping[str, str], prediction: str | None = None) -> None:
        self.run = run
        self.predictions = predictions
        self.prediction: str | None = None
        self.predict(prediction)

    @property
    def started(self) -> bool:
        """Whether there is something to see that a prediction could peek at."""
        return self.run.step > 0

    @property
    def ready(self) -> bool:
        """Whether the run may advance: a prediction comes first."""
        return self.prediction is not None and not self.run.over

    @property
    def finished(self) -> bool:
        """Whether the run is over and was predicted."""
        return self.prediction is not None and self.run.over

    def predict(self, outcome: str | None) -> None:
        """Make a prediction, or withdraw it; neither is possible once the run has started."""
        if outcome is not None and outcome not in self.predictions:
            raise ValueError(f"outcome: expected one of {', '.join(self.predictions)}; got {outcome!r}")
        if self.started and outcome != self.prediction:
            raise ValueError("outcome: the run has already started; predict before it does")
        self.prediction = outcome

    def advance(self, steps: int) -> None:
        """Advance the run if it may."""
        if self.ready:
            self.run.advance(steps)

    def verdict(self) -> str:
        """Say what happened, and whether it was predicted."""
        if self.run.outcome() == self.prediction:
            return f"{self.run.sentence()} As you predicted."
        return f"{self.run.sentence()} You predicted: “{self.predictions[self.prediction]}”."


def steps_per_frame(step: int) -> int:
    """Return how many steps to take before the next picture: one at first, more as a run gets long."""
    return 1 + step // 20
